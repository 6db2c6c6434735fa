"""The way out to one model: asks whether to call at all, and says what comes back in words of this house."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from random import uniform
from typing import NamedTuple, TypeVar

from core.errors import JobFailed, TryAgain
from core.pace import Pace
from telemetry.logs import get_log
from telemetry.metrics import Call, call_throttled
from workers.providers.aws.bill import Bill
from workers.providers.aws.circuit import Circuit
from workers.providers.aws.failures import (
    UNSENT,
    VENDOR_ERRORS,
    Failure,
    Part,
    Useless,
    Verdict,
    charged,
    outcome,
    read_failure,
    resting,
)
from workers.telling import Operation, tell_usage, telling

log = get_log("worker")

T = TypeVar("T")

PATIENCE_SECONDS = (0.3, 1.0, 3.0)
"""How long a call waits that a paid answer hangs on, each time it is put off: some seconds of a slot cost less than it."""

LOOK_AT = (
    "the credentials (the task's role, or AWS_*), what they may do, and the names and regions in KOTONOHA_TEXT_MODEL, "
    "KOTONOHA_GUARDRAIL_ID, KOTONOHA_IMAGE_MODEL, KOTONOHA_IMAGE_REGION and KOTONOHA_AWS_REGION"
)

_TELLS_OF_ILLNESS = frozenset[Verdict]({"away", "broken"})


class Callee(NamedTuple):
    """Whom a gate leads to: our name for the part, OpenTelemetry's for the provider, what answers there, and what it is asked to
    do."""

    part: Part
    provider: str
    model: str
    operation: Operation


class Turn:
    """Leave for calls that belong together: how much was taken, and how much of it was used."""

    def __init__(self, tokens: int, requests: int) -> None:
        self._tokens = tokens
        self._requests = requests
        self._made = 0
        self._used = 0
        self._is_open = False
        self.has_begun = False
        """An answer was coming: whatever happens to it now, somebody may take money for it."""
        self.was_heard = False
        """Somebody was there, or should have been: the part is known to be well or ill."""

    def begin(self) -> None:
        self._made += 1
        self._is_open = True
        self.has_begun = False

    def used(self, tokens: int) -> None:
        """As the answer tells."""
        self._used += tokens
        self._is_open = False

    @property
    def is_told(self) -> bool:
        """What the newest call took is known."""
        return not self._is_open

    def came_to_nothing(self) -> None:
        """The call that was begun was never heard, or refused at once."""
        self._made -= 1
        self._is_open = False

    @property
    def beyond(self) -> tuple[int, int]:
        """Tokens and requests that were used beyond what leave was taken for; below 0 when some are left. What an open call uses
        nobody knows, and is taken for all there was."""
        used = max(self._used, self._tokens) if self._is_open else self._used
        return used - self._tokens, self._made - self._requests


class Gate:
    """One a model and process: its pace is shared with other processes, its circuit is its own."""

    def __init__(self, callee: Callee, table: Mapping[str, Verdict], pace: Pace, circuit: Circuit | None = None) -> None:
        self.part: Part = callee.part
        self._call = Call(callee.operation.name, callee.provider, callee.model)
        self._output = callee.operation.output
        self._table = table
        self._pace = pace
        self._circuit = circuit or Circuit()

    @asynccontextmanager
    async def passing(self, tokens: int = 0) -> AsyncIterator[Turn]:
        """A call alone, and leave for it. `tokens` is what it may take; the block tells what it took."""
        async with self.turn(tokens) as turn, self.calling(turn):
            yield turn

    @asynccontextmanager
    async def turn(self, tokens: int = 0, requests: int = 1) -> AsyncIterator[Turn]:
        """Leave for so many calls at once, taken before the first: whoever waits for a turn between them pays for the first ones
        again and again. What is left of it in the end is given back, and so is a look that nobody took. Raises TryAgain."""
        looks = await self._ask(tokens, requests)
        turn = Turn(tokens, requests)
        try:
            yield turn
        except JobFailed:
            await self._pace.give_back(*(-beyond for beyond in turn.beyond))
            raise
        finally:
            if looks and not turn.was_heard:
                self._circuit.look_away()
        await self._pace.settle(*turn.beyond)

    @asynccontextmanager
    async def calling(self, turn: Turn) -> AsyncIterator[None]:
        """One call of a turn. Raises JobFailed for the vendor's errors."""
        turn.begin()
        try:
            with telling(self._call, self._output):
                yield
        except VENDOR_ERRORS as error:
            raise await self._failed(error, turn) from error
        except JobFailed as failed:
            # An answer nobody likes is an answer, and one that was left in the middle is one nobody knows the price of.
            self._worked(turn)
            if turn.has_begun:
                raise charged(failed) from failed
            raise
        turn.used(0)
        self._worked(turn)

    def took(self, usage: Mapping[str, int], turn: Turn, bill: Bill) -> None:
        """What the call under way took, as its answer says: it is paid, whatever becomes of the answer."""
        bill.add(usage)
        turn.used(usage.get("input_tokens", 0) + usage.get("output_tokens", 0))
        tell_usage(self._call, usage)

    async def _ask(self, tokens: int, requests: int) -> bool:
        """Whether it is now the one that looks. Raises TryAgain."""
        if rest := self._circuit.rest():
            raise resting(self.part, rest)
        if wait := await self._pace.take(tokens, requests):
            message = f"The {self.part} is busy with others and takes its turn shortly."
            # All who were told to wait must not come back at once.
            raise TryAgain(message, timedelta(seconds=wait * uniform(1, 1.5)), refund=True)
        # Only now: the one look at a part that was failing is not for a call that must wait all the same.
        if rest := self._circuit.rest():
            await self._pace.give_back(tokens, requests)
            raise resting(self.part, rest)
        return self._circuit.enter()

    def _worked(self, turn: Turn) -> None:
        turn.was_heard = True
        self._circuit.worked()

    async def _failed(self, error: Exception, turn: Turn) -> JobFailed:
        failure = read_failure(error, self._table)
        self._tell(failure, error)
        if failure.verdict in _TELLS_OF_ILLNESS:
            turn.was_heard = True
            self._circuit.failed()
        elif not isinstance(error, UNSENT):
            self._worked(turn)
        if failure.verdict == "throttled":
            call_throttled(self._call.provider, self._call.model)
            await self._pace.slow_down(failure.after_seconds)
        failed = outcome(self.part, failure)
        if turn.is_told:
            return Useless(failed.message)
        if turn.has_begun:
            return charged(failed)
        if failure.verdict == "throttled":
            turn.used(0)
        elif failed.is_free:
            turn.came_to_nothing()
        return failed

    def _tell(self, failure: Failure, error: Exception) -> None:
        told = {"part": self.part, "verdict": failure.verdict, "error": type(error).__name__, "code": _code(error)}
        # Never the vendor's message: it may quote what a learner wrote.
        if failure.verdict == "misconfigured":
            log.error("provider misconfigured", **told, look_at=LOOK_AT)
        elif failure.verdict == "unfit":
            log.error("provider failed", **told)
        else:
            log.warning("provider failed", **told)


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


def _code(error: Exception) -> str | None:
    response = getattr(error, "response", None)
    return response.get("Error", {}).get("Code") if isinstance(response, dict) else None
