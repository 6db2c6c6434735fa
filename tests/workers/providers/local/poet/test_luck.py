"""Luck belongs to words: a bank that grows leaves the poems alone that were there."""

import numpy as np
from msgspec.structs import replace

from workers.providers.local.poet.combine import Continuations, Triples
from workers.providers.local.poet.fragments import Bank
from workers.providers.local.poet.luck import Luck


def test_a_fragment_more_changes_the_luck_of_no_other(bank: Bank) -> None:
    smaller = replace(bank, openings=bank.openings[1:])
    poems = Continuations(smaller).of(smaller.openings)[:500]

    grown, before = Luck(bank, 7), Luck(smaller, 7)

    assert np.array_equal(grown.of_lines()[0][1:], before.of_lines()[0])
    assert np.array_equal(grown.of_poems(np.add(poems, (1, 0, 0), dtype=np.int32)), before.of_poems(poems))


def test_luck_is_spread_as_it_says_and_another_for_another_seed(bank: Bank, joined: Triples) -> None:
    one, other = Luck(bank, 1).of_poems(joined), Luck(bank, 2).of_poems(joined)

    # Gumbel's distribution has the mean 0.577 and the standard deviation 1.283.
    assert abs(one.mean() - 0.577) < 0.02
    assert abs(one.std() - 1.283) < 0.02
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02
