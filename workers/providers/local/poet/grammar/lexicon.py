"""The nouns the grammar can speak of, and where a text mentions them."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from core.contracts.haiku import Season
from workers.providers.local.poet.spelling import is_japanese
from workers.providers.local.poet.vocabulary import singular

NounKind = Literal[
    "animal", "body", "clothing", "drink", "event", "feeling", "food", "idea", "light", "person", "place", "plant", "sound",
    "thing", "vehicle", "weather",
]  # fmt: skip
_NOUNS = Path(__file__).parent / "nouns"
_ARTICLE = re.compile(r"^(?:an?|the|some|my) ")
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)*")
_LONGEST_NAME = 4
_KANJI = re.compile("[一-鿿々]")
_KATAKANA = re.compile("[ァ-ヺー]")
_QUALIFYING = "老古小大白黒赤青"
"""Kanji that stand before a noun and leave it what it is: 老犬 is a dog."""


class Noun(Struct, frozen=True, dict=True, array_like=True):
    """`english` stands with its article; `kana` is the reading, `season` empty where the word tells none."""

    english: str
    names: tuple[str, ...]
    japanese: str
    kana: str
    kind: NounKind
    season: Season | None

    @cached_property
    def name(self) -> str:
        """In English without an article."""
        return _ARTICLE.sub("", self.english)

    @cached_property
    def key(self) -> str:
        return self.name.lower()


class Mention(Struct, frozen=True):
    """Where a text names something: all nouns it may be called by, and the place from its first letter to behind its last."""

    nouns: tuple[Noun, ...]
    start: int
    end: int


class Lexicon:
    def __init__(self) -> None:
        self.nouns = tuple(_read_nouns())
        self._english: Mapping[str, Sequence[Noun]] = _by_name(self.nouns, japanese=False)
        self._japanese: Mapping[str, Sequence[Noun]] = _by_name(self.nouns, japanese=True)
        self._longest = max(map(len, self._japanese), default=0)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """What the text, in lower case, names, from left to right; of two names in one place the longer."""
        return tuple(self._in_japanese(text) if is_japanese(text) else self._in_english(text))

    def in_line(self, japanese: str) -> tuple[Noun, ...]:
        """Every noun whose characters stand in the line."""
        return tuple(noun for noun in self.nouns if noun.japanese in japanese)

    def _in_english(self, text: str) -> Iterator[Mention]:
        tokens = list(_TOKEN.finditer(text))
        first = 0
        while first < len(tokens):
            for count in range(min(_LONGEST_NAME, len(tokens) - first), 0, -1):
                start, end = tokens[first].start(), tokens[first + count - 1].end()
                nouns = self._english.get(text[start:end]) or self._english.get(singular(text[start:end]))
                if nouns:
                    called = singular(text[start:end])
                    yield Mention(tuple(sorted(nouns, key=lambda noun: singular(noun.key) != called)), start, end)
                    break
            first += count

    def _in_japanese(self, text: str) -> Iterator[Mention]:
        start = 0
        while start < len(text):
            ends = (end for end in range(min(len(text), start + self._longest), start, -1) if text[start:end] in self._japanese)
            end = next((end for end in ends if _stands_alone(text, start, end)), None)
            if end:
                yield Mention(self._with_others(self._japanese[text[start:end]]), start, end)
            start = end or start + 1

    def _with_others(self, nouns: Sequence[Noun]) -> tuple[Noun, ...]:
        """文 says what 手紙 says, and is shorter."""
        same = (other for noun in nouns for other in self._english.get(noun.key, ()))
        return tuple(dict.fromkeys((*nouns, *same)))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """手 is not mentioned in 手紙, nor シャツ in Tシャツ."""
    before, after = text[start - 1 : start], text[end : end + 1]
    script = _KATAKANA if _KATAKANA.match(text[start]) else _KANJI
    return not script.match(after) and (not script.match(before) or before in _QUALIFYING)


def _read_nouns() -> Iterator[Noun]:
    for path in sorted(_NOUNS.glob("*.toml")):
        for kind, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for english, also, japanese, kana, season in table["nouns"]:
                names = (_ARTICLE.sub("", english).lower(), *filter(None, (name.strip().lower() for name in also.split(";"))))
                yield msgspec.convert((english, names, japanese, kana, kind, season or None), Noun)


def _by_name(nouns: Sequence[Noun], *, japanese: bool) -> Mapping[str, Sequence[Noun]]:
    found: defaultdict[str, list[Noun]] = defaultdict(list)
    for noun in nouns:
        for name in (*noun.names, noun.japanese):
            if is_japanese(name) == japanese and noun not in found[name]:
                found[name].append(noun)
    return found
