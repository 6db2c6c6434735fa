"""The words learners use for what a fragment can say: seasons, hours, moods, and every tag of the bank."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from workers.providers.local.poet.contradictions import english_words
from workers.providers.local.poet.fragments import Fragment

Kind = Literal["season", "time", "mood", "thing"]

_HERE = Path(__file__).parent
_REMEMBERED = 512
_IRREGULAR = {"leaves": "leaf", "wolves": "wolf", "mice": "mouse", "geese": "goose"}
_PRIMARY_TAGS = 3
"""A fragment is about its first tags; the later ones are only near it."""


class Meant(Struct, frozen=True):
    """What a word of the learner's means: one of the seasons, hours, moods, or a thing a fragment can be tagged with."""

    kind: Kind
    value: str


class _Word(Struct, frozen=True, forbid_unknown_fields=True):
    english: tuple[str, ...] = ()
    japanese: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """How a chat turn is worded: see vocabulary.toml."""

    season: dict[str, tuple[str, ...]]
    time: dict[str, tuple[str, ...]]
    mood: dict[str, tuple[str, ...]]
    small: dict[str, tuple[str, ...]]
    lines: dict[str, tuple[str, ...]]


class Vocabulary:
    """Finds what a word means, and whether a fragment says it."""

    def __init__(self, fragments: Sequence[Fragment]) -> None:
        self.phrases = msgspec.toml.decode((_HERE / "vocabulary.toml").read_bytes(), type=Phrases)
        self._words = _read_words()
        self._broader = _broader(self._words)
        seasonal = tuple(fragment for fragment in fragments if fragment.season)
        tags = {tag for fragment in fragments for tag in fragment.tags} | {fragment.season_name for fragment in seasonal}
        self._english = _english(self.phrases, self._words, tags)
        named = {fragment.season_word: Meant("thing", fragment.season_name) for fragment in seasonal}
        self.japanese = named | _japanese(self.phrases, self._words)
        self.japanese_things = tuple(name for name, meant in self.japanese.items() if meant.kind != "mood")
        self._synonyms = lru_cache(maxsize=_REMEMBERED)(self._list_synonyms)

    def look_up(self, phrase: str) -> Meant | None:
        return self._english.get(phrase) or self._english.get(singular(phrase))

    def in_japanese(self, value: str, text: str = "") -> str:
        """The value's Japanese name, the one the text uses if it does; the value itself when there is none."""
        meant = self.look_up(value)
        usual = self._words.get(value, _Word()).japanese
        names = [*usual, *(name for name, other in self.japanese.items() if meant and other.value == meant.value)]
        return next((name for name in names if name in text), names[0] if names else value)

    def says(self, fragment: Fragment, thing: str) -> bool:
        """Whether anything in this fragment, its picture too, would remind of the thing."""
        said = frozenset((fragment.season_name, *fragment.tags)) | english_words(f"{fragment.english} {fragment.scene}")
        return not (said | fragment.settled).isdisjoint(self._synonyms(thing))

    def is_about(self, fragment: Fragment, thing: str) -> bool:
        """Whether the line itself brings the thing into a poem."""
        return self._is_among(fragment, thing, _PRIMARY_TAGS)

    def names(self, fragment: Fragment, thing: str) -> bool:
        """Whether the line is about the thing before all else."""
        return self._is_among(fragment, thing, 1)

    def hints_at(self, fragment: Fragment, thing: str) -> bool:
        """Whether any tag of the line, however late, is the thing, or the line is about what the thing is one of: a cat for a
        kitten."""
        broader = self._broader.get(thing, ())
        return thing in fragment.tags or any(self.is_about(fragment, other) for other in broader)

    def is_same(self, one: str, other: str) -> bool:
        return not self._synonyms(one).isdisjoint(self._synonyms(other))

    def _is_among(self, fragment: Fragment, thing: str, first_tags: int) -> bool:
        synonyms = self._synonyms(thing)
        if fragment.season_name in synonyms or not synonyms.isdisjoint(fragment.tags[:first_tags]):
            return True
        return not (synonyms.isdisjoint(english_words(fragment.english)) and synonyms.isdisjoint(fragment.settled))

    def _list_synonyms(self, thing: str) -> frozenset[str]:
        word = self._words.get(thing, _Word())
        return frozenset({thing, singular(thing), *word.tags, *word.english})


def singular(phrase: str) -> str:
    """A guess that is good enough to look a word up again."""
    if phrase in _IRREGULAR:
        return _IRREGULAR[phrase]
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    if phrase.endswith(("shes", "ches", "xes", "toes")):
        return phrase[:-2]
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith("ss") else phrase


def _read_words() -> dict[str, _Word]:
    tables = tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))
    return msgspec.convert(tables, dict[str, _Word])


def _broader(words: Mapping[str, _Word]) -> Mapping[str, Sequence[str]]:
    """What each thing is one of. Read once: every line of the bank is asked about the things of every topic."""
    found = defaultdict(list)
    for thing, word in words.items():
        for tag in word.tags:
            found[tag].append(thing)
    return found


def _english(phrases: Phrases, words: Mapping[str, _Word], tags: Iterable[str]) -> dict[str, Meant]:
    ignored = frozenset(phrases.small["ignored"])
    found = {tag: Meant("thing", tag) for tag in sorted(tags) if tag not in ignored}
    for thing, word in words.items():
        found |= dict.fromkeys((thing, *word.english), Meant("thing", thing))
    return found | _graded(phrases)


def _japanese(phrases: Phrases, words: Mapping[str, _Word]) -> dict[str, Meant]:
    found = {name: Meant("thing", thing) for thing, word in words.items() for name in word.japanese}
    return found | {name: meant for name, meant in _graded(phrases).items() if not name.isascii()}


def _graded(phrases: Phrases) -> dict[str, Meant]:
    kinds: tuple[tuple[Kind, dict[str, tuple[str, ...]]], ...] = (
        ("season", phrases.season),
        ("time", phrases.time),
        ("mood", phrases.mood),
    )
    return {name: Meant(kind, value) for kind, table in kinds for value, names in table.items() for name in names}
