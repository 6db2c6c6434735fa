"""What a learner has asked for, added up over the turns of a conversation."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

WishKind = Literal["season", "time", "mood", "with", "without", "about", "keep", "change", "fresh", "stay"]

_ONE_AT_A_TIME: tuple[WishKind, ...] = ("season", "time")
_AXES = ({"bright", "gloomy", "lonely", "warm", "wistful"}, {"quiet", "lively"})
"""Moods that replace each other."""
_FOR_ONE_TURN: tuple[WishKind, ...] = ("change", "fresh", "stay")


class Wish(Struct, frozen=True):
    """One thing wanted. `value` is a season, an hour, a mood, a thing, free words, or a line's number ("1" to "3")."""

    kind: WishKind
    value: str = ""


def add_up(turns: Iterable[Iterable[Wish]]) -> tuple[Wish, ...]:
    """The wishes that still hold after the last turn, the newest first. What only concerned one turn is gone after it."""
    standing: list[Wish] = []
    for turn in turns:
        standing = [wish for wish in standing if wish.kind not in _FOR_ONE_TURN]
        newest = tuple(turn)
        for wish in newest:
            standing = [old for old in standing if not _replaces(wish, old)]
        standing = [*newest, *standing]
    return tuple(standing)


def _replaces(new: Wish, old: Wish) -> bool:
    if new.kind == old.kind:
        return new.kind in _ONE_AT_A_TIME or new.value == old.value or _same_axis(new, old)
    if new.kind == "fresh":
        return old.kind == "keep"
    opposite = {new.kind, old.kind} in ({"with", "without"}, {"keep", "change"})
    return (opposite and new.value == old.value) or (new.kind == "without" and _negates(new.value, old))


def _negates(value: str, old: Wish) -> bool:
    return old.kind in ("season", "time", "about") and old.value == value


def _same_axis(new: Wish, old: Wish) -> bool:
    return new.kind == "mood" and any(new.value in axis and old.value in axis for axis in _AXES)
