"""Which words may stand at a place: whoever wrote another one is told them."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import inspect

_LISTS = (inspect.ListType, inspect.SetType, inspect.FrozenSetType, inspect.VarTupleType)


def name_choices(says: str, wanted: Any, steps: Sequence[str]) -> str:
    """msgspec's words, with those that a literal allows. `steps` lead through the type to the place, as a JSON pointer does."""
    if not says.startswith("Invalid enum value"):
        return says
    kinds = list(_unfold(inspect.type_info(wanted)))
    for step in steps:
        kinds = [below for kind in kinds for below in _below(kind, step)]
    words = [str(value) for kind in kinds if isinstance(kind, inspect.LiteralType) for value in kind.values]
    return f"Expected one of {', '.join(words)}" if words else says


def _unfold(kind: inspect.Type) -> Iterator[inspect.Type]:
    match kind:
        case inspect.UnionType():
            for each in kind.types:
                yield from _unfold(each)
        case inspect.Metadata():
            yield from _unfold(kind.type)
        case _:
            yield kind


def _below(kind: inspect.Type, step: str) -> Iterator[inspect.Type]:
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            if field.encode_name == step:
                yield from _unfold(field.type)
    elif isinstance(kind, _LISTS):
        yield from _unfold(kind.item_type)
