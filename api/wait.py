"""Prefer: wait=N (RFC 7240, section 4.3): for callers who would rather wait a moment than look again."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from typing import Annotated, Any

from litestar import Request as HttpRequest
from litestar.di import NamedDependency as Given
from litestar.params import HeaderParameter
from msgspec import Struct

from api.first_of import first_of
from api.follow import Story
from api.seats import Seats
from core.contracts.request import Request
from core.db.pool import Pool, connected
from core.db.requests import get_request
from core.errors import TooMany, Unavailable

WAIT_MAX_SECONDS = 25
"""Less than the minute after which balancers give up on an answer."""

# Preferences are parted by commas, and what comes after a semicolon only qualifies one; neither counts inside quotes.
_PREFERENCE = re.compile(r'(?:[^,"]|"[^"]*")+')
_WAIT = re.compile(r'\s*wait\s*(?:=\s*("?)(?P<seconds>[0-9]*)\1\s*)?(?:;.*)?', re.IGNORECASE | re.DOTALL)


class Wait(Struct, frozen=True):
    """How long the caller would like to wait for the end of what they ask for, and what that takes."""

    seconds: int
    story: Story
    pool: Pool
    stopping: asyncio.Event
    seats: Seats

    async def until_over(self, request: Request) -> tuple[Request, int]:
        """The request as it is when it is over, the time is up, or the process stops; and how long this was prepared to wait,
        in seconds: 0 for a learner without a free seat. Raises nothing: it is accepted."""
        if not self.seconds:
            return request, 0
        try:
            with self.seats.take(request.owner):
                await first_of(self._follow(request), self._pause(), self._stop())
            async with connected(self.pool) as db:
                return await get_request(db, request.id, request.owner), self.seconds
        except Unavailable:
            return request, self.seconds
        except TooMany:
            return request, 0

    async def _follow(self, request: Request) -> None:
        async with aclosing(self.story.follow(request.id, request.owner, request.last_seq)) as events:
            async for _ in events:
                pass

    async def _pause(self) -> None:
        await asyncio.sleep(self.seconds)

    async def _stop(self) -> None:
        await self.stopping.wait()


def read_wait(
    request: HttpRequest[Any, Any, Any],
    story: Given[Story],
    pool: Given[Pool],
    stopping: Given[asyncio.Event],
    stream_seats: Given[Seats],
    # For the reference: it may come in several lines, which only the request still has.
    prefer: Annotated[
        str | None,
        HeaderParameter(
            name="Prefer",
            description=f"`wait=N`: answer 200 when it is over within N seconds (at most {WAIT_MAX_SECONDS}), else 202.",
        ),
    ] = None,
) -> Wait:
    return Wait(wait_seconds(request.headers.getall("prefer", [])), story, pool, stopping, stream_seats)


def wait_seconds(lines: Sequence[str]) -> int:
    """Of all Prefer headers together, which are one list (RFC 7240, section 2). The first wait counts; what is not understood is
    not minded."""
    waits = filter(None, map(_WAIT.fullmatch, _PREFERENCE.findall(",".join(lines))))
    first = next(waits, None)
    # By way of a float: that of five thousand digits is infinite, while the whole number would be refused.
    return int(min(float(first["seconds"] or 0), WAIT_MAX_SECONDS)) if first else 0
