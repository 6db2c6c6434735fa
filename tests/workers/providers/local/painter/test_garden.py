"""A garden looks like one."""

import numpy as np
import pytest
from msgspec.structs import replace

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import cast, garden, settings
from workers.providers.local.painter.azalea import clipped
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


@pytest.mark.parametrize("season", ["autumn", "winter"])
@pytest.mark.parametrize("seed", range(4))
def test_fallen_leaves_lie_on_the_ground_and_fly_in_no_air(season: Season, seed: int) -> None:
    stage = stage_for("fallen leaves lie in a quiet garden", season=season, seed=seed)
    garden.garden(stage)
    before = stage.sheet.rgb.copy()

    cast.fall(stage)

    drawn = np.abs(stage.sheet.rgb - before).max(axis=2) > 0.1
    assert not drawn[: int(stage.y(stage.middle))].any()
    assert drawn.sum() > 400


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_a_tree_in_a_garden_is_rooted_behind_its_gravel_and_covers_no_half_of_it(number: int, seed: int) -> None:
    stage = stage_for("fallen leaves lie in a quiet garden", season="winter", number=number, seed=seed)
    garden.garden(stage)
    before = stage.sheet.rgb.copy()

    cast.plant(stage)

    grown = np.abs(stage.sheet.rgb - before).max(axis=2) > 0.2
    assert 0.01 < grown.mean() < 0.2
    gravel = int(stage.y(stage.horizon + 0.1 + 0.42 * (0.9 - stage.horizon)))
    assert grown[gravel:].mean() < 0.02


@pytest.mark.parametrize("seed", range(4))
def test_no_dry_grass_grows_on_raked_gravel(seed: int) -> None:
    stage = stage_for("a quiet garden", season="autumn", seed=seed)

    garden.garden(stage)

    near = stage.sheet.rgb[int(0.9 * SIDE) :]
    assert (near[..., 0] - near[..., 2] > 0.12).sum() < 10


@pytest.mark.parametrize("seed", range(4))
def test_a_clipped_bush_is_round_below(seed: int) -> None:
    stage = stage_for("a garden", seed=seed)
    through = shown_through(lambda sheet: clipped(replace(stage, sheet=sheet), 150, 150, 40), seed)

    body = through < 0.4
    lowest = [np.nonzero(body[:, x])[0].max() for x in range(118, 183)]
    assert max(lowest) - min(lowest[0], lowest[-1]) > 3
