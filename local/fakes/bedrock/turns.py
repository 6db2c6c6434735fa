"""What a caller of Converse wants, read from the turns and the schema of the tool it must use."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any

import msgspec
from msgspec import Struct

from core.contracts.haiku import Compose, Describe, Message, Poem
from local.fakes.complaint import Complaint

Json = dict[str, Any]

_TAGGED = re.compile(r"<(?P<tag>[\w-]+)>(?P<words>.*?)</(?P=tag)>", re.DOTALL)
_SEEDS = 2**31


class Tool(Struct, frozen=True):
    """The tool the model was told to use; its schema is that of the answer."""

    name: str
    schema: Json


def find_tool(asked: Json) -> Tool | None:
    """The forced one. Raises Complaint when it is none of those it may choose from."""
    config = asked.get("toolConfig")
    if config is None:
        return None
    specs = {tool["toolSpec"]["name"]: tool["toolSpec"] for tool in config["tools"] if "toolSpec" in tool}
    name = config.get("toolChoice", {}).get("tool", {}).get("name")
    if name is None:
        name = next(iter(specs), None)
    if name not in specs:
        raise Complaint("ValidationException", "The value at toolConfig.toolChoice.tool.name is not one of the tools.")
    return Tool(name, specs[name]["inputSchema"]["json"])


def check_turns(messages: Sequence[Json]) -> None:
    """Raises Complaint for a conversation no model of Amazon's takes."""
    if not messages or messages[0]["role"] != "user":
        raise Complaint("ValidationException", "A conversation must start with a user message. Try again with a conversation …")
    for before, after in pairwise(messages):
        if before["role"] == after["role"]:
            raise Complaint("ValidationException", "A conversation must alternate between user and assistant roles.")
        used, answered = _uses(before), _results(after)
        if used != answered:
            raise Complaint("ValidationException", "Expected toolResult blocks for the toolUse blocks of the turn before.")
    if messages[-1]["role"] != "user":
        raise Complaint("ValidationException", "A conversation must end with a user message.")
    if any(not block.get("text", "-").strip() for message in messages for block in message["content"]):
        raise Complaint("ValidationException", "The text field in the ContentBlock object is blank.")


def read_compose(asked: Json) -> Compose:
    """The conversation up to the newest words of the learner, and the last poem told before them."""
    turns = list(_without_repairs(asked["messages"]))
    conversation = tuple(_message(turn) for turn in turns)
    return Compose(
        topic=next(turn.text for turn in conversation if turn.role == "learner"),
        conversation=conversation,
        poem=_last_poem(turns),
        seed=_seed(asked),
    )


def read_describe(asked: Json) -> Describe:
    poem = _last_poem(list(_without_repairs(asked["messages"])))
    if poem is None:
        raise Complaint("ValidationException", "There is no poem in what was said.")
    return Describe(poem=poem, seed=_seed(asked))


def words_of(asked: Json) -> str:
    """Everything the user said in the newest turn that is not a repair."""
    return _text(list(_without_repairs(asked["messages"]))[-1])


def _without_repairs(messages: Sequence[Json]) -> Iterator[Json]:
    """A turn of results alone tells the model what was wrong with its answer; neither is part of the conversation."""
    for number, message in enumerate(messages):
        after = messages[number + 1] if number + 1 < len(messages) else None
        if not _is_repair(message) and not (after and _is_repair(after)):
            yield message


def _is_repair(message: Json) -> bool:
    return message["role"] == "user" and all("toolResult" in block for block in message["content"])


def _message(turn: Json) -> Message:
    text = _text(turn)
    if turn["role"] == "assistant":
        return Message("poet", text)
    tagged = [found["words"] for found in _TAGGED.finditer(text) if found["tag"] != "poem"]
    return Message("learner", html.unescape(tagged[-1] if tagged else text).strip())


def _text(turn: Json) -> str:
    return "\n".join(block["text"] for block in turn["content"] if "text" in block)


def _last_poem(turns: Sequence[Json]) -> Poem | None:
    poems = [poem for turn in turns for found in _objects(turn) if (poem := _poem(found))]
    return poems[-1] if poems else None


def _objects(turn: Json) -> Iterator[Json]:
    for block in turn["content"]:
        if "toolUse" in block:
            yield block["toolUse"]["input"]
        else:
            yield from _json_in(html.unescape(block.get("text", "")))


def _json_in(text: str) -> Iterator[Json]:
    """Every JSON object in prose."""
    start = text.find("{")
    while start >= 0:
        try:
            found, end = json.JSONDecoder().raw_decode(text, start)
            yield found
        except json.JSONDecodeError:
            end = start + 1
        start = text.find("{", end)


def _poem(found: Json) -> Poem | None:
    """Alone, or as the `poem` of a draft; a line without its pronunciation is spoken as it is read."""
    told = found.get("poem", found)
    try:
        lines = [{"pronunciation": line["reading"], **line} for line in told["lines"]]
        return msgspec.convert({**told, "lines": lines}, Poem)
    except (KeyError, TypeError, msgspec.ValidationError):
        return None


def _seed(asked: Json) -> int:
    return int.from_bytes(sha256(msgspec.json.encode(asked["messages"], enc_hook=repr)).digest()[:8]) % _SEEDS


def _uses(message: Json) -> list[str]:
    return [block["toolUse"]["toolUseId"] for block in message["content"] if "toolUse" in block]


def _results(message: Json) -> list[str]:
    return [block["toolResult"]["toolUseId"] for block in message["content"] if "toolResult" in block]
