"""Ground and hills."""

import numpy as np
import pytest

from workers.providers.local.painter import land
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.texture import Face, Hand, texture


@pytest.mark.parametrize("seed", range(5))
def test_the_edge_of_the_ground_has_no_corners(seed: int) -> None:
    sheet = Sheet(600, 600, np.random.default_rng(seed), (0.9, 0.9, 0.9))

    edge = land.outline(sheet, 0.9, 0.05)

    bends = np.abs(np.gradient(edge)[12:] - np.gradient(edge)[:-12])
    assert bends[12:-12].max() < 0.45
    assert np.ptp(edge) > 0.02 * 600


@pytest.mark.parametrize("hand", ["hemp", "axe"])
def test_no_stroke_of_a_hill_stands_on_the_mist_at_its_foot(hand: Hand) -> None:
    sheet = Sheet(600, 600, np.random.default_rng(2), (0.9, 0.9, 0.9))

    texture(sheet, Face(np.full(600, 200, dtype=np.float32), (0.2, 0.2, 0.2), 0.9, near=1.0), hand)

    dark = 0.9 - sheet.rgb.mean(axis=2)
    assert dark[200:230].max() > 0.2
    assert dark[int(200 + 15 * sheet.unit) :].max() < 0.12
