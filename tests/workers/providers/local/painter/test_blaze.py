"""A fire burns: its smoke comes out of it, the earth about it is lit, and no two have the same tongues."""

import numpy as np
import pytest
from numpy.typing import NDArray

from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sketch import At, draw, sketches

EARTH = (0.72, 0.78, 0.66)
X, Y, SIZE = 200, 300, 60


def _burning(seed: int) -> Sheet:
    sheet = Sheet(400, 400, np.random.default_rng(seed), EARTH)
    draw(sheet, sketches()["fire"], At(X, Y, SIZE, turned=False, lit=True))
    return sheet


def _flames(seed: int) -> NDArray[np.bool_]:
    red, _, blue = np.moveaxis(_burning(seed).rgb[Y - SIZE : Y - SIZE // 3, X - SIZE : X + SIZE], 2, 0)
    return np.asarray(red - blue > 0.25)


@pytest.mark.parametrize("seed", range(4))
def test_smoke_comes_out_of_the_flames(seed: int) -> None:
    column = np.abs(_burning(seed).rgb[Y - int(1.5 * SIZE) : Y, X - SIZE : X + SIZE] - EARTH).max(axis=(1, 2))

    assert column.min() > 0.04


@pytest.mark.parametrize("seed", range(4))
def test_the_earth_is_lit_to_either_side_and_the_sky_is_not(seed: int) -> None:
    warm = _burning(seed).rgb[..., 0] - _burning(seed).rgb[..., 2] - (EARTH[0] - EARTH[2])

    beside = [warm[Y + 6, X + side * int(1.2 * SIZE)] for side in (-1, 1)]
    above = [warm[Y - int(1.2 * SIZE), X + side * SIZE] for side in (-1, 1)]
    assert min(beside) > 0.08
    assert max(above) < min(beside)


def test_no_two_fires_have_the_same_tongues() -> None:
    one, other = _flames(1), _flames(2)

    assert one.sum() > 200
    assert (one & other).sum() < 0.7 * (one | other).sum()
