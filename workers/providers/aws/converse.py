"""One question to a language model on Bedrock: asked in turns, answered by a tool's schema, checked, repaired once."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import msgspec
from msgspec import Struct

from core.contracts.budget import Expected
from core.contracts.job import Paid
from core.errors import GiveUp, Unfinished
from telemetry.logs import get_log
from workers.providers.aws.answered_by import answered_by
from workers.providers.aws.bill import Bill
from workers.providers.aws.failures import declined
from workers.providers.aws.flaws import Flaw, Unusable
from workers.providers.aws.gate import Gate, Turn, insist
from workers.providers.aws.plain_schema import plain_schema
from workers.providers.aws.prices import read_prices
from workers.providers.aws.read_along import ReadAlong, SoFar
from workers.providers.aws.reply import Heard, Json, Reply, begun, complete, guardrail_units, listen, tool_use, usage_of
from workers.tools import OnText

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient

log = get_log("worker")

TOOL = "answer"
MOST_TOKENS = 1500
"""Of one answer; a poem with its reply takes about 400."""
CHARACTERS_A_TOKEN = 2
"""A cautious guess for a mix of Japanese, English and JSON, for pace and reserve alone: what was taken is told afterwards."""
UNIT_CHARACTERS = 1000
"""Of a guardrail's text unit: aws.amazon.com/bedrock/pricing, under guardrails."""
CHECKS = 4
"""How often the guardrail reads the words of a streamed answer, each time for a unit: after each line, and then all of them."""

T = TypeVar("T", bound=Struct)
R = TypeVar("R")


class Question(Struct, Generic[T, R], frozen=True):
    """`check` turns an answer of this form into what was wanted, or raises Unusable. `say` picks the words people will read,
    `so_far` those they may read while the answer is written."""

    prompt: str
    turns: Sequence[Json]
    form: type[T]
    check: Callable[[T], R]
    say: Callable[[R], str]
    so_far: SoFar = lambda _: ""


class Outcome(Struct, Generic[R], frozen=True):
    value: R
    paid: Paid


class TextModel:
    """A model with its guardrail. Raises JobFailed alone; what a learner wrote stands in user turns and nowhere else."""

    provider = "bedrock"

    def __init__(
        self, client: "BedrockRuntimeClient", model: str, guardrail: tuple[str, str], gate: Gate, guardrail_gate: Gate
    ) -> None:
        """The guardrail has quotas of its own, and so a gate of its own: being throttled there slows no model down."""
        self.model = model
        self.maker = answered_by(model, client.meta.endpoint_url)
        self._client = client
        self._guardrail = {"guardrailIdentifier": guardrail[0], "guardrailVersion": guardrail[1]}
        self._gate = gate
        self._guardrail_gate = guardrail_gate

    def expected(self, question: Question[T, R]) -> Expected:
        """One answer as long as it may be, which pays for two of the usual length: a repair is rare."""
        request = self._request(question)
        usage = {
            "input_tokens": _input_tokens(request),
            "output_tokens": MOST_TOKENS,
            "content_policy_units": _units(len(_encoded(request))) + CHECKS,
        }
        return read_prices().priced(self.model, usage)

    async def ask(self, question: Question[T, R], on_text: OnText | None = None) -> Outcome[R]:
        """Streams to `on_text` when there is one, no word before the guardrail has read it; a repaired answer is not streamed
        again."""
        request, bill = self._request(question), Bill(self.provider, self.model)
        # Its leave comes first: an answer that nobody may check now would be paid for and thrown away.
        async with self._guardrail_gate.turn(requests=CHECKS if on_text else 1) as turn:
            with bill.kept():
                guard = partial(self._guard, turn, bill)
                along = ReadAlong(question.so_far, guard, on_text).hear if on_text else None
                first = await (self._stream(request, bill, along) if along else self._whole(request, bill))
                value = await self._repaired(request, question, first, bill)
                await insist(partial(guard, question.say(value)))
        return Outcome(value, bill.paid())

    async def _repaired(self, request: Json, question: Question[T, R], first: Reply, bill: Bill) -> R:
        try:
            return _read(first, question)
        except Unusable as flaw:
            log.warning("answer repaired", model=self.model, why=flaw.reasons)
            second = await insist(partial(self._whole, _with_repair(request, first, flaw.to_model), bill))
        try:
            return _read(second, question)
        except Unusable as flaw:
            message = f"The {self._gate.part}'s answer was not usable, nor after it was corrected: {flaw.reasons}."
            raise GiveUp(message, is_free=True) from flaw

    def _request(self, question: Question[T, R]) -> Json:
        tool = {"name": TOOL, "description": "The answer.", "inputSchema": {"json": plain_schema(question.form)}}
        return {
            "modelId": self.model,
            "system": [{"text": question.prompt}],
            "messages": list(question.turns),
            "toolConfig": {"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": TOOL}}},
            "inferenceConfig": {"maxTokens": MOST_TOKENS, "temperature": 0.8},
            # Its trace alone tells what the guardrail takes.
            "guardrailConfig": {**self._guardrail, "trace": "enabled"},
        }

    async def _whole(self, request: Json, bill: Bill) -> Reply:
        async with self._gate.passing(_expected_tokens(request)) as turn:
            told = await self._client.converse(**request)
            self._gate.took(usage_of(told), turn, bill)
        reply = Reply(told["stopReason"], *tool_use(told["output"].get("message", {})))
        return complete(reply, self._gate.part)

    async def _stream(self, request: Json, bill: Bill, heard: Heard) -> Reply:
        # Plain words wait for the guardrail, too. What the model hands to its tool it never reads here: see `_guard`.
        guarded = {**request["guardrailConfig"], "streamProcessingMode": "sync"}
        async with self._gate.passing(_expected_tokens(request)) as turn:
            told = await self._client.converse_stream(**{**request, "guardrailConfig": guarded})
            # Whatever happens: a connection that was left in the middle of an answer cannot be used again.
            with closing(told["stream"]) as events:
                reply, end = await listen(begun(events, turn), heard)
            self._gate.took(usage_of(end), turn, bill)
        return complete(reply, self._gate.part)

    async def _guard(self, turn: Turn, bill: Bill, words: str) -> None:
        """Guardrails of Converse do not read what a model hands to a tool, so the words are shown to it before anybody gets them.

        Source: docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html, the table on tool use.
        """
        try:
            action = await self._judge(turn, bill, words)
        except Unfinished:
            # Whoever reads along goes on without it.
            bill.leave_open()
            raise
        if action == "GUARDRAIL_INTERVENED":
            raise declined(self._gate.part, is_free=True)

    async def _judge(self, turn: Turn, bill: Bill, words: str) -> str:
        async with self._guardrail_gate.calling(turn):
            told = await self._client.apply_guardrail(
                guardrailIdentifier=self._guardrail["guardrailIdentifier"],
                guardrailVersion=self._guardrail["guardrailVersion"],
                source="OUTPUT",
                content=[{"text": {"text": words}}],
            )
            self._guardrail_gate.took(guardrail_units(cast("Mapping[str, int]", told["usage"])), turn, bill)
        return told["action"]


def user(**fields: str) -> Json:
    """A user turn: each text between tags of its name, and nothing in it can close a tag."""
    return {"role": "user", "content": [{"text": "\n".join(f"<{tag}>{_escape(text)}</{tag}>" for tag, text in fields.items())}]}


def assistant(text: str) -> Json:
    return {"role": "assistant", "content": [{"text": text}]}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _encoded(request: Json) -> bytes:
    return msgspec.json.encode([request["system"], request["messages"], request["toolConfig"]])


def _input_tokens(request: Json) -> int:
    return len(_encoded(request)) // CHARACTERS_A_TOKEN


def _expected_tokens(request: Json) -> int:
    return _input_tokens(request) + MOST_TOKENS


def _units(characters: int) -> int:
    return -(-characters // UNIT_CHARACTERS)


def _read(reply: Reply, question: Question[T, R]) -> R:
    """Raises Unusable."""
    try:
        return question.check(msgspec.convert(reply.given, question.form))
    except msgspec.ValidationError as error:
        raise Unusable([Flaw(str(error), "it did not keep to the form asked for")]) from error


def _with_repair(request: Json, reply: Reply, flaw: str) -> Json:
    """The same request with the model's answer and what was wrong with it."""
    given = reply.given if isinstance(reply.given, dict) else {}
    use = {"toolUse": {"toolUseId": reply.use_id, "name": TOOL, "input": given}}
    text = f"This answer cannot be used: {flaw}. Call the tool again with everything corrected."
    result = {"toolResult": {"toolUseId": reply.use_id, "content": [{"text": text}], "status": "error"}}
    repair = [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    return {**request, "messages": [*request["messages"], *repair]}
