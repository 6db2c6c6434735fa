"""Call a tool: what it costs is told in numbers, and the call itself as a span, unless the tool makes several and tells each."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar, cast

from core.contracts.job import Answer, Paid
from core.errors import JobFailed
from telemetry.metrics import Call, money_spent
from telemetry.trace import note_on_span
from workers.telling import CHAT, PAINT, SPEAK, Operation, tell_usage, telling
from workers.tools import TellsEachCall, Tool, Tools

PROVIDERS = {"bedrock": "aws.bedrock", "polly": "aws.polly", "local": "kotonoha.local"}
"""What OpenTelemetry calls whom our rows name shortly; others go by their own name."""

OPERATIONS = {"poet": CHAT, "painter": PAINT, "voice": SPEAK}
"""By the name a tool has among the tools of its queue."""

T = TypeVar("T", bound=Tools)
Method = Callable[..., Awaitable[Answer[Any]]]


def told(tools: T) -> T:
    """The same tools; every call of a model is told. The inspector of uploads asks none."""
    given: dict[str, Any] = {name: getattr(tools, name) for name in tools.__struct_fields__}
    given |= {name: ToldTool(tool, OPERATIONS[name]) for name, tool in given.items() if name in OPERATIONS}
    return type(tools)(**given)


class ToldTool:
    """Stands before a tool. Every method of a tool is one ask, and one call unless the tool says otherwise."""

    def __init__(self, tool: Tool, operation: Operation) -> None:
        self._tool = tool
        self._output = operation.output
        self._call = Call(operation.name, PROVIDERS.get(tool.provider, tool.provider), tool.model)

    def __getattr__(self, name: str) -> Method:
        method = cast("Method", getattr(self._tool, name))
        return partial(self._priced, method if isinstance(self._tool, TellsEachCall) else partial(self._as_one, method))

    async def _priced(self, method: Method, *given: Any, **named: Any) -> Answer[Any]:
        try:
            answer = await method(*given, **named)
        except JobFailed as error:
            if error.paid is not None:
                self._tell_cost(error.paid)
            raise
        self._tell_cost(answer.paid)
        return answer

    async def _as_one(self, method: Method, *given: Any, **named: Any) -> Answer[Any]:
        with telling(self._call, self._output):
            answer = await method(*given, **named)
            tell_usage(self._call, answer.paid.usage)
            return answer

    def _tell_cost(self, paid: Paid) -> None:
        """On the span of the job: one price is for all calls of an ask."""
        if paid.cost_microusd is not None:
            note_on_span({"cost_microusd": paid.cost_microusd})
            money_spent(self._call, paid.cost_microusd)
