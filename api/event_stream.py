"""Server-sent events (WHATWG HTML, section 9.2) that end when the learner leaves, their session ends or the process stops."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from api.first_of import first_of, wait_until
from core.contracts.events import Event
from core.errors import Refused

PATIENCE = timedelta(seconds=10)
"""A reader that takes nothing for this long is left: it can come back and say where it was."""

HEADERS = {
    "Cache-Control": "no-store",
    # nginx and its kin collect answers before passing them on, unless told not to.
    "X-Accel-Buffering": "no",
}
BEGINNING = b"retry: 1000\n\n"
STILL_HERE = b": still here\n\n"


class EventStream(Response[str]):
    """A response that stays open. `events` must be an async generator nobody else reads; `seat` is held until it closes."""

    def __init__(
        self,
        events: AsyncGenerator[Event | None, None],
        seat: AbstractContextManager[None],
        ends_at: datetime,
        stopping: asyncio.Event,
        patience: timedelta = PATIENCE,
    ) -> None:
        super().__init__("", headers=HEADERS)
        self.patience = patience
        self.events = events
        self.seat = seat
        self.ends_at = ends_at
        self.stopping = stopping

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return _OpenResponse(self)


class _OpenResponse(ASGIResponse):
    _should_set_content_length = False

    def __init__(self, stream: EventStream) -> None:
        super().__init__(headers=stream.headers, media_type="text/event-stream")
        self.stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises TooMany before anything is sent."""
        with self.stream.seat:
            await super().__call__(scope, receive, send)

    async def send_body(self, send: Send, receive: Receive) -> None:
        stream = self.stream
        await first_of(_tell(stream, send), _left(receive), wait_until(stream.ends_at), _stop(stream.stopping))
        with contextlib.suppress(TimeoutError):
            await _send(send, b"", timedelta(seconds=1), more=False)


async def _tell(stream: EventStream, send: Send) -> None:
    # Refused here means the request has just been deleted or pruned: who comes back is told so.
    with contextlib.suppress(TimeoutError, Refused):
        await _send(send, BEGINNING, stream.patience)
        async with contextlib.aclosing(stream.events) as events:
            async for event in events:
                await _send(send, write_event(event), stream.patience)


def write_event(event: Event | None) -> bytes:
    """No `event:` line, so that one `onmessage` hears every type, also those it has never heard of."""
    if event is None:
        return STILL_HERE
    place = b"" if event.seq is None else b"id: %d\n" % event.seq
    return place + b"data: " + msgspec.json.encode(event) + b"\n\n"


async def _send(send: Send, body: bytes, patience: timedelta, *, more: bool = True) -> None:
    async with asyncio.timeout(patience.total_seconds()):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stop(stopping: asyncio.Event) -> None:
    await stopping.wait()
