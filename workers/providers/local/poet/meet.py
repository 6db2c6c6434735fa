"""Which poems meet a wish, and how fully."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from core.contracts.haiku import Poem
from workers.providers.local.poet.anthology import Anthology, Some
from workers.providers.local.poet.contradictions import english_words
from workers.providers.local.poet.fragments import Fragment
from workers.providers.local.poet.tact import is_calm, is_gentle, is_wild
from workers.providers.local.poet.wishes import Wish

Current = tuple[int, int, int] | None
"""The numbers of the lines the conversation has reached, -1 for a line that is not from the bank."""

MOODS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "bright": (frozenset({"bright", "warm", "playful", "lively"}), frozenset({"gloomy", "lonely", "wistful"})),
    "gloomy": (frozenset({"gloomy", "lonely", "wistful"}), frozenset({"bright", "warm", "playful", "lively"})),
    "quiet": (frozenset({"quiet"}), frozenset({"lively", "playful"})),
    "lively": (frozenset({"lively", "playful"}), frozenset({"quiet", "lonely", "gloomy"})),
    "lonely": (frozenset({"lonely"}), frozenset({"warm", "lively", "playful"})),
    "warm": (frozenset({"warm"}), frozenset({"gloomy", "lonely"})),
    "wistful": (frozenset({"wistful"}), frozenset({"playful", "lively"})),
}
"""For each mood what it welcomes and what it cannot bear."""

_HOUR_WORDS: Mapping[str, frozenset[str]] = {
    "dawn": frozenset({"dawn", "morning", "sunrise"}),
    "dusk": frozenset({"dusk", "evening", "sunset"}),
    "night": frozenset({"night"}),
}
"""What a line speaks of when a reader can tell the hour from it; for the day its light is enough."""


def meetings(anthology: Anthology, wish: Wish, current: Current) -> list[Some]:
    """The poems that meet the wish fully at first, then less and less so; each degree includes the one before."""
    if wish.kind in _OF_LINES:
        return _meet_lines(anthology, wish, current)
    return _MEET[wish.kind](anthology, wish.value)


def bars(anthology: Anthology, banned: str, wish: Wish) -> bool:
    """Whether whatever meets the wish says what is banned: no rain, no autumn rain; no winter, no snowman."""
    vocabulary = anthology.vocabulary
    match wish.kind:
        case "season":
            meeting = [fragment for fragment in anthology.fragments if fragment.season == wish.value]
        case "time":
            meeting = [fragment for fragment in anthology.fragments if _tells_hour(wish.value, fragment)]
        case "with" | "about":
            meeting = [fragment for fragment in anthology.fragments if vocabulary.names(fragment, wish.value)]
        case _:
            return False
    if not meeting:
        return vocabulary.is_same(banned, wish.value)
    return all(vocabulary.says(fragment, banned) for fragment in meeting)


def holds(anthology: Anthology, wish: Wish, poem: Poem) -> bool:
    """Whether the poem, as it stands, already meets the wish as fully as any could."""
    if wish.kind == "season":
        return poem.season == wish.value
    number = anthology.find(poem)
    if number is None or wish.kind in (*_OF_LINES, "about"):
        return False
    fullest: Some = next((some for some in _MEET[wish.kind](anthology, wish.value) if some.any()), _nothing(anthology))
    return bool(fullest[number])


def _nothing(anthology: Anthology) -> Some:
    return np.zeros(len(anthology.poems), dtype=np.bool_)


def _meet_season(anthology: Anthology, value: str) -> list[Some]:
    return [anthology.any_line(lambda fragment: fragment.season == value)]


def _meet_time(anthology: Anthology, value: str) -> list[Some]:
    told = anthology.any_line(partial(_tells_hour, value))
    denied = anthology.any_line(lambda fragment: bool(fragment.times) and value not in fragment.times)
    return [told & ~denied, ~denied]


def _tells_hour(hour: str, fragment: Fragment) -> bool:
    words = frozenset(fragment.tags) | english_words(fragment.english)
    return fragment.times == {hour} and (hour not in _HOUR_WORDS or not words.isdisjoint(_HOUR_WORDS[hour]))


def _meet_with(anthology: Anthology, value: str) -> list[Some]:
    named = anthology.any_line(lambda fragment: anthology.vocabulary.names(fragment, value))
    return [named, anthology.any_line(lambda fragment: anthology.vocabulary.is_about(fragment, value))]


def hinted(anthology: Anthology, value: str) -> Some:
    """The poems that have something to do with the thing, though no line of them is about it."""
    return anthology.any_line(lambda fragment: anthology.vocabulary.hints_at(fragment, value))


def _meet_without(anthology: Anthology, value: str) -> list[Some]:
    return [~anthology.any_line(lambda fragment: anthology.vocabulary.says(fragment, value))]


def _meet_about(anthology: Anthology, value: str) -> list[Some]:
    del value
    return [np.ones(len(anthology.poems), dtype=np.bool_)]


def _meet_mood(anthology: Anthology, value: str) -> list[Some]:
    welcome, unbearable = MOODS[value]
    spoilt = anthology.per_line(lambda fragment: not unbearable.isdisjoint(fragment.moods)).sum(axis=0)
    present = anthology.per_line(lambda fragment: not welcome.isdisjoint(fragment.moods)).sum(axis=0)
    return [*((present >= lines) & (spoilt == 0) for lines in (3, 2, 1)), present > spoilt]


def _meet_tact(anthology: Anthology, value: str) -> list[Some]:
    if value == "grief":
        fit = anthology.per_line(is_gentle).all(axis=0)
        quiet = anthology.per_line(lambda fragment: not MOODS["quiet"][0].isdisjoint(fragment.moods)).sum(axis=0)
        of_nature = anthology.any_line(lambda fragment: bool(fragment.cut) and is_wild(fragment))
        return [fit & of_nature & (quiet >= 2), *(fit & (quiet >= lines) for lines in (2, 1))]
    fit = anthology.per_line(is_calm).all(axis=0)
    wild = anthology.per_line(is_wild).sum(axis=0)
    return [fit & (wild >= lines) for lines in (3, 2)]


def _meet_lines(anthology: Anthology, wish: Wish, current: Current) -> list[Some]:
    if current is None:
        return []
    same = anthology.poems == np.array(current)
    if wish.kind == "stay":
        return [same.all(axis=1)]
    if wish.kind == "fresh":
        return [~same.any(axis=1)]
    line = int(wish.value) - 1
    others = np.delete(same, line, axis=1)
    if wish.kind == "keep":
        return [same[:, line]]
    return [~same[:, line] & others.all(axis=1), ~same[:, line] & others.any(axis=1), ~same[:, line]]


_OF_LINES = ("keep", "change", "fresh", "stay")
_MEET: Mapping[str, Callable[[Anthology, str], list[Some]]] = {
    "season": _meet_season,
    "time": _meet_time,
    "with": _meet_with,
    "without": _meet_without,
    "about": _meet_about,
    "mood": _meet_mood,
    "tact": _meet_tact,
}
