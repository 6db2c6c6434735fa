"""The way out to one model: asks whether to call at all, and says what comes back in words of this house."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from random import uniform
from typing import TypeVar

from core.errors import JobFailed, TryAgain, Unfinished
from core.pace import Pace
from telemetry.logs import get_log
from workers.providers.aws.circuit import Circuit
from workers.providers.aws.failures import VENDOR_ERRORS, Failure, Part, Verdict, outcome, read_failure, resting

log = get_log("worker")

T = TypeVar("T")

PATIENCE_SECONDS = (0.3, 1.0, 3.0)
"""How long a call waits that a paid answer hangs on, each time it is put off: some seconds of a slot cost less than it."""

_TELLS_OF_ILLNESS = frozenset[Verdict]({"away", "broken"})


class Gate:
    """One a model and process: its pace is shared with other processes, its circuit is its own."""

    def __init__(self, part: Part, table: Mapping[str, Verdict], pace: Pace, circuit: Circuit | None = None) -> None:
        self.part: Part = part
        self._table = table
        self._pace = pace
        self._circuit = circuit or Circuit()

    @asynccontextmanager
    async def passing(self, tokens: int = 0, requests: int = 1) -> AsyncIterator["Toll"]:
        """A call, and leave for those that must follow it: `requests` counts both. `tokens` is what it may take; the block
        tells what it took. Raises JobFailed for the vendor's errors."""
        await self._ask(tokens, requests)
        toll = Toll(tokens)
        try:
            yield toll
        except VENDOR_ERRORS as error:
            raise await self._failed(error) from error
        except JobFailed:
            # An answer nobody likes is an answer.
            self._circuit.worked()
            raise
        self._circuit.worked()
        await self._pace.settle(toll.taken - tokens)

    @asynccontextmanager
    async def passing_at_once(self) -> AsyncIterator[None]:
        """A call that waits for no turn: it has a quota of its own, or the one before it took leave for both."""
        try:
            yield
        except VENDOR_ERRORS as error:
            raise await self._failed(error) from error

    async def _ask(self, tokens: int, requests: int) -> None:
        if rest := self._circuit.wait():
            raise resting(self.part, rest)
        if wait := await self._pace.take(tokens, requests):
            message = f"The {self.part} is busy with others and takes its turn shortly."
            # All who were told to wait must not come back at once.
            raise TryAgain(message, timedelta(seconds=wait * uniform(1, 1.5)), refund=True)

    async def _failed(self, error: Exception) -> JobFailed:
        failure = read_failure(error, self._table)
        self._tell(failure, error)
        if failure.verdict in _TELLS_OF_ILLNESS:
            self._circuit.failed()
        else:
            self._circuit.worked()
        if failure.verdict == "throttled":
            await self._pace.slow_down(failure.after_seconds)
        return outcome(self.part, failure)

    def _tell(self, failure: Failure, error: Exception) -> None:
        tell = log.error if failure.verdict in ("unfit", "misconfigured") else log.warning
        # Never the vendor's message: it may quote what a learner wrote.
        tell("provider failed", part=self.part, verdict=failure.verdict, error=type(error).__name__, code=_code(error))


@contextmanager
def already_paid() -> Iterator[None]:
    """From here on failing is not free, and costs an attempt whatever the reason: an answer is here, and would be paid for again,
    and again for as long as what follows it is put off."""
    try:
        yield
    except TryAgain as failed:
        raise Unfinished(failed.message, failed.after) from failed


async def insist(call: Callable[[], Awaitable[T]]) -> T:
    """For what follows an answer that is paid: while it is put off at no cost, it is asked for again, and the answer kept.
    Raises what came last, or at once when that asks for more patience than there is."""
    for wait in PATIENCE_SECONDS:
        try:
            return await call()
        except TryAgain as put_off:
            asked = put_off.after.total_seconds() if put_off.after else 0.0
            if not put_off.is_free or asked > PATIENCE_SECONDS[-1]:
                raise
        await asyncio.sleep(max(asked, uniform(wait, 1.5 * wait)))
    return await call()


class Toll:
    """What a call took in the end."""

    def __init__(self, expected: int) -> None:
        self.taken = expected


def _code(error: Exception) -> str | None:
    response = getattr(error, "response", None)
    return response.get("Error", {}).get("Code") if isinstance(response, dict) else None
