"""What goes wrong, by a script: which call of which service, and how."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from local.fakes.envelope import is_known
from local.fakes.models import service_model

ServiceName = Literal["bedrock-runtime", "polly"]

FaultKind = Literal[
    "error",  # the service answers `code`
    "slow",  # `seconds` pass before the answer
    "stall",  # after `tokens` nothing more comes, and the connection stays open
    "cut",  # after `tokens` the connection closes; a recording breaks off in its middle, however many they are
    "ends",  # after `tokens` the stream is over, in good order and too early
    "junk",  # a page of HTML from something in between, with status 502
    "stream_error",  # after `tokens` the stream ends with the exception `code`
    "refusal",  # the model says that it would rather not
    "guardrail",  # the guardrail steps in, whatever was said
    "content_filter",  # the filter keeps the answer back
    "truncated",  # the answer ends after `tokens`, as when the model has used up its own
    "wrong_type",  # a number stands where text was asked for
    "wrong_morae",  # the lines of the poem do not count 5-7-5
    "wrong_reading",  # the lines have readings no dictionary has, of the right length
    "wrong_season",  # the season word stands in no line
    "wrong_language",  # the lines of the poem are English
    "unwelcome",  # the second line of the poem is what the guardrail stops
    "wrong_png",  # the picture is none
    "empty_audio",  # the recording has no bytes
    "uncounted",  # the head of the recording does not tell how many characters it took
]


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """From the `nth` matching call on, counted from when it was asked for, `times` in a row; 0 means for ever."""

    service: ServiceName
    kind: FaultKind
    operation: str | None = None
    nth: int = 1
    times: int = 1
    code: str | None = None
    retry_after_seconds: int | None = None
    tokens: int = 0
    seconds: float = 0.0


class Script:
    """Faults to come. Where two match one call, the one asked for first happens."""

    def __init__(self) -> None:
        self._faults: list[tuple[Fault, list[int]]] = []

    def add(self, faults: Sequence[Fault]) -> None:
        """All or none. Raises ValueError for one that could never happen."""
        for fault in faults:
            _check(fault)
        self._faults += [(fault, []) for fault in faults]

    def clear(self) -> None:
        self._faults.clear()

    def next(self, service: str, operation: str) -> Fault | None:
        """What happens to this call; it counts."""
        due = [fault for fault, seen in self._faults if _matches(fault, service, operation) and _is_due(fault, seen)]
        return due[0] if due else None


def _matches(fault: Fault, service: str, operation: str) -> bool:
    return fault.service == service and fault.operation in (None, operation)


def _is_due(fault: Fault, seen: list[int]) -> bool:
    seen.append(1)
    since = len(seen) - fault.nth
    return since >= 0 and (fault.times == 0 or since < fault.times)


def _check(fault: Fault) -> None:
    model = service_model(fault.service)
    if fault.operation is not None and fault.operation not in model.operation_names:
        raise ValueError(f"{fault.service} has no operation {fault.operation}.")
    if fault.kind in ("error", "stream_error") and not (fault.code and is_known(model, fault.code)):
        raise ValueError(f"{fault.service} has no error {fault.code}.")
