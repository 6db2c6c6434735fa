"""What water does."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import SIDE
from workers.providers.local.painter import water
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.sheet import Sheet

MIDDLE, RADIUS = 150.0, 90.0


def rung(hour: str) -> NDArray[np.float32]:
    """How much a ring about the middle changes each place."""
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(2), (0.5, 0.55, 0.6))
    before = sheet.rgb.copy()
    water.ring(sheet, light("summer", hour), MIDDLE, MIDDLE, RADIUS)
    return np.asarray(np.abs(sheet.rgb - before).max(axis=2), dtype=np.float32)


@pytest.mark.parametrize("hour", ["day", "night"])
def test_a_ring_on_water_is_closed_and_thin(hour: str) -> None:
    changed = rung(hour)

    turn, about = np.linspace(0, 2 * np.pi, 120), np.linspace(0.96, 1.03, 15)[:, None]
    rows, columns = MIDDLE + 0.3 * RADIUS * about * np.sin(turn), MIDDLE + RADIUS * about * np.cos(turn)
    line = changed[rows.astype(int), columns.astype(int)].max(axis=0)
    assert line.min() > 0.2 * line.max()
    assert (changed > 0.3 * line.max()).sum() < 2.2 * 4.6 * RADIUS, "its length is 4.6 of its radius"


def test_rings_have_one_middle() -> None:
    rows, columns = np.nonzero(rung("day") > 0.02)

    assert abs(rows.min() + rows.max() - 2 * MIDDLE) < 4
    assert abs(columns.min() + columns.max() - 2 * MIDDLE) < 4
