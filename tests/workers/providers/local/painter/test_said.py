"""What is said of the land is seen in it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import placing, settings, shores, ways
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.sight import see
from workers.providers.local.painter.stage import Stage

SEEDS = range(5)


def hills(shows: str, seed: int) -> Stage:
    stage = stage_for(shows, seed=seed)
    behind(stage, 0.7, 3, 0.36)
    return stage


def inked(stage: Stage) -> NDArray[np.float32]:
    return np.asarray(1 - stage.sheet.rgb[: int(0.72 * SIDE)].mean(axis=2) / np.mean(stage.sheet.paper), dtype=np.float32)


@pytest.mark.parametrize("seed", SEEDS)
def test_dark_hills_are_darker_than_hills_and_pale_ones_paler(seed: int) -> None:
    dark, plain, pale = (inked(hills(f"{quality} hills stand there", seed)).sum() for quality in ("dark", "wide", "pale"))

    assert dark > 1.25 * plain
    assert pale < 0.8 * plain


@pytest.mark.parametrize("seed", SEEDS)
def test_high_mountains_are_higher_than_low_hills(seed: int) -> None:
    high, low = ((inked(hills(shows, seed)) > 0.05).sum() for shows in ("a steep mountain rises", "low hills lie there"))

    assert high > 1.5 * low


@pytest.mark.parametrize("seed", SEEDS)
def test_dark_water_is_darker(seed: int) -> None:
    dark, bright = (stage_for(f"{kind} pond lies there", season="summer", seed=seed) for kind in ("a dark", "a bright"))

    for stage in (dark, bright):
        shores.pond(stage)

    rows = slice(int(0.65 * SIDE), int(0.8 * SIDE))
    assert dark.sheet.rgb[rows].mean() < bright.sheet.rgb[rows].mean() - 0.12


def test_a_quality_is_of_what_it_is_said_of() -> None:
    view = see("one late house stays lit among dark hills", "winter")

    assert view.says("dark", "hills")
    assert not view.says("dark", "house")
    assert see("hills lie under a wide pale sky", "winter").says("wide", "sky")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_path_that_ends_ends_where_somebody_stands_before_water(number: int, seed: int) -> None:
    stage = stage_for("a traveler comes to the end of a path", season="summer", number=number, seed=seed)

    ways.path(stage)

    x = int(stage.stands * SIDE)
    foot = int(stage.y(stage.front))
    water, soil = stage.sheet.rgb[foot - 45 : foot - 28, x - 14 : x + 14], stage.sheet.rgb[foot + 3 : foot + 8, x - 4 : x + 5]
    grass = stage.sheet.rgb[foot + 3 : foot + 8, x - 90 : x - 50]
    assert np.median(water[..., 2] - water[..., 0]) > -0.02, "water is blue or gray"
    assert np.median(soil[..., 0] - soil[..., 1]) > np.median(grass[..., 0] - grass[..., 1]) + 0.02, "trodden earth is brown"
    assert placing.nearest(stage) == stage.stands


@pytest.mark.parametrize("seed", SEEDS)
def test_the_line_of_the_sea_is_lost_in_haze_somewhere(seed: int) -> None:
    stage = stage_for("the sea deepens in bands", season="summer", seed=seed)

    shores.sea(stage)

    line = int(stage.y(stage.horizon))
    edge = np.abs(np.diff(stage.sheet.rgb[line - 3 : line + 5].mean(axis=2), axis=0)).max(axis=0)
    assert np.quantile(edge, 0.1) < 0.6 * np.quantile(edge, 0.9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("season", ["spring", "summer", "autumn"])
def test_fields_are_many_and_a_field_is_one(season: Season, seed: int) -> None:
    many, one = (stage_for(shows, season=season, seed=seed) for shows in ("a village lies beyond the fields", "a wide field"))

    for stage in (many, one):
        settings.field(stage)

    crops, soil = ((stage.sheet.rgb[205:285, :, 0] - stage.sheet.rgb[205:285, :, 2]).std() for stage in (many, one))
    assert crops > 1.7 * soil
