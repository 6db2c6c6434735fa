"""Sees what a description shows: its hour and weather, its setting, what grows there and what stands there."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from core.contracts.haiku import Season
from workers.providers.local.painter.sketch import sketches

_WORDS = Path(__file__).parent / "words.toml"
_HOURS = {
    "dawn": "dawn",
    "sunrise": "dawn",
    "dusk": "dusk",
    "evening": "dusk",
    "sunset": "dusk",
    "night": "night",
    "midnight": "night",
}
_NIGHTLY = frozenset({"stars", "fireworks", "river_of_stars"})
_DAYLIGHT = frozenset({"mild", "soft", "pale", "warm", "lies", "falls", "comes", "spreads"})
"""What a light is or does that is the sun's."""
_SHINING = frozenset({"light", "lights", "glow", "glows", "shine", "shines", "lantern", "lanterns", "lit"})
"""By day nobody would see it."""
_SUNLIT = frozenset({"shine", "shines", "glow", "glows", "light"})
"""What the sun itself does, and what stands in it: that is by day."""
_ON_A_HILL = re.compile(r"\b(?:stands?|sits?) (\w+ ){0,3}on (top )?(\w+ )?hill\b")
_PARTING = frozenset(
    {"above", "among", "and", "before", "behind", "below", "beside", "beyond", "by", "from", "in"}
    | {"into", "on", "over", "past", "to", "toward", "under", "with"}
)
_MOST_THINGS = 3


class View(Struct, frozen=True):
    """What the painter is about to paint. `setting` and `room` may be empty; the season fills them."""

    season: Season
    hour: str
    weather: frozenset[str]
    sky: frozenset[str]
    setting: str
    room: str
    plants: tuple[str, ...]
    things: tuple[str, ...]
    words: frozenset[str]
    said: frozenset[str] = frozenset()
    """Every two words that follow each other, or stand with one between, as "a-b"."""

    def says(self, qualities: str, *things: str) -> bool:
        """Whether one of the qualities, words apart, is said of one of the things: a "dark" pond, "dark, still" water."""
        return any(f"{quality}-{thing}" in self.said for quality in qualities.split() for thing in things)


def see(description: str, season: Season) -> View:
    """Words nobody taught the painter are passed over: what is left is a landscape of the season."""
    seen = description.rpartition(": ")[2]
    every, spoken = tuple(_tokens(description)), tuple(_tokens(seen))
    sky = frozenset(_found(every, _table("sky")))
    return View(
        season=season,
        hour=_hour(every, sky),
        weather=frozenset(_found(every, _table("weather"))),
        sky=sky,
        setting=_setting(spoken),
        room=_room(spoken),
        plants=tuple(dict.fromkeys(_found(spoken, _table("plants"))))[:2],
        things=tuple(dict.fromkeys(_found(spoken, _drawable())))[:_MOST_THINGS],
        words=frozenset(spoken),
        said=frozenset(_pairs(spoken)),
    )


def _pairs(words: Sequence[str]) -> Iterator[str]:
    """What stands far below a mountain is far, the mountain is not."""
    yield from ("-".join(pair) for pair in pairwise(words))
    for first, between, last in zip(words, words[1:], words[2:], strict=False):
        if between not in _PARTING:
            yield f"{first}-{last}"


def _tokens(text: str) -> Iterator[str]:
    return (word for word in re.findall(r"[a-z]+", text.lower()) if word not in ("a", "an", "the", "of", "its"))


def _hour(words: Sequence[str], sky: frozenset[str]) -> str:
    told = next((_HOURS[word] for word in words if word in _HOURS), "")
    if sky & _NIGHTLY or (not told and "moon" in sky):
        return "night"
    by_day = "day" in words and not _DAYLIGHT.isdisjoint(words)
    seen = _SHINING.intersection(words) - (_SUNLIT if "sun" in sky else {"light"} if by_day else set())
    return told or ("dusk" if seen else "day")


def _setting(words: Sequence[str]) -> str:
    """The first that is named; but who stands on a hill is seen there, waves on sand from the sand, a path wherever it leads."""
    if _ON_A_HILL.search(" ".join(words)):
        return "hill"
    found = list(_found(words, _table("settings")))
    for seen_from in ("beach", "lake", "path") if not {"town", "river", "slope", "avenue"}.intersection(found) else ("beach",):
        if seen_from in found:
            return seen_from
    return next((name for name in found if name not in ("hill", "garden")), next(iter(found), ""))


def _room(words: Sequence[str]) -> str:
    """A room with a window is seen towards its window; the window of a house is seen from the street."""
    rooms = set(_found(words, _table("rooms")))
    return "window" if "window" in rooms else "room" if "room" in rooms else ""


@cache
def _table(name: str) -> dict[str, str]:
    """Words to what they call for."""
    every: dict[str, dict[str, str]] = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return {word: called for called, words in every[name].items() for word in words.split()}


@cache
def _drawable() -> dict[str, str]:
    return {word: name for name, sketch in sketches().items() for word in sketch.words.split()}


def _found(words: Sequence[str], table: Mapping[str, str]) -> Iterator[str]:
    """In the order of the words; two words together are heard before either alone."""
    at = 0
    while at < len(words):
        pair = "-".join(words[at : at + 2])
        if pair in table:
            yield table[pair]
            at += 2
            continue
        if words[at] in table:
            yield table[words[at]]
        at += 1
