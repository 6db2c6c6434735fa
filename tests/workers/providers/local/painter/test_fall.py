"""A waterfall: where it comes from and where it ends."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import land, shores, water
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.texture import Face

LIGHT = light("summer", "day")


def test_a_fall_bends_over_its_lip() -> None:
    through = shown_through(lambda sheet: water.waterfall(sheet, LIGHT, 0.5, 0.2, 0.9))

    widths = (through < 0.3).sum(axis=1)
    assert widths[62] < 0.75 * widths[90]
    assert widths[62] > 0


@pytest.mark.parametrize("seed", range(4))
def test_the_cliffs_come_down_to_the_foot_of_the_fall(seed: int) -> None:
    stage = stage_for("a white waterfall drops between dark cliffs", season="summer", seed=seed)

    shores.fall(stage)

    at = int(stage.share(stage.focus + 0.06) * SIDE)
    grey = stage.sheet.rgb.mean(axis=2)
    beside = grey[int(0.72 * SIDE) : int(0.8 * SIDE)]
    assert min(beside[:, at - 60 : at].min(), beside[:, at : at + 60].min()) < 0.45
    pool = grey[int(0.87 * SIDE) : int(0.95 * SIDE), at - 24 : at + 24]
    assert pool.min() > 0.4, "no wedge of dark rock stands in the pool below it"


def test_the_edge_of_a_steep_hill_has_no_stairs() -> None:
    line = np.clip(np.arange(SIDE, dtype=np.float32) * 4 - 300, 60, 250).astype(np.float32)

    through = shown_through(lambda sheet: land.range_of_hills(sheet, Face(line, LIGHT.ink, 0.8, near=0.3)))

    edge = (through > 0.1) & (through < 0.9)
    assert edge[80:240, 95:135].sum(axis=0).mean() >= 2, "it is softened across, not down"
