"""What floats hangs in its water."""

import numpy as np
import pytest

from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sketch import At, draw, sketches

WATER = (0.6, 0.7, 0.8)
LINE = 128


@pytest.mark.parametrize("name", ["boat", "empty_boat", "swan", "floating_lantern"])
def test_what_floats_is_mirrored_below_its_waterline(name: str) -> None:
    sheet = Sheet(256, 256, np.random.default_rng(1), WATER)

    draw(sheet, sketches()[name], At(128, LINE, 60, turned=False, lit=False))

    changed = np.abs(sheet.rgb - WATER).sum(axis=2)
    above, below = changed[LINE - 30 : LINE - 8], changed[LINE + 8 : LINE + 30][::-1]
    assert float(np.corrcoef(above.ravel(), below.ravel())[0, 1]) > 0.6
    assert below.mean() < above.mean()
