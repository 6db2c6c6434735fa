"""The model behind Converse: the local poet, who puts what it makes into the schema that was asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from core.contracts.haiku import Draft, Scenes
from local.fakes.bedrock.turns import Json, Tool, find_tool, read_compose, read_describe
from local.fakes.complaint import Complaint
from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet import LocalPoet


class Writer:
    """Owns a poet."""

    def __init__(self) -> None:
        self._poet = LocalPoet(MiniLM())

    async def write(self, asked: Json) -> Json | str:
        """The input of the tool it must use, or plain words where there is no tool."""
        tool = find_tool(asked)
        if tool is None:
            return (await self._draft(asked)).reply
        wanted = set(_names(tool.schema))
        known = await (self._scenes(asked) if "scenes" in wanted else self._draft(asked))
        return _answer(tool, msgspec.to_builtins(known))

    async def close(self) -> None:
        await self._poet.close()

    async def _draft(self, asked: Json) -> Draft:
        return (await self._poet.converse(read_compose(asked), on_text=_to_nobody)).value

    async def _scenes(self, asked: Json) -> Scenes:
        return (await self._poet.describe(read_describe(asked))).value


async def _to_nobody(_: str) -> None:
    """The fake streams what it has written, not what it writes."""


def _answer(tool: Tool, known: Json) -> Json:
    shaped = _shape(tool.schema, tool.schema, known, known)
    if not isinstance(shaped, dict) or not shaped:
        raise Complaint("ValidationException", "This model knows nothing the schema asks for.")
    return shaped


def _shape(schema: Json, root: Json, value: Any, known: Json) -> Any:
    """As much of `value` as the schema names, in the schema's order; a name found nowhere is left out, as models do."""
    schema = _resolve(schema, root)
    if "properties" in schema and isinstance(value, Mapping):
        found = {name: _find(name, value, known) for name in schema["properties"]}
        return {name: _shape(schema["properties"][name], root, one, known) for name, one in found.items() if one is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        each = schema.get("prefixItems") or [schema.get("items", {})] * len(value)
        return [_shape(part, root, one, known) for part, one in zip(each, value, strict=False)]
    return value


def _resolve(schema: Json, root: Json) -> Json:
    """Follows local references."""
    while "$ref" in schema:
        found = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _find(name: str, near: Mapping[str, Any], known: Json) -> Any:
    """Near by, else one level into what is known: schemas may be flatter than contracts."""
    if name in near:
        return near[name]
    return next((one[name] for one in known.values() if isinstance(one, Mapping) and name in one), known.get(name))


def _names(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from _names(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _names(part)
