"""Prefer: wait=N (RFC 7240, section 4.3): for callers who would rather wait a moment than look again."""

import asyncio
import re
from contextlib import aclosing
from typing import Annotated

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

_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*([0-9]{1,6})\s*(?:$|[,;])", re.IGNORECASE)


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
    story: Given[Story],
    pool: Given[Pool],
    stopping: Given[asyncio.Event],
    stream_seats: Given[Seats],
    prefer: Annotated[
        str | None,
        HeaderParameter(
            name="Prefer",
            description=f"`wait=N`: answer 200 when it is over within N seconds (at most {WAIT_MAX_SECONDS}), else 202.",
        ),
    ] = None,
) -> Wait:
    """What is not understood is not minded, as the RFC asks."""
    found = _WAIT.search(prefer or "")
    return Wait(min(int(found[1]), WAIT_MAX_SECONDS) if found else 0, story, pool, stopping, stream_seats)
