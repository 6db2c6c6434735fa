"""Every way three fragments make a poem: grammar, one season word, one weather, hour, doing and ground, nothing said twice."""

import re
from collections.abc import Callable, Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from workers.providers.local.poet.contradictions import kinds_of, one_sided_of, picture_words_of, shunned_by, words_of
from workers.providers.local.poet.doings import doing_of, excluded_by
from workers.providers.local.poet.fragments import Bank, Fragment, Place, Sky, Time

Triples = NDArray[np.int32]
"""One poem a row: the numbers of its opening, middle and closing."""

_Fragments = Sequence[Fragment]
_Pairs = NDArray[np.bool_]
"""A row for each fragment of one slot, a column for each of another."""
_Of = Callable[[Fragment], frozenset[str]]

_AXES: tuple[tuple[_Of, tuple[str, ...]], ...] = (
    (lambda fragment: fragment.places, get_args(Place)),
    (lambda fragment: fragment.times, get_args(Time)),
    (lambda fragment: fragment.skies, get_args(Sky)),
)

_ENDINGS = {
    "ya": {"noun", "verb"},
    "sentence": {"noun", "verb"},
    "noun": {"noun", "verb", "yo", "keri"},
    "link": {"noun", "yo", "kana"},
}
"""One cut a poem: よ and けり want an opening without や, かな one that flows on."""

_BUSY = frozenset({"cook", "hold", "music", "play", "read", "table", "tend", "work"})
"""Doings that fill somebody's hands: who plays the piano does nothing else in the last line."""
_VERB = re.compile(r"(?<!な)[うくすつむるし]$")
"""A verb that a noun follows, now or (…し) long ago; なる, なき and ぬ only say how things are."""
_SAME_PICTURE = 0.34
"""Two scenes that share more than this part of their words show the same thing."""


class Continuations:
    """Every middle and closing that stand beside one another, and which of them continue an opening."""

    def __init__(self, bank: Bank) -> None:
        self._middles, self._closings = bank.middles, bank.closings
        self._joined = _agree(bank.middles, bank.closings) & _joins(bank.middles, bank.closings)
        self._axes = [(of, values, _masks(bank.middles, of, values), _masks(bank.closings, of, values)) for of, values in _AXES]

    def of(self, openings: _Fragments) -> Triples:
        """All poems that begin with these openings, which are numbered as they stand here."""
        to_middles = _across_the_cut(openings, self._middles) & _flows(openings, self._middles)
        to_closings = _across_the_cut(openings, self._closings) & _frames(openings, self._closings)
        axes = [(_masks(openings, of, values), theirs, others) for of, values, theirs, others in self._axes]
        poems = []
        # One opening at a time: a table of every three fragments would be a hundred times as large as the poems in it.
        for opening, (its_middles, its_closings) in enumerate(zip(to_middles, to_closings, strict=True)):
            m, c = np.flatnonzero(its_middles), np.flatnonzero(its_closings)
            meeting = [(ours[opening] & theirs[m, None] & others[c]) != 0 for ours, theirs, others in axes]
            middle, closing = np.nonzero(np.logical_and.reduce([self._joined[np.ix_(m, c)], *meeting]))
            poems.append(np.stack([np.full_like(middle, opening), m[middle], c[closing]], axis=1))
        return np.concatenate(poems).astype(np.int32)


def _flows(openings: _Fragments, middles: _Fragments) -> _Pairs:
    """An opening that leans on what follows (…に, …は) needs a middle that hangs on a noun, after に one with a verb and
    no other に."""
    leans = _which(openings, lambda opening: opening.cut == "link")
    leans_on_verb = _which(openings, lambda opening: opening.cut == "link" and opening.japanese.endswith("に"))
    hangs, does = _which(middles, _is_adnominal), _which(middles, _ends_in_verb)
    doubled = leans_on_verb[:, None] & _which(middles, lambda middle: "に" in middle.kana.split())[None, :]
    fits: _Pairs = (~leans[:, None] | hangs[None, :]) & (~leans_on_verb[:, None] | does[None, :]) & ~doubled
    return fits


def _joins(middles: _Fragments, closings: _Fragments) -> _Pairs:
    needed = np.array([len(middle.needs) for middle in middles])
    met = _shared(middles, closings, lambda middle: middle.needs, lambda closing: closing.offers) == needed[:, None]
    fits: _Pairs = met & (_which(middles, _is_adnominal)[:, None] | ~_which(closings, _ends_in_kana)[None, :])
    return fits


def _frames(openings: _Fragments, closings: _Fragments) -> _Pairs:
    seasons = _which(openings, _has_season)[:, None] != _which(closings, _has_season)[None, :]
    busy = _which(openings, _is_busy)
    acting = _which(closings, lambda closing: "act" in closing.offers)
    endings = np.array([[closing.ending in _ENDINGS[opening.cut] for closing in closings] for opening in openings])
    fits: _Pairs = seasons & endings & ~(busy[:, None] & acting[None, :])
    return fits


def _is_busy(opening: Fragment) -> bool:
    """Who does one thing in the first line does no other in the last."""
    busy = opening.doing in _BUSY or (opening.doing is not None and opening.english.startswith("I "))
    return opening.cut == "sentence" and busy


def _across_the_cut(openings: _Fragments, others: _Fragments) -> _Pairs:
    apart = _shared(openings, others, one_sided_of, one_sided_of) + _shared(openings, others, excluded_by, doing_of)
    fits: _Pairs = _agree(openings, others) & (apart == 0)
    return fits


def _agree(ones: _Fragments, others: _Fragments) -> _Pairs:
    """Nothing one line says contradicts or repeats the other."""
    clashes = _shared(ones, others, shunned_by, kinds_of) + _shared(ones, others, kinds_of, shunned_by)
    repeats = _shared(ones, others, words_of, words_of)
    fits: _Pairs = (clashes == 0) & (repeats == 0) & ~_show_the_same(ones, others) & _on_one_ground(ones, others)
    return fits


def _on_one_ground(ones: _Fragments, others: _Fragments) -> _Pairs:
    """A field and then a road are two pictures; what has no ground of its own lies on any."""
    ours, theirs = (np.array([fragment.ground or "" for fragment in slot]) for slot in (ones, others))
    fits: _Pairs = (ours[:, None] == theirs[None, :]) | (ours == "")[:, None] | (theirs == "")[None, :]
    return fits


def _show_the_same(ones: _Fragments, others: _Fragments) -> _Pairs:
    ours, theirs = ([len(picture_words_of(fragment)) for fragment in slot] for slot in (ones, others))
    fewer: NDArray[np.int64] = np.minimum.outer(ours, theirs)
    return np.asarray(_shared(ones, others, picture_words_of, picture_words_of) > _SAME_PICTURE * fewer, dtype=np.bool_)


def _shared(ones: _Fragments, others: _Fragments, of_one: _Of, of_other: _Of) -> NDArray[np.float32]:
    """How many words what one fragment has and what the other has have in common."""
    left, right = [of_one(one) for one in ones], [of_other(other) for other in others]
    numbers = {word: number for number, word in enumerate(sorted(frozenset().union(*left, *right)))}
    return _incidence(left, numbers) @ _incidence(right, numbers).T


def _incidence(sets: Sequence[frozenset[str]], numbers: dict[str, int]) -> NDArray[np.float32]:
    rows = np.zeros((len(sets), len(numbers)), dtype=np.float32)
    for row, words in zip(rows, sets, strict=True):
        row[[numbers[word] for word in words]] = 1
    return rows


def _which(fragments: _Fragments, holds: Callable[[Fragment], bool]) -> NDArray[np.bool_]:
    return np.array([holds(fragment) for fragment in fragments], dtype=np.bool_)


def _is_adnominal(middle: Fragment) -> bool:
    return middle.adnominal


def _ends_in_verb(middle: Fragment) -> bool:
    return _VERB.search(middle.japanese) is not None


def _ends_in_kana(closing: Fragment) -> bool:
    return closing.ending == "kana"


def _has_season(fragment: Fragment) -> bool:
    return fragment.season is not None


def _masks(fragments: _Fragments, of: _Of, values: Sequence[str]) -> NDArray[np.uint8]:
    """One bit for each value a fragment allows; saying none allows all."""
    masks = [sum(1 << n for n, value in enumerate(values) if value in (of(f) or values)) for f in fragments]
    return np.array(masks, dtype=np.uint8)
