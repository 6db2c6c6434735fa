"""Settings under the sky."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import SIDE, ask_for, pixels, shown_through, stage_for
from workers.providers.local.painter import compose, settings, ways
from workers.providers.local.painter.avenue import avenue
from workers.providers.local.painter.compose import picture
from workers.providers.local.painter.land import dome
from workers.providers.local.painter.roofscape import roofscape
from workers.providers.local.painter.skyline import skyline
from workers.providers.local.painter.washes import blur


def gray(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rgb.mean(axis=2), dtype=np.float32)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_ripe_fields_are_gold_and_full_of_ears(number: int) -> None:
    ripe, bare = (stage_for(shows, number=number) for shows in ("ripe fields spread below a village", "a bare field"))

    settings.field(ripe)
    settings.field(bare)

    near = slice(220, 300)
    assert (ripe.sheet.rgb[near, :, 0] - ripe.sheet.rgb[near, :, 2]).mean() > 0.25
    grain, soil = (np.abs(np.diff(gray(stage.sheet.rgb[near]), axis=1)).mean() for stage in (ripe, bare))
    assert grain > 2 * soil


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_bare_field_is_a_light_wash_without_blotches(number: int) -> None:
    stage = stage_for("a wide field lies under the open sky", number=number)

    settings.field(stage)

    soil = blur(gray(stage.sheet.rgb[225:300]), 9.0)[9:-9, 9:-9]
    assert soil.mean() > 0.6
    assert soil.std(axis=1).mean() < 0.03


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_towers_of_a_city_differ_in_height_and_the_near_ones_are_the_darker(number: int) -> None:
    stage = stage_for("tall towers rise above the city", season="summer", number=number)

    skyline(stage)

    seen = gray(stage.sheet.rgb)
    # The nearest of all stands at the edge, higher than the far ones.
    far, near = (np.quantile(seen[rows, 100:], 0.1) for rows in (slice(130, 160), slice(200, 240)))
    assert near < far - 0.08
    assert len(set(np.argmax(seen < 0.85, axis=0) // 6)) >= 8


def test_a_path_is_of_browner_earth_than_what_it_crosses() -> None:
    stage = stage_for("a narrow path runs straight through the fields", season="spring", number=0)

    ways.path(stage)

    row = stage.sheet.rgb[285]
    warmth = np.convolve(row[:, 0] - row[:, 2], np.ones(7) / 7, mode="same")
    assert warmth[10:-10].max() > np.median(warmth) + 0.04


def test_in_mist_a_path_is_seen_near_the_eye_and_lost_far_off() -> None:
    stage = stage_for("a path leads out into a wide field")
    ways.path(stage)
    through = shown_through(lambda sheet: compose.veil(replace(stage, sheet=sheet), "path"))

    far = int(stage.y(stage.middle + 0.06))
    assert through[far - 4 : far + 4].mean() < 0.6
    assert through[275:].min() > 0.95


@pytest.mark.parametrize("seed", range(5))
def test_a_white_field_is_white_though_no_snow_falls(seed: int) -> None:
    white, bare = (stage_for("sharp stars shine over a field", season="winter", seed=seed) for _ in range(2))

    settings.snowfield(white)
    settings.field(bare)

    assert np.median(gray(white.sheet.rgb[262:295])) > np.median(gray(bare.sheet.rgb[262:295])) + 0.05
    assert np.median(gray(white.sheet.rgb[262:295])) > 0.83


def test_whoever_climbs_a_hill_stands_on_the_path() -> None:
    stage = stage_for("two figures meet on a path", season="winter", number=1)

    ways.path(stage)

    seen, x, y = gray(stage.sheet.rgb), int(stage.x(stage.stands)), int(stage.y(stage.front))
    trodden = np.median(seen[y - 2 : y + 3, x - 6 : x + 7])
    # Rows enough that no one tuft of grass is all there is beside it.
    assert trodden < np.median(seen[y - 15 : y + 16, np.r_[x - 75 : x - 45, x + 45 : x + 75]]) - 0.05


@pytest.mark.parametrize("seed", range(8))
def test_a_sun_that_goes_down_beyond_roofs_is_half_gone(seed: int) -> None:
    stage = stage_for("the sun goes down red beyond the roofs of a town", season="summer", seed=seed)
    stage.view = replace(stage.view, hour="dusk")

    settings.town(stage)

    red, green, blue = (stage.sheet.rgb[..., colour] for colour in range(3))
    rows = np.flatnonzero(((red > 0.7) & (green < 0.45) & (blue < 0.45)).any(axis=1))
    assert 0.3 * 13 * stage.sheet.unit < np.ptp(rows) < 0.85 * 13 * stage.sheet.unit


def test_no_sail_that_nobody_named_sails_through_what_is_named() -> None:
    named, empty = (stage_for(f"{shows} off the white sand", number=1) for shows in ("fishing boats wait", "waves"))
    for stage in (named, empty):
        settings.OUTDOORS["beach"](stage)

    sail = np.s_[153:163, 78:102]
    assert gray(named.sheet.rgb[sail]).max() < gray(empty.sheet.rgb[sail]).max() - 0.1


@pytest.mark.parametrize("seed", range(5))
def test_houses_that_climb_a_hill_stand_higher_than_a_plain_town(seed: int) -> None:
    climbing, level = (stage_for(shows, season="summer", seed=seed) for shows in ("houses climb a steep hill", "roofs of a town"))

    for stage in (climbing, level):
        settings.town(stage)

    middle = slice(int((climbing.focus - 0.1) * SIDE), int((climbing.focus + 0.1) * SIDE))
    rows = slice(int(0.4 * SIDE), int(0.52 * SIDE))
    high, low = (np.abs(np.diff(gray(stage.sheet.rgb)[rows, middle])).mean() for stage in (climbing, level))
    assert high > 1.5 * low


@pytest.mark.parametrize("seed", range(5))
def test_no_house_on_a_hill_stands_in_the_air(seed: int) -> None:
    stage = stage_for("houses climb a steep hill", season="summer", seed=seed)
    hill = dome(stage.sheet, 0.36, 0.82, stage.share(stage.focus), stage.lean)
    sky = np.arange(SIDE)[:, None] < (hill[None, :] - 0.2) * SIDE
    before = stage.sheet.rgb.copy()

    roofscape(stage, 0.4, 7, hill)

    drawn = (stage.sheet.rgb != before).any(axis=2)
    assert drawn[~sky].mean() > 0.3
    assert not (drawn & sky).any()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("season", ["spring", "autumn"])
def test_the_leaves_of_an_avenue_are_its_crowns(season: Season, seed: int) -> None:
    stage = stage_for("two rows of trees lead along a straight road", season=season, seed=seed)
    through = shown_through(lambda sheet: avenue(replace(stage, sheet=sheet)), seed)

    foot, tall = stage.y(0.6 + 0.4 / 1.6), 62 / 1.6 * stage.sheet.unit
    x = int(stage.x(stage.focus) + 40 / 1.6 * stage.sheet.unit)
    crown = through[int(foot - 0.9 * tall) : int(foot - 0.6 * tall), x - 12 : x + 13]
    assert (crown < 0.25).mean() > 0.9


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_town_of_dark_roofs_has_no_window_lit(number: int) -> None:
    def lit(shows: str) -> int:
        night = ask_for(shows, season="winter", light="winter night", number=number, calligraphy=(), side=384)
        red, _, blue = np.moveaxis(pixels(picture(night)), 2, 0)
        return int((red - blue > 60).sum())

    assert lit("roofs lie quiet in the night") > 100
    assert lit("dark roofs lie quiet in the night") == 0
