"""A garden looks like one."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import garden, settings
from workers.providers.local.painter.sight import see


@pytest.mark.parametrize("shows", ["red flowers bloom along a garden path", "stepping stones cross a small garden"])
def test_a_garden_is_painted_where_it_is_named(shows: str) -> None:
    assert settings.choose(see(shows, "spring")) == "garden"


@pytest.mark.parametrize("seed", range(5))
def test_a_garden_has_a_wall_and_a_yard_has_none(seed: int) -> None:
    laid, yard = (stage_for(shows, season="summer", seed=seed) for shows in ("flowers sway in a garden", "a yard"))

    for stage in (laid, yard):
        garden.garden(stage)

    foot = int(laid.y(laid.horizon + 0.1))
    lines = [np.abs(np.diff(stage.sheet.rgb[foot - 26 : foot + 2].mean(axis=2), axis=0)).max(axis=0) for stage in (laid, yard)]
    assert (lines[0] > 0.15).mean() > 0.9, "its coping runs from edge to edge"
    assert (lines[1] > 0.15).mean() < 0.5


@pytest.mark.parametrize("seed", range(5))
def test_gravel_is_white_and_raked(seed: int) -> None:
    stage = stage_for("flowers sway in a garden", season="summer", seed=seed)

    garden.garden(stage)

    bed = stage.sheet.rgb[265:296, int(0.35 * SIDE) : int(0.6 * SIDE)]
    assert np.median(bed) > 0.72
    assert abs(float(np.median(bed[..., 1] - bed[..., 2]))) < 0.08, "not green"
    rows = bed.mean(axis=(1, 2))
    assert (np.diff(np.sign(np.diff(rows))) != 0).sum() >= 4, "furrow after furrow"


@pytest.mark.parametrize("seed", range(5))
def test_stepping_stones_grow_towards_the_viewer(seed: int) -> None:
    stage = stage_for("stepping stones cross a small garden", season="summer", seed=seed)

    garden.garden(stage)

    x = int(stage.stands * SIDE)
    way = stage.sheet.rgb[:, x - 40 : x + 40]
    gray = (way[..., 1] - way[..., 2] < 0.015) & (way.mean(axis=2) > 0.5)
    far, near = gray[int(0.74 * SIDE) : int(0.82 * SIDE)].sum(axis=1), gray[int(0.88 * SIDE) : int(0.97 * SIDE)].sum(axis=1)
    assert far.max() >= 4
    assert near.max() > 1.5 * far.max()
