"""One question to a language model on Bedrock: asked in turns, answered by a tool's schema, checked, repaired once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import jiter
import msgspec
from msgspec import Struct

from core.contracts.job import Paid
from core.errors import GiveUp, Unfinished
from telemetry.logs import get_log
from workers.providers.aws.failures import BrokenOff, Part, declined
from workers.providers.aws.flaws import Flaw, Unusable
from workers.providers.aws.gate import Gate, already_paid, insist
from workers.providers.aws.plain_schema import plain_schema
from workers.providers.aws.prices import read_prices
from workers.providers.aws.read_along import ReadAlong, SoFar
from workers.tools import OnText

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient

log = get_log("worker")

TOOL = "answer"
MOST_TOKENS = 1500
"""Of one answer; a poem with its reply takes about 400."""
CHARACTERS_A_TOKEN = 2
"""A cautious guess for a mix of Japanese, English and JSON, for the pace alone: what was taken is told afterwards."""

T = TypeVar("T", bound=Struct)
R = TypeVar("R")
Json = dict[str, Any]
Heard = Callable[[Json], Awaitable[None]]
"""Receives the answer as far as it is written, again and again; a text that is still being written is left out."""


class Question(Struct, Generic[T, R], frozen=True):
    """`check` turns an answer of this form into what was wanted, or raises Unusable. `say` picks the words people will read,
    `so_far` those they may read while the answer is written."""

    prompt: str
    turns: Sequence[Json]
    form: type[T]
    check: Callable[[T], R]
    say: Callable[[R], str]
    so_far: SoFar = lambda _: ""


class Reply(Struct, frozen=True):
    """A turn of the model's. `given` is the input of its tool, None when it used none."""

    stop: str
    use_id: str
    given: Any
    input_tokens: int
    output_tokens: int


class Outcome(Struct, Generic[R], frozen=True):
    value: R
    paid: Paid


class TextModel:
    """A model with its guardrail. Raises JobFailed alone; what a learner wrote stands in user turns and nowhere else."""

    provider = "bedrock"

    def __init__(self, client: "BedrockRuntimeClient", model: str, guardrail: tuple[str, str], gate: Gate) -> None:
        self.model = model
        self._client = client
        self._guardrail = {"guardrailIdentifier": guardrail[0], "guardrailVersion": guardrail[1]}
        self._gate = gate

    async def ask(self, question: Question[T, R], on_text: OnText | None = None) -> Outcome[R]:
        """Streams to `on_text` when there is one, no word before the guardrail has read it; a repaired answer is not streamed
        again."""
        request = self._request(question)
        first = await (self._stream(request, self._along(question, on_text)) if on_text else self._whole(request))
        with already_paid():
            value, replies = await self._repaired(request, question, first)
            await insist(partial(self._guard, question.say(value)))
        return Outcome(value, self._paid(replies))

    async def _repaired(self, request: Json, question: Question[T, R], first: Reply) -> tuple[R, list[Reply]]:
        try:
            return _read(first, question), [first]
        except Unusable as flaw:
            log.warning("answer repaired", model=self.model, why=flaw.reasons)
            second = await insist(partial(self._whole, _with_repair(request, first, flaw.to_model)))
        try:
            return _read(second, question), [first, second]
        except Unusable as flaw:
            raise GiveUp(f"The {self._gate.part}'s answer was not usable, nor after it was corrected: {flaw.reasons}.") from flaw

    def _along(self, question: Question[T, R], on_text: OnText) -> Heard:
        return ReadAlong(question.so_far, self._guard, on_text).hear

    def _request(self, question: Question[T, R]) -> Json:
        tool = {"name": TOOL, "description": "The answer.", "inputSchema": {"json": plain_schema(question.form)}}
        return {
            "modelId": self.model,
            "system": [{"text": question.prompt}],
            "messages": list(question.turns),
            "toolConfig": {"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": TOOL}}},
            "inferenceConfig": {"maxTokens": MOST_TOKENS, "temperature": 0.8},
            "guardrailConfig": {**self._guardrail, "trace": "disabled"},
        }

    async def _whole(self, request: Json) -> Reply:
        async with self._gate.passing(_expected_tokens(request)) as toll:
            told = await self._client.converse(**request)
            reply = Reply(told["stopReason"], *_tool_use(told["output"].get("message", {})), **_usage(told["usage"]))
            toll.taken = reply.input_tokens + reply.output_tokens
        return _complete(reply, self._gate.part)

    async def _stream(self, request: Json, heard: Heard) -> Reply:
        # Plain words wait for the guardrail, too. What the model hands to its tool it never reads here: see `_guard`.
        guarded = {**request["guardrailConfig"], "streamProcessingMode": "sync"}
        async with self._gate.passing(_expected_tokens(request)) as toll:
            told = await self._client.converse_stream(**{**request, "guardrailConfig": guarded})
            async with _closing(told["stream"]) as events:
                reply = await _listen(events, heard)
            toll.taken = reply.input_tokens + reply.output_tokens
        return _complete(reply, self._gate.part)

    async def _guard(self, words: str) -> None:
        """Guardrails of Converse do not read what a model hands to a tool, so the words are shown to it before anybody gets them.

        Source: docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html, the table on tool use.
        """
        async with self._gate.passing_at_once():
            told = await self._client.apply_guardrail(
                guardrailIdentifier=self._guardrail["guardrailIdentifier"],
                guardrailVersion=self._guardrail["guardrailVersion"],
                source="OUTPUT",
                content=[{"text": {"text": words}}],
            )
        if told["action"] == "GUARDRAIL_INTERVENED":
            raise declined(self._gate.part)

    def _paid(self, replies: Sequence[Reply]) -> Paid:
        usage = {
            "input_tokens": sum(reply.input_tokens for reply in replies),
            "output_tokens": sum(reply.output_tokens for reply in replies),
        }
        return Paid(self.provider, self.model, usage, read_prices().price(self.model, usage))


def user(**fields: str) -> Json:
    """A user turn: each text between tags of its name, and nothing in it can close a tag."""
    return {"role": "user", "content": [{"text": "\n".join(f"<{tag}>{_escape(text)}</{tag}>" for tag, text in fields.items())}]}


def assistant(text: str) -> Json:
    return {"role": "assistant", "content": [{"text": text}]}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _expected_tokens(request: Json) -> int:
    return len(msgspec.json.encode([request["system"], request["messages"]])) // CHARACTERS_A_TOKEN + MOST_TOKENS


def _usage(usage: Any) -> Json:
    return {"input_tokens": usage["inputTokens"], "output_tokens": usage["outputTokens"]}


def _tool_use(message: Any) -> tuple[str, Any]:
    use = next((block["toolUse"] for block in message.get("content", ()) if "toolUse" in block), None)
    return ("", None) if use is None else (use["toolUseId"], use["input"])


@asynccontextmanager
async def _closing(stream: Any) -> AsyncIterator[Any]:
    """Whatever happens: a connection that was left in the middle of an answer cannot be used again."""
    try:
        yield stream
    finally:
        stream.close()


async def _listen(events: Any, heard: Heard) -> Reply:
    """Raises BrokenOff when the stream ends before the answer does."""
    written, use_id, stop, usage = b"", "", "", None
    async for event in events:
        if "contentBlockStart" in event:
            use_id = event["contentBlockStart"]["start"].get("toolUse", {}).get("toolUseId", use_id)
        elif piece := event.get("contentBlockDelta", {}).get("delta", {}).get("toolUse", {}).get("input"):
            written += piece.encode()
            await _tell(written, heard)
        elif "messageStop" in event:
            stop = event["messageStop"]["stopReason"]
        elif "metadata" in event:
            usage = _usage(event["metadata"]["usage"])
    if not stop or usage is None:
        raise BrokenOff("no end")
    return Reply(stop, use_id, _parsed(written) if use_id else None, **usage)


async def _tell(written: bytes, heard: Heard) -> None:
    try:
        so_far = jiter.from_json(written, partial_mode=True)
    except ValueError:
        return
    if isinstance(so_far, dict):
        await heard(so_far)


def _parsed(written: bytes) -> Any:
    """What cannot be parsed stays text, which no form accepts."""
    try:
        return msgspec.json.decode(written)
    except msgspec.DecodeError:
        return written.decode(errors="replace")


def _complete(reply: Reply, part: Part) -> Reply:
    """Raises JobFailed unless the model came to its end and used the tool."""
    match reply.stop:
        case "guardrail_intervened" | "content_filtered":
            raise declined(part)
        case "max_tokens" | "model_context_window_exceeded":
            raise Unfinished(f"The {part}'s answer grew too long and was cut off.")
    if reply.given is None:
        # It was told to use the tool and answered in words: that is how models decline.
        raise declined(part)
    return reply


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
