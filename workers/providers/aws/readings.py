"""Whether a line can be read as it is said to be: Japanese letters only, and a reading that the dictionary knows."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property, partial
from itertools import accumulate

from msgspec import Struct
from sudachipy import Dictionary, Morpheme, SplitMode, Tokenizer  # type: ignore[import-untyped]  # no stubs are published

from core.kana import count_morae, to_hiragana
from workers.providers.aws.flaws import Flaw, Unusable

_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー々〆〇㐀-䶿一-鿿豈-﫿、。！？…・「」　]+")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
_SILENT = re.compile(r"[、。！？…・「」\s]+")
_WAYS = (SplitMode.C, SplitMode.B, SplitMode.A)
_LONGEST_WORD = 6
_SPOKEN = {"は": "わ", "へ": "え", "を": "お"}
_ATTACHED = frozenset(
    {("助詞", "接続助詞"), ("接尾辞", "名詞的"), ("接尾辞", "動詞的"), ("接尾辞", "形容詞的"), ("接尾辞", "形状詞的")}
)


class Word(Struct, frozen=True):
    """A piece of a line as the dictionary parts it, and all readings it has there, in hiragana."""

    surface: str
    part_of_speech: tuple[str, str]
    readings: tuple[str, ...]


WordsAt = Callable[[int], Iterable[Word]]
"""The words that may begin with this letter of a line."""


class Readings:
    """Asks Sudachi's dictionary, which takes less than a tenth of a second to open: the first poem does it."""

    @cached_property
    def _dictionary(self) -> Dictionary:
        return Dictionary(dict="core")

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return self._dictionary.tokenizer()

    def pronounce(self, line: str, reading: str) -> str:
        """Kana as spoken, words parted by spaces. Raises Unusable unless `reading` is one the dictionary has for `line`."""
        if not _JAPANESE.fullmatch(line):
            raise Unusable([Flaw(f"「{line}」 has characters that are not Japanese", "it was not in Japanese")])
        wanted = _SILENT.sub("", to_hiragana(reading))
        if not _KANA.fullmatch(wanted):
            raise _misread(f"the reading of 「{line}」 must be hiragana, and is “{reading}”")
        written = _SILENT.sub("", line)
        ways: list[WordsAt] = [self._parted(written, mode) for mode in _WAYS]
        ways.append(partial(self._words_at, written))
        for words_at in ways:
            if (found := _spell(words_at, len(written), wanted)) is not None:
                return "".join(_pieces(found)).strip()
        raise _misread(f"the dictionary reads 「{line}」 as {self.usual(line)}, not as {wanted}")

    def usual(self, line: str) -> str:
        """The reading the dictionary would choose, with its morae."""
        reading = "".join(word.readings[0] if word.readings else word.surface for word in self._words(line, SplitMode.C))
        return f"{reading} ({count_morae(reading)} morae)" if _KANA.fullmatch(reading) else reading

    def _words(self, line: str, mode: SplitMode) -> list[Word]:
        return [
            self._word(morpheme) for morpheme in self._tokenizer.tokenize(line, mode) if not _SILENT.fullmatch(morpheme.surface())
        ]

    def _parted(self, line: str, mode: SplitMode) -> WordsAt:
        """As the dictionary parts the line."""
        words = self._words(line, mode)
        starts = accumulate((len(word.surface) for word in words), initial=0)
        found = dict(zip(starts, words, strict=False))
        return lambda start: [found[start]] if start in found else []

    def _words_at(self, line: str, start: int) -> Iterator[Word]:
        """Every word of the dictionary that may stand here, long ones first: 初電車 is 初 and 電車, too."""
        for end in range(min(len(line), start + _LONGEST_WORD), start, -1):
            yield from (self._word(morpheme) for morpheme in self._dictionary.lookup(line[start:end]))

    def _word(self, morpheme: Morpheme) -> Word:
        surface = morpheme.surface()
        found = [] if morpheme.is_oov() else [morpheme, *self._dictionary.lookup(surface)]
        readings = dict.fromkeys(to_hiragana(each.reading_form()) for each in found if each.surface() == surface)
        if _KANA.fullmatch(surface):
            readings = {to_hiragana(surface): None}
        return Word(surface, morpheme.part_of_speech()[:2], tuple(filter(_KANA.fullmatch, readings)))


def _misread(told: str) -> Unusable:
    return Unusable([Flaw(told, "a reading was not the dictionary's")])


def _spell(words_at: WordsAt, end: int, wanted: str) -> tuple[tuple[Word, str], ...] | None:
    """Words from the first letter to the last with one reading each, which together are what is wanted."""

    @cache
    def rest(start: int, heard: int) -> tuple[tuple[Word, str], ...] | None:
        if start == end:
            return () if heard == len(wanted) else None
        for word in words_at(start):
            for reading in word.readings:
                after = start + len(word.surface), heard + len(reading)
                if wanted.startswith(reading, heard) and (found := rest(*after)) is not None:
                    return (word, reading), *found
        return None

    return rest(0, 0)


def _pieces(words: Sequence[tuple[Word, str]]) -> Iterator[str]:
    """Endings stay with their verb and prefixes with their noun; particles stand alone and sound as they do."""
    joined = True
    for word, reading in words:
        kind, _ = word.part_of_speech
        yield "" if joined or kind == "助動詞" or word.part_of_speech in _ATTACHED else " "
        yield _SPOKEN.get(reading, reading) if kind == "助詞" else reading
        joined = kind == "接頭辞"
