"""What a model on Bedrock answers, whole or as a stream: its words for our tool, why it stopped, and what it took."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import jiter
import msgspec
from botocore import xform_name
from msgspec import Struct

from core.errors import TryAgain
from workers.providers.aws.failures import BrokenOff, Part, declined
from workers.providers.aws.gate import Turn

LONGEST_BYTES = 64 * 1024
"""Of an answer as it streams in, ten times what its tokens can be."""

Json = dict[str, Any]
Heard = Callable[[Json], Awaitable[None]]
"""Receives the answer as far as it is written, again and again; a text that is still being written is left out."""


class Reply(Struct, frozen=True):
    """A turn of the model's. `given` is the input of its tool, None when it used none."""

    stop: str
    use_id: str
    given: Any


def complete(reply: Reply, part: Part) -> Reply:
    """Raises JobFailed unless the model came to its end and used the tool. What that cost is on the bill by now."""
    match reply.stop:
        case "guardrail_intervened" | "content_filtered":
            raise declined(part, is_free=True)
        case "max_tokens" | "model_context_window_exceeded":
            raise TryAgain(f"The {part}'s answer grew too long and was cut off.")
    if reply.given is None:
        # It was told to use the tool and answered in words: that is how models decline.
        raise declined(part, is_free=True)
    return reply


def tool_use(message: Any) -> tuple[str, Any]:
    use = next((block["toolUse"] for block in message.get("content", ()) if "toolUse" in block), None)
    return ("", None) if use is None else (use["toolUseId"], use["input"])


def usage_of(told: Mapping[str, Any]) -> Counter[str]:
    """What an answer took, as it says itself."""
    usage = Counter({"input_tokens": told["usage"]["inputTokens"], "output_tokens": told["usage"]["outputTokens"]})
    traced = told.get("trace", {}).get("guardrail", {})
    before = traced.get("inputAssessment", {}).values()
    after = (one for several in traced.get("outputAssessments", {}).values() for one in several)
    for assessment in (*before, *after):
        usage.update(guardrail_units(assessment.get("invocationMetrics", {}).get("usage", {})))
    return usage


def guardrail_units(usage: Mapping[str, int]) -> Counter[str]:
    """contentPolicyUnits is content_policy_units here. How many policies there are is no unit."""
    return Counter({xform_name(name): units for name, units in usage.items() if name.endswith("Units") and units})


async def begun(events: Any, turn: Turn) -> AsyncIterator[Any]:
    """From the first event on the model has read, and perhaps written: whatever happens next, that may be paid for."""
    async for event in events:
        turn.has_begun = True
        yield event


async def listen(events: AsyncIterator[Any], heard: Heard) -> tuple[Reply, Json]:
    """The reply, and what the stream said of it at its end. Raises BrokenOff when it ends before the answer does."""
    written, use_id, stop, end = b"", "", "", None
    async for event in events:
        if "contentBlockStart" in event:
            use_id = event["contentBlockStart"]["start"].get("toolUse", {}).get("toolUseId", use_id)
        elif piece := event.get("contentBlockDelta", {}).get("delta", {}).get("toolUse", {}).get("input"):
            written += piece.encode()
            if len(written) > LONGEST_BYTES:
                raise BrokenOff("without an end")
            await _tell(written, heard)
        elif "messageStop" in event:
            stop = event["messageStop"]["stopReason"]
        elif "metadata" in event:
            end = event["metadata"]
    if not stop or end is None:
        raise BrokenOff("no end")
    return Reply(stop, use_id, _parsed(written) if use_id else None), end


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
