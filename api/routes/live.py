"""The live socket: many requests on one connection, and the tickets by which browsers come in."""

import asyncio
import contextlib
import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import WebSocket, post, websocket
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from api.access import Access, read_bearer
from api.conversation import SESSION_OVER, STOPPING, Close, Conversation
from api.first_of import first_of, wait_until
from api.follow import Story
from api.provide import Given, Learner
from api.seats import Seats
from api.send_problem import deny
from core.contracts.ids import UserId
from core.db.pool import Pool, connected
from core.db.tickets import insert_ticket, take_ticket
from core.errors import Forbidden, KotonohaError, NotAllowed
from core.settings import Settings

PROTOCOL = "kotonoha.live"
TICKET = "ticket."

DESCRIPTION = """
A one-time pass to `WS /live` for browsers, which cannot send an Authorization header there: hand `protocols` to
`new WebSocket(url, protocols)` within 30 seconds. It travels as Sec-WebSocket-Protocol because addresses end up in logs.
Others send their access token as for any route. A browser must come from an allowed origin.

The client sends text frames of at most 16 KiB: `{"type":"subscribe","requests":[{"id":"…","after":0}]}`,
`{"type":"unsubscribe","requests":[{"id":"…"}]}`, `{"type":"ping"}`. The server sends the same events as
`GET /api/requests/{request_id}/events`, and `{"type":"pong"}`, `{"type":"ended","request_id":"…"}` once a request is over and
all of it was told, `{"type":"error","problem":{…},"request_id":"…"}`: with `request_id` that request is not followed, without
it a frame was not understood. Subscribing again to a request starts it again after the given seq.

A learner has at most 5 sockets, a socket at most 100 subscriptions. Close codes: 4400 after three frames that were not
understood, 4401 when the session has ended, 4408 when nothing was read for too long, 1012 when the server restarts; come back
with the last seqs. A handshake that is refused is answered with a problem document.
"""


class Ticket(Struct, frozen=True):
    """Good once, until `expires_at`. `protocols` is what a browser's WebSocket wants as its second argument."""

    ticket: str
    protocols: tuple[str, str]
    expires_at: datetime


class Visitor(Struct, frozen=True):
    """Who is at the socket, and until when."""

    owner: UserId
    session_ends_at: datetime


@post(
    "/api/live/tickets",
    operation_id="issueLiveTicket",
    summary="Get a ticket to the live socket",
    description=DESCRIPTION.strip(),
    tags=["live"],
)
async def issue_ticket(learner: Given[Learner], pool: Given[Pool], settings: Given[Settings]) -> Ticket:
    ticket = secrets.token_urlsafe(32)
    lasts = timedelta(seconds=settings.ticket_seconds)
    async with connected(pool) as db:
        expires_at = await insert_ticket(db, _hash(ticket), learner.user_id, lasts, learner.expires_at)
    return Ticket(ticket, (PROTOCOL, TICKET + ticket), expires_at)


@websocket("/live")
async def live(
    socket: WebSocket[Any, Any, Any],
    access: Given[Access],
    pool: Given[Pool],
    seats: Given[Seats],
    settings: Given[Settings],
    stopping: Given[asyncio.Event],
    story: Given[Story],
) -> None:
    with contextlib.ExitStack() as stack:
        try:
            _check_origin(socket, settings.origins)
            visitor = await _admit(socket, access, pool)
            stack.enter_context(seats.take(visitor.owner))
        except KotonohaError as error:
            await deny(socket.scope["path"], socket.receive, socket.send, error)
            return
        await socket.accept(subprotocols=PROTOCOL if PROTOCOL in _offered(socket) else None)
        await talk(socket, Conversation(socket, story, visitor.owner), visitor.session_ends_at, stopping)


live_routes: list[ControllerRouterHandler] = [issue_ticket, live]


async def talk(socket: WebSocket[Any, Any, Any], conversation: Conversation, ends_at: datetime, stopping: asyncio.Event) -> None:
    """Until the client leaves, its session ends, or the process stops: then also a client that takes nothing is left at once."""
    close = await first_of(conversation.run(), _session_over(ends_at), _stop(stopping))
    if close is not None:
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(1):
                await socket.close(close.code, close.reason)


async def _session_over(ends_at: datetime) -> Close:
    await wait_until(ends_at)
    return SESSION_OVER


async def _stop(stopping: asyncio.Event) -> Close:
    await stopping.wait()
    return STOPPING


def _check_origin(socket: WebSocket[Any, Any, Any], allowed: tuple[str, ...]) -> None:
    """Browsers always name the page's origin and let any page open a socket; others name none. Raises Forbidden."""
    origin = socket.headers.get("origin")
    if origin is not None and origin not in allowed:
        raise Forbidden("The origin of this page is not allowed here.")


async def _admit(socket: WebSocket[Any, Any, Any], access: Access, pool: Pool) -> Visitor:
    """Raises NotAllowed, Forbidden, Unavailable."""
    ticket = next((offer.removeprefix(TICKET) for offer in _offered(socket) if offer.startswith(TICKET)), None)
    if ticket is None:
        learner = await access.verify(read_bearer(socket.headers.get("authorization", "")))
        visitor = Visitor(learner.user_id, learner.expires_at)
    else:
        visitor = await _redeem(ticket, pool)
    # The leeway at the door is for clocks that differ; a socket would only be closed again at once.
    if visitor.session_ends_at <= datetime.now(UTC):
        raise NotAllowed("Your session has ended; sign in again.")
    return visitor


async def _redeem(ticket: str, pool: Pool) -> Visitor:
    async with connected(pool) as db:
        taken = await take_ticket(db, _hash(ticket))
    if taken is None:
        raise NotAllowed("This ticket is unknown, used or too old; get another.")
    return Visitor(*taken)


def _offered(socket: WebSocket[Any, Any, Any]) -> list[str]:
    return list(socket.scope["subprotocols"])


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode(errors="replace")).hexdigest()
