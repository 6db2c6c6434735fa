"""A second measure of loudness, written apart from ours: sample by sample, its filters designed from their analogue form."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Biquad(NamedTuple):
    """Normalised coefficients: a0 is 1."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def lufs(samples: NDArray[np.float64], rate: int) -> float:
    """BS.1770 with the filter parameters of De Man, "Evaluation of implementations of the EBU R128 loudness measurement"."""
    shelf = _design(1681.974450955533, 0.7071752369554196, 10 ** (3.999843853973347 / 20), rate)
    high_pass = _high_pass(38.13547087602444, 0.5003270373238773, rate)
    weighted = np.array(_filter(_filter(samples.tolist(), shelf), high_pass))
    return _gated(weighted, rate)


def _gated(weighted: NDArray[np.float64], rate: int) -> float:
    size, step = int(0.4 * rate), int(0.1 * rate)
    powers = [float(np.mean(weighted[at : at + size] ** 2)) for at in range(0, len(weighted) - size + 1, step)]
    loud = [power for power in powers if power > 0 and _level(power) > -70]
    gate = _level(sum(loud) / len(loud)) - 10
    kept = [power for power in loud if _level(power) > gate]
    return _level(sum(kept) / len(kept))


def _level(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _design(frequency: float, quality: float, high: float, rate: int) -> Biquad:
    k = math.tan(math.pi * frequency / rate)
    band = high**0.4996667741545416
    a0 = 1 + k / quality + k * k
    return Biquad(
        (high + band * k / quality + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / quality + k * k) / a0,
        2 * (k * k - 1) / a0,
        (1 - k / quality + k * k) / a0,
    )


def _high_pass(frequency: float, quality: float, rate: int) -> Biquad:
    k = math.tan(math.pi * frequency / rate)
    a0 = 1 + k / quality + k * k
    return Biquad(1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0)


def _filter(samples: Sequence[float], by: Biquad) -> list[float]:
    filtered: list[float] = []
    x1 = x2 = y1 = y2 = 0.0
    for x in samples:
        y = by.b0 * x + by.b1 * x1 + by.b2 * x2 - by.a1 * y1 - by.a2 * y2
        x1, x2, y1, y2 = x, x1, y, y1
        filtered.append(y)
    return filtered
