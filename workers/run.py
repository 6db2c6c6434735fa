"""A job under way in this process, and the three reasons to stop it that are nobody's failure."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Literal, TypeVar

from core.contracts.job import ClaimedJob

Halt = Literal["lost", "canceled", "drained"]

PARTING_SECONDS = 1.0
"""How long what is paid for may go on being stored after `stop`: less than a worker that leaves waits for its jobs."""

T = TypeVar("T")


class Halted(Exception):
    """The run is over for a reason that is nobody's failure. Unless its tool was `called`, nobody takes money for it."""

    def __init__(self, why: Halt, *, called: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.called = called


class Run:
    """A job under way in this process."""

    def __init__(self, job: ClaimedJob) -> None:
        self.job = job
        self._calling: asyncio.Task[Any] | None = None
        self._has_called = False
        self._halt: Halt | None = None
        self._storing: asyncio.Timeout | None = None

    async def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for a tool. Raises Halted when `stop` came before its answer.

        An answer that is here is paid for: it is stored, if that takes no longer than a moment, and written down.
        """
        if self._halt is not None:
            work.close()
            raise Halted(self._halt)
        calling: asyncio.Task[T] = asyncio.create_task(self._begin(work))
        self._calling = calling
        try:
            return await calling
        except asyncio.CancelledError:
            why = self._stopped_for()
            if why is None:
                raise
            # Closed, or what never began would complain that nobody waits for it.
            work.close()
            raise Halted(why, called=self._has_called) from None
        finally:
            self._calling = None

    async def _begin(self, work: Coroutine[Any, Any, T]) -> T:
        """A task that is cancelled before its first step never takes it."""
        self._has_called = True
        return await work

    async def store(self, work: Coroutine[Any, Any, None]) -> None:
        """Wait until it is put away. Raises TimeoutError when it is not, so long after `stop` came: whoever stops us waits for
        the ending, which knows what was paid."""
        async with asyncio.timeout(None) as storing:
            self._storing = storing
            if self._halt is not None:
                _hasten(storing)
            try:
                await work
            finally:
                self._storing = None

    def stop(self, why: Halt) -> None:
        """The first reason counts."""
        is_first, self._halt = self._halt is None, self._halt or why
        if self._calling is not None:
            self._calling.cancel()
        # Each heartbeat stops it again: once more it would have longer, and refuse while it is being left.
        if self._storing is not None and is_first:
            _hasten(self._storing)

    def _stopped_for(self) -> Halt | None:
        """None when the run itself is cancelled, perhaps after its tool was stopped: then nothing more is to be done."""
        task = asyncio.current_task()
        return None if task is not None and task.cancelling() else self._halt


def _hasten(storing: asyncio.Timeout) -> None:
    storing.reschedule(asyncio.get_running_loop().time() + PARTING_SECONDS)
