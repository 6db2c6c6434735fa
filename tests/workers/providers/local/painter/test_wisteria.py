"""Wisteria in flower."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.wisteria import wisteria


@pytest.mark.parametrize("lean", [-1, 1])
@pytest.mark.parametrize("seed", range(3))
def test_wisteria_hangs_violet_from_the_top_and_its_clusters_end_in_points(seed: int, lean: int) -> None:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(seed), (0.96, 0.945, 0.905))

    wisteria(sheet, Spot(24 if lean > 0 else 276, 318, 90, lean, light("spring", "day")))

    violet = (sheet.rgb[..., 2] > sheet.rgb[..., 1] + 0.1) & (sheet.rgb[..., 0] > sheet.rgb[..., 1])
    rows = violet.sum(axis=1)
    first, last = np.flatnonzero(rows > 2)[[0, -1]]
    assert first < 0.3 * SIDE
    assert last - first > 0.2 * SIDE
    assert rows[first : first + (last - first) // 3].sum() > 2 * rows[last - (last - first) // 3 : last].sum()
    assert (violet.sum(axis=0) > 8).mean() > 0.25
