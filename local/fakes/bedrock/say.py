"""What the model says to one turn, token by token, and why it stops."""

import re
from typing import Any

import msgspec
from msgspec import Struct

from local.fakes.bedrock.spoil import spoil
from local.fakes.bedrock.turns import Json, Tool, check_turns, find_tool, words_of
from local.fakes.bedrock.unwelcome import is_unwelcome
from local.fakes.bedrock.writer import Writer
from local.fakes.faults import Fault

REFUSAL = "I'd rather not write about that."
BLOCKED = "This request was blocked by the guardrail."

_TOKEN = re.compile(r"\s?[A-Za-z]{1,5}|[^\x00-\x7f]{1,2}|[\s\S]")


class Said(Struct, frozen=True):
    """`tool` is None for plain words; `whole` is the input of the tool as far as it can be read."""

    tokens: list[str]
    stop_reason: str
    tokens_heard: int
    tool: Tool | None = None
    whole: Json = {}


async def say(asked: Json, writer: Writer, fault: Fault | None) -> Said:
    """Raises Complaint for a conversation that cannot be answered."""
    check_turns(asked["messages"])
    heard = len(_tokens(_heard(asked)))
    if unusual := _unusual(asked, fault):
        words, stop_reason = unusual
        return Said(_tokens(words), stop_reason, heard)
    written = await writer.write(asked)
    if isinstance(written, str):
        return _within(Said(_tokens(written), "end_turn", heard), asked, fault)
    written = spoil(written, fault)
    tokens = _tokens(msgspec.json.encode(written).decode())
    return _within(Said(tokens, "tool_use", heard, find_tool(asked), written), asked, fault)


def _unusual(asked: Json, fault: Fault | None) -> tuple[str, str] | None:
    """Instead of an answer: words, and the reason to stop."""
    kind = fault.kind if fault else None
    if kind == "refusal":
        return REFUSAL, "end_turn"
    if kind == "content_filter":
        return "", "content_filtered"
    if kind == "guardrail" or ("guardrailConfig" in asked and is_unwelcome(words_of(asked))):
        return BLOCKED, "guardrail_intervened"
    return None


def _within(said: Said, asked: Json, fault: Fault | None) -> Said:
    """As long as the caller, or a fault, allows."""
    most = asked.get("inferenceConfig", {}).get("maxTokens", len(said.tokens))
    if fault and fault.kind == "truncated":
        most = min(most, fault.tokens)
    if len(said.tokens) <= most:
        return said
    return msgspec.structs.replace(said, tokens=said.tokens[:most], stop_reason="max_tokens", whole={})


def _heard(asked: Json) -> str:
    told: dict[str, Any] = {name: asked[name] for name in ("system", "messages", "toolConfig") if name in asked}
    return msgspec.json.encode(told).decode()


def _tokens(text: str) -> list[str]:
    """About as long as those of a real model."""
    return _TOKEN.findall(text)
