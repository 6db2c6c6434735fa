"""Thin clouds, and the shade that clouds lay on the land."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import heavens, high_clouds
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.sheet import Sheet


def _white(sheet: Sheet) -> Plane:
    return np.asarray(sheet.rgb.min(axis=2) > 0.65, dtype=np.float32)


def _dark_sheet(seed: int) -> Sheet:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(seed), (0.5, 0.5, 0.5))
    sheet.rgb[:] = 0.5
    return sheet


def _edges(white: Plane, axis: int) -> float:
    """How often it changes along an axis, for as much of it as there is."""
    return float(np.abs(np.diff(white, axis=axis)).sum() / white.sum())


@pytest.mark.parametrize("seed", range(4))
def test_rippled_clouds_are_many_and_finer_further_off(seed: int) -> None:
    sheet = _dark_sheet(seed)

    high_clouds.rippled(sheet, 0.8)

    white = _white(sheet)
    assert 0.1 < white[: int(0.8 * SIDE)].mean() < 0.6
    assert _edges(white[150:230], 0) > 1.5 * _edges(white[:80], 0)
    assert not white[int(0.86 * SIDE) :].any()


@pytest.mark.parametrize("seed", range(4))
def test_trailing_clouds_are_streaks(seed: int) -> None:
    sheet = _dark_sheet(seed)

    high_clouds.trailing(sheet, 0.8)

    white = _white(sheet)
    assert white.mean() > 0.01
    assert _edges(white, 0) > 2 * _edges(white, 1)


@pytest.mark.parametrize("seed", range(4))
def test_clouds_lay_broad_shadows_that_do_not_hide_the_land(seed: int) -> None:
    sheet = _dark_sheet(seed)

    high_clouds.shade(sheet, 0.5)

    fallen: NDArray[np.bool_] = sheet.rgb.mean(axis=2) < 0.45
    assert not fallen[: SIDE // 2].any()
    assert 0.08 < fallen[SIDE // 2 :].mean() < 0.7
    assert sheet.rgb.min() > 0.2


@pytest.mark.parametrize("number", range(3))
def test_fireworks_at_the_edge_of_the_sky_are_small_and_low(number: int) -> None:
    stages = [stage_for(f"small fireworks open {where}", number=number) for where in ("above", "at the edge of the night sky")]

    high, low = (heavens.bursts(stage) for stage in stages)

    assert max(size for _, _, size, _ in low) < 0.6 * max(size for _, _, size, _ in high)
    assert min(height for _, height, _, _ in low) > max(height for _, height, _, _ in high)
