"""Luck that hangs on a seed and on words alone: a fragment added to the bank moves no poem it is not in."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from workers.providers.local.poet.combine import Triples
from workers.providers.local.poet.fragments import Bank

_Hashes = NDArray[np.uint64]
_Reals = NDArray[np.float32]

_WEIGHTS = np.array([1, 3, 5], dtype=np.uint64)
"""Of the three lines, so that a line has another luck in another place."""


class Luck:
    def __init__(self, bank: Bank, seed: int) -> None:
        salt = _hash(f"seed {seed}")
        self._lines = [np.array([_hash(fragment.japanese) ^ salt for fragment in slot], dtype=np.uint64) for slot in bank.slots]

    def of_lines(self) -> list[_Reals]:
        """For each slot, a number for each of its fragments: mean 0, standard deviation 1."""
        return [((_uniform(line) - 0.5) * np.sqrt(12)).astype(np.float32) for line in self._lines]

    def of_poems(self, poems: Triples) -> _Reals:
        """A number for each poem, drawn from Gumbel's distribution: the highest sum with it is a draw from a softmax."""
        lines = np.stack([line[poems[:, number]] for number, line in enumerate(self._lines)], axis=1)
        return (-np.log(-np.log(_uniform((lines * _WEIGHTS).sum(axis=1, dtype=np.uint64))))).astype(np.float32)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _uniform(keys: _Hashes) -> NDArray[np.float64]:
    """Between 0 and 1, both excluded. Source: splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
    generators", 2014)."""
    mixed = keys + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return ((mixed >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
