"""What a learner has asked for, added up over the turns of a conversation."""

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

WishKind = Literal["season", "time", "mood", "with", "without", "about", "keep", "change", "fresh", "stay", "ask", "tact"]

_ONE_AT_A_TIME: tuple[WishKind, ...] = ("season", "time")
_AXES = ({"bright", "gloomy", "lonely", "warm", "wistful"}, {"quiet", "lively"})
"""Moods that replace each other."""
_FOR_ONE_TURN: tuple[WishKind, ...] = ("change", "fresh", "stay", "ask")


class Wish(Struct, frozen=True):
    """One thing wanted. `value` is a season, an hour, a mood, a thing, free words, a line's number ("1" to "3"),
    what a question is about, or what the poem must be considerate of.
    """

    kind: WishKind
    value: str = ""


Bars = Callable[[str, Wish], bool]
"""Whether a poem without the first cannot meet the second."""


def add_up(turns: Iterable[Iterable[Wish]], bars: Bars) -> tuple[Wish, ...]:
    """The wishes that still hold after the last turn, the newest first. What only concerned one turn is gone after it."""
    standing: list[Wish] = []
    for turn in turns:
        standing = [wish for wish in standing if wish.kind not in _FOR_ONE_TURN]
        newest = tuple(turn)
        for wish in newest:
            standing = [old for old in standing if not (_replaces(wish, old) or _is_barred(wish, old, bars))]
        standing = [*newest, *standing]
    return tuple(standing)


def _replaces(new: Wish, old: Wish) -> bool:
    if new.kind == old.kind:
        return new.kind in _ONE_AT_A_TIME or new.value == old.value or _same_axis(new, old)
    if new.kind == "fresh":
        return old.kind == "keep"
    return {new.kind, old.kind} == {"keep", "change"} and new.value == old.value


def _is_barred(one: Wish, other: Wish, bars: Bars) -> bool:
    """What was banned and what was asked for cannot both hold, whichever came first."""
    return any(ban.kind == "without" and bars(ban.value, wish) for ban, wish in ((one, other), (other, one)))


def _same_axis(new: Wish, old: Wish) -> bool:
    return new.kind == "mood" and any(new.value in axis and old.value in axis for axis in _AXES)
