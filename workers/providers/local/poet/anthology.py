"""All poems the bank can make, and quick questions to all of them at once."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.contracts.haiku import Poem
from workers.providers.local.minilm.bert import Vectors
from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet.combine import Continuations, Triples
from workers.providers.local.poet.contradictions import english_words
from workers.providers.local.poet.fragments import Bank, Fragment, read_bank
from workers.providers.local.poet.tag_vectors import TagVectors, read_tag_vectors, tags_of
from workers.providers.local.poet.uncalled_for import ByLine, costs_of, costs_of_openings
from workers.providers.local.poet.vocabulary import Vocabulary, singular

Verse = tuple[Fragment, Fragment, Fragment]
Some = NDArray[np.bool_]
Scores = NDArray[np.float32]
Among = slice | NDArray[np.intp]
ALL = slice(None)
"""The poems that are asked about, by their numbers."""
_ABSENT = -1
_REMEMBERED = 512
_CLOSE = 0.4
"""Below this nearness MiniLM only sees letters alike."""
_LATER_TAG = 0.9
"""A fragment is about its first tags before the later ones."""


class Anthology:
    """Some poems of the bank. `poems` are numbers of the fragments, `costs` what each fragment costs where nobody spoke of it."""

    def __init__(
        self, minilm: MiniLM, bank: Bank, vocabulary: Vocabulary, continuations: Continuations, known: TagVectors,
        poems: Triples, costs: ByLine, base: "Anthology | None" = None,
    ) -> None:  # fmt: skip
        """What `base` has found out of the same middles and closings is not found out again."""
        self._minilm = minilm
        self.bank = bank
        self.fragments = tuple(fragment for slot in bank.slots for fragment in slot)
        self.vocabulary = vocabulary
        self._continuations = continuations
        self.poems = poems
        self.costs = costs
        # A column for each line lies together, in the numbers that numpy looks up by: all poems are read for each question.
        self._lines = np.ascontiguousarray(poems.T, dtype=np.intp)
        self._known = known
        self._numbers = {tag: number for number, tag in enumerate(known.tags)}
        self._stems = tuple(singular(tag) for tag in known.tags)
        self.nearness = lru_cache(maxsize=_REMEMBERED)(self._measure)
        more = ((0, 0), (0, len(known.tags) - len(base._known.tags))) if base else ()
        self._reach = [self._reach_of_all(bank.openings)]
        self._reach += [np.pad(r, more) for r in base._reach[1:]] if base else map(self._reach_of_all, bank.slots[1:])
        self._english = [[english_words(fragment.english) for fragment in slot] for slot in bank.slots]
        self.kinship = self._kinship()

    @classmethod
    def of_all(cls, minilm: MiniLM) -> "Anthology":
        """Every poem the bank can make. Takes a fifth of a second: it compares every fragment with every other."""
        bank = read_bank()
        fragments = [fragment for slot in bank.slots for fragment in slot]
        continuations = Continuations(bank)
        poems = continuations.of(bank.openings)
        return cls(minilm, bank, Vocabulary(fragments), continuations, read_tag_vectors(), poems, costs_of(bank, poems))

    def opened(self, opening: Fragment, *, alone: bool) -> "Anthology":
        """The poems that begin with an opening that is not of the bank; all the others too, unless it is to be alone."""
        openings = (opening,) if alone else (*self.bank.openings, opening)
        bank = Bank(openings, self.bank.middles, self.bank.closings)
        poems = self._continuations.of((opening,)) + np.array([len(openings) - 1, 0, 0], dtype=np.int32)
        return Anthology(
            self._minilm, bank, self.vocabulary, self._continuations, self._known.with_tags(tags_of(opening), self._minilm),
            poems if alone else np.concatenate([self.poems, poems]), (costs_of_openings(openings), *self.costs[1:]), self,
        )  # fmt: skip

    def verse(self, poem: int) -> Verse:
        opening, middle, closing = self.poems[poem]
        return self.bank.openings[opening], self.bank.middles[middle], self.bank.closings[closing]

    def lines_of(self, poem: Poem) -> tuple[int, int, int]:
        """The fragments' numbers, -1 for a line that is not from this bank."""
        numbers = [
            next((n for n, fragment in enumerate(slot) if fragment.japanese == line.japanese), _ABSENT)
            for slot, line in zip(self.bank.slots, poem.lines, strict=True)
        ]
        return numbers[0], numbers[1], numbers[2]

    def find(self, poem: Poem) -> int | None:
        """The poem's number; None when a line of it is not from this bank."""
        found = np.flatnonzero((self.poems == np.array(self.lines_of(poem))).all(axis=1))
        return int(found[0]) if len(found) else None

    def has_opening(self, japanese: str) -> bool:
        return any(opening.japanese == japanese for opening in self.bank.openings)

    def any_line(self, says: Callable[[Fragment], bool]) -> Some:
        by_line = (np.array([says(fragment) for fragment in slot], dtype=np.bool_) for slot in self.bank.slots)
        o, m, c = (said[numbers] for said, numbers in zip(by_line, self._lines, strict=True))
        return np.asarray(o | m | c, dtype=np.bool_)

    def per_line(self, score: Callable[[Fragment], float], among: Among = ALL) -> Scores:
        """A score for each line of these poems: three rows, a column for each poem."""
        by_line = [np.array([score(fragment) for fragment in slot], dtype=np.float32) for slot in self.bank.slots]
        return self.spread(by_line, among)

    def spread(self, by_line: ByLine, among: Among = ALL) -> Scores:
        """The same from scores of the fragments."""
        return np.stack([scores[numbers] for scores, numbers in zip(by_line, self._lines[:, among], strict=True)])

    def said(self, phrase: str) -> ByLine:
        """1 for each fragment whose English says every word of the phrase, 0 for the others."""
        words = english_words(phrase)
        return [np.array([bool(words) and words <= each for each in slot], dtype=np.float32) for slot in self._english]

    def closeness(self, phrase: str) -> ByLine:
        """How much each fragment is about the phrase, from 0 to 1."""
        near = ((self.nearness(phrase) - _CLOSE) / (1 - _CLOSE)).clip(0)
        return [(reach * near).max(axis=1) for reach in self._reach]

    def is_tag(self, word: str) -> bool:
        return word in self._numbers

    def near(self, phrase: str, tag: str) -> float:
        """How near this one tag is in meaning."""
        return float(self.nearness(phrase)[self._numbers[tag]])

    def _measure(self, phrase: str) -> Scores:
        """How near every tag is in meaning, from about 0 to 1."""
        number = self._numbers.get(phrase)
        vector = self._minilm.embed([phrase])[0] if number is None else self._known.vectors[number]
        near: Scores = self._known.vectors @ vector
        stem = singular(phrase)
        near[[_begins(tag, known, stem) for tag, known in zip(self._known.tags, self._stems, strict=True)]] = 0
        return near

    def _reach_of_all(self, fragments: Sequence[Fragment]) -> Scores:
        return np.stack([self._reach_of(fragment) for fragment in fragments])

    def _reach_of(self, fragment: Fragment) -> Scores:
        reach = np.zeros(len(self._numbers), dtype=np.float32)
        for place, tag in enumerate(tags_of(fragment)):
            reach[self._numbers[tag]] = max(reach[self._numbers[tag]], _LATER_TAG**place)
        return reach

    def _kinship(self) -> Scores:
        """How well the three lines' worlds agree, for each poem."""
        vectors = [np.array([self._world(fragment) for fragment in slot]) for slot in self.bank.slots]
        o, m, c = self.poems.T
        pairs = ((0, o, 1, m), (1, m, 2, c), (0, o, 2, c))
        agreed = sum((vectors[a] @ vectors[b].T)[one, other] for a, one, b, other in pairs)
        return np.asarray(agreed / len(pairs), dtype=np.float32)

    def _world(self, fragment: Fragment) -> Vectors:
        mean: Vectors = self._known.vectors[[self._numbers[tag] for tag in tags_of(fragment)]].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _begins(tag: str, tag_stem: str, stem: str) -> bool:
    """MiniLM reads word pieces, and takes a dragon for a dragonfly."""
    return tag.startswith(stem) and tag_stem != stem and " " not in tag and len(tag) > len(stem) + 2
