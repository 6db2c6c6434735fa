"""Kana as spoken become OpenJTalk's labels, mora for mora as they are written."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from core.errors import GiveUp
from core.kana import romaji, split_morae, to_katakana

if TYPE_CHECKING:
    from pyopenjtalk.types import NJDFeature

_WRITTEN = {"わ": "は", "お": "を", "え": "へ"}
_PARTICLES = {*"はをへがのにとでもやかな", "から", "まで", "より", "だけ", "など", "ども", "ほど", "かな"}
_LONGER = {"a": ("a",), "i": ("i",), "u": ("u",), "e": ("e", "i"), "o": ("o", "u")}
_DEVOICED = "’"
_MORA_ENDS = frozenset("aiueoAIUEO") | {"N", "cl"}
"""The phonemes that close a mora: vowels (capitals are devoiced), ん and っ."""


class Utterance(Struct, frozen=True):
    """Full-context labels, one a phoneme with silence at both ends, and the label each word begins with."""

    labels: list[str]
    word_starts: tuple[int, ...]


def utter(words: Sequence[str]) -> Utterance:
    """Every word must have at least one mora.

    Raises Invalid for what is not kana and GiveUp for kana no Japanese word has (ぬゃ, a leading ー), which OpenJTalk
    would speak as another number of morae, or not at all.
    """
    import pyopenjtalk

    first_morae = list(_running_total([len(split_morae(word)) for word in words]))
    labels = pyopenjtalk.make_label(_features(words))
    starts = _mora_starts([_phoneme(label) for label in labels])
    if len(starts) != first_morae.pop():
        raise GiveUp("This line cannot be spoken mora for mora as it is written.")
    return Utterance(labels, tuple(starts[mora] for mora in first_morae))


def _features(words: Sequence[str]) -> "list[NJDFeature]":
    """What OpenJTalk makes of the line, or of each word alone where the line does not come out mora for mora."""
    whole = _read(" ".join(_phrases(words)), [mora for word in words for mora in _spoken(word)])
    if whole is not None:
        return whole
    return [feature for word in words for feature in _read(word, _spoken(word)) or [_plain(word)]]


def _phrases(words: Sequence[str]) -> list[str]:
    """Particles go back to their spelling and their noun: OpenJTalk takes a lone お for a prefix, a lone が for "but"."""
    phrases: list[str] = []
    for word in words:
        written = _WRITTEN.get(word, word)
        if phrases and written in _PARTICLES:
            phrases[-1] += written
        else:
            phrases.append(word)
    return phrases


def _read(text: str, wanted: Sequence[str]) -> "list[NJDFeature] | None":
    """OpenJTalk's reading with its accents, corrected wherever it guessed another mora; None if the counts differ."""
    import pyopenjtalk

    # Sudachi and the 何 model only choose between readings of kanji.
    features = pyopenjtalk.run_frontend(text, use_sudachi_kanji_yomi=False, predict_nani=False)
    guesses = [split_morae(feature["pron"].replace(_DEVOICED, "")) for feature in features]
    guessed = [mora for guess in guesses for mora in guess]
    if len(guessed) != len(wanted):
        return None
    wrong = [heard != meant for heard, meant in zip(_sounds(guessed), _sounds(wanted), strict=True)]
    bounds = pairwise(_running_total([len(guess) for guess in guesses]))
    return [
        _corrected(feature, wanted[start:end]) if any(wrong[start:end]) else feature
        for feature, (start, end) in zip(features, bounds, strict=True)
    ]


def _sounds(morae: Sequence[str]) -> list[str]:
    """What each mora sounds like, all ways to write a longer vowel (とう, とー) being one."""
    sounds: list[str] = []
    vowel = ""
    for mora in morae:
        sound = romaji(mora)
        longer = mora == "ー" or sound in _LONGER.get(vowel, ())
        vowel = vowel if longer else sound[-1:]
        sounds.append("ー" if longer else sound)
    return sounds


def _spoken(word: str) -> list[str]:
    """Katakana morae, with おう as the long vowel it is."""
    morae = [to_katakana(mora) for mora in split_morae(word)]
    before = ["", *morae]
    return ["ー" if mora == "ウ" and romaji(last).endswith("o") else mora for last, mora in zip(before, morae, strict=False)]


def _corrected(feature: "NJDFeature", wanted: Sequence[str]) -> "NJDFeature":
    return {**feature, "pron": "".join(wanted)}


def _plain(word: str) -> "NJDFeature":
    """A word OpenJTalk cannot read: a noun as it is written, with the flat accent most nouns have."""
    morae = _spoken(word)
    return {
        "string": word,
        "pos": "名詞",
        "pos_group1": "一般",
        "pos_group2": "*",
        "pos_group3": "*",
        "ctype": "*",
        "cform": "*",
        "orig": word,
        "read": "".join(morae),
        "pron": "".join(morae),
        "acc": 0,
        "mora_size": len(morae),
        "chain_rule": "*",
        "chain_flag": 0,
        "is_reading_protected": False,
        "is_reading_rewritten": False,
    }


def _phoneme(label: str) -> str:
    return label.split("-", 1)[1].split("+", 1)[0]


def _mora_starts(phonemes: Sequence[str]) -> list[int]:
    """The label at which each mora begins."""
    starts: list[int] = []
    start: int | None = None
    for number, phoneme in enumerate(phonemes):
        if phoneme in ("sil", "pau"):
            continue
        start = number if start is None else start
        if phoneme in _MORA_ENDS:
            starts.append(start)
            start = None
    return starts


def _running_total(sizes: Sequence[int]) -> Iterator[int]:
    total = 0
    yield total
    for size in sizes:
        total += size
        yield total
