"""Call a tool: each call is a span and told in numbers, by the conventions for generative AI, whoever the tool is."""

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

from core.contracts.job import Answer, Paid
from core.errors import JobFailed
from telemetry.metrics import Call, money_spent, tokens_used, tool_called
from telemetry.trace import note_on_span, span
from workers.tools import Tool, Tools

PROVIDERS = {"bedrock": "aws.bedrock", "polly": "aws.polly", "local": "kotonoha.local"}
"""What OpenTelemetry calls whom our rows name shortly; others go by their own name."""

TOKENS = {"input_tokens": "input", "output_tokens": "output"}


class Operation(NamedTuple):
    """`gen_ai.operation.name` and `gen_ai.output.type`."""

    name: str
    output: str


OPERATIONS = {
    "poet": Operation("chat", "json"),
    "painter": Operation("generate_content", "image"),
    "voice": Operation("generate_content", "speech"),
}
"""By the name a tool has among the tools of its queue."""

T = TypeVar("T", bound=Tools)
Method = Callable[..., Awaitable[Answer[Any]]]


def told(tools: T) -> T:
    """The same tools; every call of a model is told. The inspector of uploads asks none."""
    given: dict[str, Any] = {name: getattr(tools, name) for name in tools.__struct_fields__}
    given |= {name: ToldTool(tool, OPERATIONS[name]) for name, tool in given.items() if name in OPERATIONS}
    return type(tools)(**given)


class ToldTool:
    """Stands before a tool. Every method of a tool is one call."""

    def __init__(self, tool: Tool, operation: Operation) -> None:
        self._tool = tool
        self._output = operation.output
        self._call = Call(operation.name, PROVIDERS.get(tool.provider, tool.provider), tool.model)

    def __getattr__(self, name: str) -> Method:
        return partial(self._told, cast("Method", getattr(self._tool, name)))

    async def _told(self, method: Method, *given: Any, **named: Any) -> Answer[Any]:
        call, began = self._call, time.perf_counter()
        with span(f"{call.operation} {call.model}", "client", attributes=self._attributes()):
            try:
                answer = await method(*given, **named)
            except BaseException as error:
                _tell_failure(call, error, time.perf_counter() - began)
                raise
            _tell_answer(call, answer.paid, time.perf_counter() - began)
            return answer

    def _attributes(self) -> dict[str, str]:
        call = self._call
        return {
            "gen_ai.operation.name": call.operation,
            "gen_ai.provider.name": call.provider,
            "gen_ai.request.model": call.model,
            "gen_ai.output.type": self._output,
        }


def _tell_failure(call: Call, error: BaseException, seconds: float) -> None:
    kind = type(error).__qualname__
    # A call that is canceled is nobody's failure, and still no answer.
    note_on_span({"error.type": kind})
    tool_called(call, seconds, kind)
    if isinstance(error, JobFailed) and error.paid is not None:
        _tell_paid(call, error.paid)


def _tell_answer(call: Call, paid: Paid, seconds: float) -> None:
    tool_called(call, seconds)
    note_on_span({"gen_ai.response.model": paid.model})
    _tell_paid(call, paid)


def _tell_paid(call: Call, paid: Paid) -> None:
    for unit, amount in paid.usage.items():
        # Characters and pictures have no convention.
        note_on_span({f"gen_ai.usage.{unit}" if unit in TOKENS else f"usage.{unit}": amount})
        if unit in TOKENS:
            tokens_used(call, TOKENS[unit], amount)
    if paid.cost_microusd is not None:
        note_on_span({"cost_microusd": paid.cost_microusd})
        money_spent(call, paid.cost_microusd)
