"""What a poem pays for bringing up what nobody spoke of: grief, a festival, another story, a line that would fit any poem."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workers.providers.local.poet.combine import Triples
from workers.providers.local.poet.contradictions import kinds_of
from workers.providers.local.poet.fragments import Bank, Fragment

ByLine = Sequence[NDArray[np.float32]]
"""A score for each fragment, the openings first, then the middles, then the closings."""

_HEAVY = 0.5
"""What it costs to speak of death, war or sickness to someone who did not."""
_HEAVY_KINDS = frozenset({"grief", "sick"})
_OF_WORK = 0.45
"""What it costs to go on with a story of work, of an exam, a move or a lost game."""
_STRAINS = frozenset({"work", "defeat", "moving", "exam", "traffic jam"})
_UNASKED = 0.32
"""What it costs to open with more than wind and weather, flowers and birds: with a bear, say."""
_DEFINING = 0.7
"""What it costs to open with what freedom or courage is."""
_HELD = "bus, coins, curtain, journey, letter, lost umbrella, luggage, peace, receipts, runny nose, steam, tie"
_PROPS = frozenset(_HELD.split(", "))
"""What a line holds, looks past, comes from or wishes for: its poem should be of that."""
_KIN = "brother, clinic, club, dentist, dog, father, friend, grandfather, grandmother, mother, relay, school, sister"
_COMPANY = frozenset(_KIN.split(", "))
_COMPANY_COST = 0.33
"""Whom a line brings in as if they had been spoken of all along."""
_STOCK = 0.12
"""What it costs to go on or to close with the line that fits more poems than any other."""
_ASIDE = 0.1
"""What it costs to go on with a story of its own, or away to the sea, rather than with what is to be seen and heard."""
_SIGHTS = """
    afar afloat birdsong body boundless calming deserted flyer hushed lamplit lit low met open outlook rainy reflection seaside
    seen sky skyward unchanging view wide windswept wings woods
"""
_SCENERY = frozenset(_SIGHTS.split())
"""Joints of lines that tell no story."""
_ABOUT = 4
"""A line is about its first tags."""
_SPOKEN_OF, _HEAVY_SPOKEN_OF = 0.3, 0.7
"""From this closeness on someone did speak of it."""


def costs_of(bank: Bank, poems: Triples) -> ByLine:
    """What each fragment costs where nobody spoke of it."""
    openings, middles, closings = (costs_of_openings(slot) for slot in bank.slots)
    stock_middles, stock_closings = (np.float32(_STOCK) * _ease(poems[:, slot], len(bank.slots[slot])) for slot in (1, 2))
    return openings, middles + stock_middles, closings + stock_closings


def costs_of_openings(openings: Sequence[Fragment]) -> NDArray[np.float32]:
    return np.array([_cost(fragment) for fragment in openings], dtype=np.float32)


def uncalled_for(costs: ByLine, near: Sequence[ByLine]) -> ByLine:
    """`near` holds for each phrase spoken how close every fragment is to it."""
    closest = [np.max([by_line[slot] for by_line in near], axis=0, initial=0) for slot in range(len(costs))]
    return [np.where(close > _threshold(cost), np.float32(0), cost) for close, cost in zip(closest, costs, strict=True)]


def _threshold(cost: NDArray[np.float32]) -> NDArray[np.float32]:
    """A sister is near to a mother, and nobody spoke of the mother."""
    strict = (cost >= _HEAVY) | np.isclose(cost, _COMPANY_COST)
    return np.where(strict, np.float32(_HEAVY_SPOKEN_OF), np.float32(_SPOKEN_OF))


def _cost(fragment: Fragment) -> float:
    kinds = kinds_of(fragment)
    if not kinds.isdisjoint(_HEAVY_KINDS):
        return _HEAVY
    goes_with_all = "wild" in kinds and "animal" not in fragment.tags and fragment.doing is None
    goes_with_all = goes_with_all and fragment.season not in (None, "new year")
    if "definition" in fragment.tags:
        return _DEFINING
    if fragment.needs and ("worker" in kinds or not _STRAINS.isdisjoint(fragment.tags)):
        return _OF_WORK
    if "wave" in fragment.needs | fragment.offers or fragment.ground == "sea":
        return _ASIDE
    if not fragment.cut and not _COMPANY.isdisjoint(fragment.tags[:_ABOUT]):
        return _COMPANY_COST
    if fragment.needs and not _PROPS.isdisjoint(fragment.tags):
        return _UNASKED
    if fragment.needs:
        return 0.0 if fragment.needs & _SCENERY else _ASIDE
    return _UNASKED if fragment.cut and not goes_with_all else 0.0


def _ease(chosen: NDArray[np.int32], fragments: int) -> NDArray[np.float32]:
    """How many more poems than half of its slot each fragment fits: 0 for that half, 1 for the one that fits most."""
    fitted = np.bincount(chosen, minlength=fragments).clip(1)
    over = np.log(fitted / np.median(fitted)).clip(0)
    return np.asarray(over / over.max(), dtype=np.float32)
