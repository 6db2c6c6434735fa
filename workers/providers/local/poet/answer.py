"""Answer a question about the poem or the poet; the poem stays as it is meanwhile."""

import re
import unicodedata

from core.contracts.haiku import Line, Poem
from core.kana import romaji, to_hiragana
from workers.providers.local.poet.contradictions import english_words
from workers.providers.local.poet.tongue import Tongue, tell_season

_LATIN = re.compile(r"[a-z']+")
_KANJI = re.compile(r"[\u4e00-\u9fff]+")
_KANA_WORD = 2
_SEASON_WORD = re.compile(r"\bkigo\b|\bseason(?:al)? word\b|季語")
_WHOLE_POEM = re.compile(r"\b(?:it|this|that|poem|haiku|verse|all)\b|この|これ|俳句|句|全体|全部")
_ASKING = "mean means meaning what does the word is read say explain translate line understand pronounced of"
_ASKING_WORDS = frozenset(_ASKING.split())


def answer(asked: str, text: str, numbers: list[int], poem: Poem, tongue: Tongue) -> str:
    """`text` is the question in lower case, `numbers` the lines it names."""
    if asked == "help":
        return tongue.help
    return _explain(text, numbers, poem, tongue) if asked == "meaning" else tongue.answers[asked]


def _explain(text: str, numbers: list[int], poem: Poem, tongue: Tongue) -> str:
    if _SEASON_WORD.search(text):
        return tell_season(poem, tongue)
    lines = [poem.lines[number - 1] for number in numbers] or [line for line in poem.lines if _is_named(line, text)]
    if lines:
        return tongue.gap.join(_meaning(line, tongue) for line in lines)
    whole = tongue.answers["all_lines"].format(
        " / ".join(line.reading for line in poem.lines), " / ".join(line.english for line in poem.lines)
    )
    return whole if _WHOLE_POEM.search(text) else tongue.gap.join([tongue.answers["other_word"], whole])


def _meaning(line: Line, tongue: Tongue) -> str:
    return tongue.answers["meaning"].format(tongue.quoted.format(line.japanese), line.reading, line.english.rstrip("—,:"))


def _is_named(line: Line, text: str) -> bool:
    """Whether the question has a word of the line, in kanji, kana, romaji or English."""
    latin = (frozenset(_LATIN.findall(_plain(text))) | english_words(text)) - _ASKING_WORDS
    spoken = [word for word in line.pronunciation.split() if len(word) >= _KANA_WORD]
    if not latin.isdisjoint({_plain(romaji(word)) for word in spoken} | english_words(line.english)):
        return True
    kana = to_hiragana(text)
    return any(to_hiragana(word) in kana for word in spoken) or any(part in line.japanese for part in _KANJI.findall(text))


def _plain(text: str) -> str:
    """Without macrons, which few people type."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
