"""Every way three fragments make a poem: grammar, one season word, one weather, one hour, nothing said twice."""

from collections.abc import Callable, Sequence
from typing import TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from workers.providers.local.poet.contradictions import kinds_of, show_the_same, shunned_by, words_of
from workers.providers.local.poet.fragments import Bank, Fragment, Place, Sky, Time

Triples = NDArray[np.int32]
"""One poem a row: the numbers of its opening, middle and closing."""

_Pairs = NDArray[np.bool_]
_T = TypeVar("_T")

_AXES: tuple[tuple[Callable[[Fragment], frozenset[str]], tuple[str, ...]], ...] = (
    (lambda fragment: fragment.places, get_args(Place)),
    (lambda fragment: fragment.times, get_args(Time)),
    (lambda fragment: fragment.skies, get_args(Sky)),
)

_ENDINGS = {
    "ya": ("noun", "verb"),
    "sentence": ("noun", "verb"),
    "noun": ("noun", "verb", "yo", "keri"),
    "link": ("noun", "yo", "kana"),
}
"""One cut a poem: よ and けり want an opening without や, かな one that flows on."""


def all_poems(bank: Bank) -> Triples:
    opening_middle = _harmony(bank.openings, bank.middles) & _pairs(bank.openings, bank.middles, _flows)
    middle_closing = _harmony(bank.middles, bank.closings) & _pairs(bank.middles, bank.closings, _joins)
    opening_closing = _harmony(bank.openings, bank.closings) & _pairs(bank.openings, bank.closings, _frames)
    poems = opening_middle[:, :, None] & middle_closing[None, :, :] & opening_closing[:, None, :]
    for choose, values in _AXES:
        o, m, c = (_masks(slot, choose, values) for slot in bank.slots)
        poems &= (o[:, None, None] & m[None, :, None] & c[None, None, :]) != 0
    return np.argwhere(poems).astype(np.int32)


def _flows(opening: Fragment, middle: Fragment) -> bool:
    """An opening that leans on what follows (…の, …は) needs a middle that hangs on a noun."""
    return opening.cut != "link" or middle.adnominal


def _joins(middle: Fragment, closing: Fragment) -> bool:
    return middle.needs <= closing.offers and (middle.adnominal or closing.ending != "kana")


def _frames(opening: Fragment, closing: Fragment) -> bool:
    return (opening.season is None) != (closing.season is None) and closing.ending in _ENDINGS[opening.cut]


def _harmony(ones: Sequence[Fragment], others: Sequence[Fragment]) -> _Pairs:
    """Nothing one line says contradicts or repeats the other."""
    clash = _meet(ones, others, shunned_by, kinds_of) | _meet(ones, others, kinds_of, shunned_by)
    return ~clash & ~_meet(ones, others, words_of, words_of) & ~_pairs(ones, others, show_the_same)


def _meet(
    ones: Sequence[Fragment],
    others: Sequence[Fragment],
    of_one: Callable[[Fragment], frozenset[str]],
    of_other: Callable[[Fragment], frozenset[str]],
) -> _Pairs:
    """Whether what one fragment has and what the other has overlap."""
    left, right = [of_one(one) for one in ones], [of_other(other) for other in others]
    numbers = {word: number for number, word in enumerate(sorted(frozenset().union(*left, *right)))}
    return (_incidence(left, numbers) @ _incidence(right, numbers).T) > 0


def _incidence(sets: Sequence[frozenset[str]], numbers: dict[str, int]) -> NDArray[np.float32]:
    rows = np.zeros((len(sets), len(numbers)), dtype=np.float32)
    for row, words in zip(rows, sets, strict=True):
        row[[numbers[word] for word in words]] = 1
    return rows


def _pairs(ones: Sequence[Fragment], others: Sequence[Fragment], fit: Callable[[Fragment, Fragment], bool]) -> _Pairs:
    return np.array([[fit(one, other) for other in others] for one in ones], dtype=np.bool_)


def _masks(
    fragments: Sequence[Fragment], choose: Callable[[Fragment], frozenset[str]], values: Sequence[str]
) -> NDArray[np.uint8]:
    """One bit for each value a fragment allows; saying none allows all."""
    masks = [sum(1 << n for n, value in enumerate(values) if value in (choose(f) or values)) for f in fragments]
    return np.array(masks, dtype=np.uint8)
