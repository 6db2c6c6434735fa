"""Read a text as it was meant: letters of one width, emoji as words, kana as the names our vocabulary has for them."""

import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from core.kana import to_hiragana
from workers.providers.local.poet.vocabulary import Vocabulary

_EMOJI = tomllib.loads((Path(__file__).parent / "emoji.toml").read_text(encoding="utf-8"))
_DRESSING = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""How an emoji is shown: as text or picture, and its skin."""
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_KANJI = re.compile(r"[\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]{2,}")
_BEFORE, _AFTER = r"(?:^|(?<=[のとやはがをも]))", r"(?=$|[のとやにはがをもで]|なし|です|いらない|じゃ)"
"""A name in kana stands alone or between particles: the あき of あきらめる is no autumn."""
_SMALL = "とき とも いえ ほん ゆう まち しか きく あり しろ たけ なし ふく かに おう やみ"
_SMALL_WORDS = frozenset(_SMALL.split())
"""Kana that are oftener a small word, or the beginning of another, than the thing."""


def is_japanese(text: str) -> bool:
    return _JAPANESE.search(text) is not None


def one_width(text: str) -> str:
    """Without the full-width and half-width forms of letters, and without the dressing of emoji."""
    return _DRESSING.sub("", unicodedata.normalize("NFKC", text))


class Spelling:
    """`read_kanji` tells how a name is read, in katakana."""

    def __init__(self, vocabulary: Vocabulary, read_kanji: Callable[[str], str]) -> None:
        self._vocabulary = vocabulary
        self._read_kanji = read_kanji

    def read(self, text: str) -> str:
        plain = one_width(text)
        japanese = is_japanese(plain)
        named = "".join(self._name(character, japanese=japanese) for character in plain)
        return _KANA.sub(self._with_kanji, named) if japanese else named

    def _name(self, character: str, *, japanese: bool) -> str:
        thing = _EMOJI.get(character)
        if thing is None:
            return character
        return f" {self._vocabulary.in_japanese(thing)}" if japanese else f" {thing} "

    def _with_kanji(self, run: re.Match[str]) -> str:
        """The last name of a run that goes on in kanji is no name: かき氷 is no persimmon."""
        kana, goes_on = run[0], _KANJI.match(run.string, run.end()) is not None
        pattern, names = self._by_reading
        parts, end = [], 0
        for found in pattern.finditer(to_hiragana(kana)):
            if not (goes_on and found.end() == len(kana)):
                parts += [kana[end : found.start()], names[found[0]]]
                end = found.end()
        return "".join([*parts, kana[end:]])

    @cached_property
    def _by_reading(self) -> tuple[re.Pattern[str], dict[str, str]]:
        names: dict[str, str] = {}
        for name in self._vocabulary.japanese_things:
            names.setdefault(to_hiragana(name), name)
        for name in sorted(self._vocabulary.japanese_things, key=len):
            names.setdefault(to_hiragana(self._read_kanji(name)), name)
        kana = sorted((kana for kana in names if len(kana) > 1 and kana not in _SMALL_WORDS), key=len, reverse=True)
        return re.compile(f"{_BEFORE}(?:{'|'.join(map(re.escape, kana))}){_AFTER}"), names
