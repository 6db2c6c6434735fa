"""The poet's phrases in one language, and how that language joins them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from core.contracts.haiku import Poem
from workers.providers.local.poet.wishes import Wish

_LINES = {"keep": "line", "change": "line"}


class Openings(Struct, frozen=True, forbid_unknown_fields=True):
    """How a first poem is handed over."""

    on: str
    all_words: str
    some_words: str
    in_mind: str
    near: str
    mood: str
    chance: str
    grief: str
    shunned: str
    despair: str


class Tongue(Struct, frozen=True, forbid_unknown_fields=True):
    """All the poet can say in one language: see english.toml."""

    uses_japanese_names: bool
    quoted: str
    between: str
    link_and: str = msgspec.field(name="and")
    link_or: str = msgspec.field(name="or")
    sentence_end: str
    clauses_between: str
    clauses_and: str
    gap: str
    sorry: str
    sorry_unchanged: str
    held_unchanged: str
    season_word: str
    changed_all: str
    changed_one: str
    changed_some: str
    not_understood: str
    help: str
    opening: Openings
    done: Mapping[str, str]
    held: Mapping[str, str]
    unmet: Mapping[str, str]
    answers: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]

    def quote(self, words: Iterable[str]) -> list[str]:
        return [self.quoted.format(word) for word in words]

    def all_of(self, words: Sequence[str]) -> str:
        return _join(words, self.between, self.link_and)

    def any_of(self, words: Sequence[str]) -> str:
        return _join(words, self.between, self.link_or)

    def clauses(self, clauses: Sequence[str]) -> str:
        joined = _join(clauses, self.clauses_between, self.clauses_and)
        return joined[:1].upper() + joined[1:]

    def say(self, phrases: Mapping[str, str], wish: Wish) -> str:
        return phrases[wish.kind].format(self.name(_LINES.get(wish.kind, wish.kind), wish.value))

    def name(self, kind: str, value: str) -> str:
        """What this language calls a season, an hour, a mood or a line."""
        return self.names.get(kind, {}).get(value, value)


@cache
def tongue(language: Literal["english", "japanese"]) -> Tongue:
    return msgspec.toml.decode((Path(__file__).parent / f"{language}.toml").read_bytes(), type=Tongue)


def _join(words: Sequence[str], between: str, link: str) -> str:
    return words[0] if len(words) == 1 else f"{between.join(words[:-1])}{link}{words[-1]}"


def tell_season(poem: Poem, tongue: Tongue) -> str:
    return tongue.season_word.format(poem.season_word, poem.season_word_english, tongue.name("season", poem.season))
