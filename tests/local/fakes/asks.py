"""What tests ask of Converse."""

import json
from typing import Any

import aiohttp
import msgspec
from botocore.exceptions import EventStreamError

from core.contracts.haiku import Draft, Scenes

Json = dict[str, Any]

WRITER = "us.anthropic.claude-sonnet-4-20250514-v1:0"
PAINTER = "stability.sd3-5-large-v1:0"


def user(text: str) -> Json:
    return {"role": "user", "content": [{"text": text}]}


def poem_ask(*messages: Json, **more: Any) -> Json:
    """A draft of a haiku, by a tool the model must use."""
    return _ask(Draft, messages or (user("Write a haiku about <learner>autumn rain</learner>"),), more)


def scenes_ask(poem: Json) -> Json:
    return _ask(Scenes, (user(f"<poem>{json.dumps(poem, ensure_ascii=False)}</poem>"),), {})


def _ask(answer: type[Draft | Scenes], messages: tuple[Json, ...], more: Json) -> Json:
    spec = {"name": "answer", "inputSchema": {"json": msgspec.json.schema(answer)}}
    config = {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": "answer"}}}
    return {"modelId": WRITER, "messages": list(messages), "toolConfig": config, **more}


def used(answer: Json) -> Json:
    """The input of the tool, from an answer that came whole."""
    blocks = answer["output"]["message"]["content"]
    found: Json = blocks[0]["toolUse"]["input"]
    return found


async def streamed(stream: Any) -> tuple[str, list[Json]]:
    """What was written, and every event."""
    events = [event async for event in stream["stream"]]
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    return "".join(delta.get("text", "") + delta.get("toolUse", {}).get("input", "") for delta in deltas), events


async def until_it_breaks(answer: Any) -> tuple[list[Json], Exception]:
    """The events that came, and what came instead of the rest. Closed then, or its connection would never be."""
    events = []
    try:
        async for event in answer["stream"]:
            events.append(event)  # noqa: PERF401  what came before the break matters
    except (aiohttp.ClientError, EventStreamError) as error:
        return events, error
    finally:
        answer["stream"].close()
    raise AssertionError("the stream did not break")
