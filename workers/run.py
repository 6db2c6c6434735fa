"""A job under way in this process, and the three reasons to stop it that are nobody's failure."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Literal

from core.contracts.job import ClaimedJob
from core.db.end import Ending

Halt = Literal["lost", "canceled", "drained"]


class Halted(Exception):
    """The run is over for a reason that is nobody's failure."""

    def __init__(self, why: Halt) -> None:
        super().__init__(why)
        self.why = why


class Run:
    """A job under way in this process."""

    def __init__(self, job: ClaimedJob) -> None:
        self.job = job
        self._work: asyncio.Task[Ending] | None = None
        self._halt: Halt | None = None

    async def work(self, steps: Coroutine[Any, Any, Ending]) -> Ending:
        """Raises Halted when `stop` was called before the steps were done."""
        self._work = asyncio.create_task(steps)
        if self._halt is not None:
            self._work.cancel()
        try:
            return await self._work
        except asyncio.CancelledError:
            if self._halt is None:
                raise
            raise Halted(self._halt) from None

    def stop(self, why: Halt) -> None:
        """The first reason counts. Steps that are done already stay done."""
        self._halt = self._halt or why
        if self._work is not None:
            self._work.cancel()
