"""Settings by the water."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import cast, patchwork, placing, shores, strand, undergrowth, water
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.settings import Setting


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_waterfall_in_a_forest_is_white_from_its_lip_to_its_pool(number: int) -> None:
    stage = stage_for("a waterfall drops between the trunks of a forest", season="summer", number=number)

    shores.fall(stage)
    cast.plant(stage)

    x = int(stage.x(stage.share(stage.focus + 0.06)))
    falling = stage.sheet.rgb[70:225, x - 6 : x + 7].mean(axis=2)
    beside = stage.sheet.rgb[70:150, x + 25 : x + 45].mean(axis=2)
    assert falling.mean() > 0.8
    assert falling.mean() > beside.mean() + 0.1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_rock_below_a_lighthouse_is_hewn(number: int) -> None:
    stage = stage_for("a white tower stands above the sea", number=number)

    shores.sea(stage)

    foot = int(stage.y(stage.horizon))
    face = stage.sheet.rgb[foot - 22 : foot, -75:] if stage.lean < 0 else stage.sheet.rgb[foot - 22 : foot, :30]
    assert np.abs(np.diff(face.mean(axis=2), axis=1)).mean() > 0.02


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shore", [shores.pond, shores.lake])
def test_whoever_stands_by_the_water_stands_on_its_shore(shore: Setting, seed: int) -> None:
    stage = stage_for("two figures sit before wide water", season="summer", seed=seed)

    shore(stage)

    x, highest = int(stage.stands * stage.sheet.width), int(stage.y(stage.front - 0.02))
    under = stage.sheet.rgb[highest : highest + 4, x - 20 : x + 20].mean(axis=0)
    assert (under[:, 1] - under[:, 2] > 0.04).mean() > 0.8, "summer ground is green, and water is blue"


def test_a_heaving_sea_is_crest_behind_crest_further_apart_towards_the_viewer() -> None:
    stage = stage_for("")

    water.swell(stage.sheet, stage.light, 0.4)

    rows = stage.sheet.rgb[125:, :, 2].mean(axis=1)
    troughs = [at for at in range(4, len(rows) - 4) if rows[at] == rows[at - 4 : at + 5].min()]
    assert len(troughs) >= 4
    assert troughs[-1] - troughs[-2] > troughs[1] - troughs[0]


def test_a_low_sky_is_darker_than_a_clear_one() -> None:
    low, clear = (stage_for(f"a sea heaves under a {sky} sky", season="winter") for sky in ("low", "clear"))

    for stage in (low, clear):
        shores.sea(stage)

    assert low.sheet.rgb[:90].mean() < clear.sheet.rgb[:90].mean() - 0.05


@pytest.mark.parametrize("seed", range(5))
def test_waves_roll_towards_a_beach_and_a_quiet_one_has_none(seed: int) -> None:
    rolling, quiet = (stage_for(shows, seed=seed) for shows in ("long waves reach the wet sand", "a quiet beach"))

    for stage in (rolling, quiet):
        shores.beach(stage)

    crests = [(np.abs(np.diff(stage.sheet.rgb[150:190].mean(axis=2), axis=0)) > 0.12).sum() for stage in (rolling, quiet)]
    assert crests[0] > 3 * crests[1]


@pytest.mark.parametrize("seed", range(4))
def test_no_mist_lies_over_what_stands_above_the_sea(seed: int) -> None:
    stage = stage_for("small boats float in a harbor below a village", season="summer", seed=seed)

    shores.sea(stage)

    foot = int(stage.y(stage.middle))
    walls = stage.sheet.rgb[foot - 14 : foot, int(stage.x(placing.furthest(stage))) - 40 :][:, :80].mean(axis=2)
    assert np.quantile(walls, 0.25) < 0.5


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("shows", ["a low wooden inn stands above the sea", "a lighthouse stands above the open sea"])
def test_the_rock_reaches_under_the_whole_of_what_stands_on_it(shows: str, number: int, seed: int) -> None:
    stage = stage_for(shows, season="summer", number=number, seed=seed)

    stage.horizon = 0.5
    through = shown_through(lambda sheet: shores.headland(replace(stage, sheet=sheet)), seed)

    (stands,) = placing.clearings(replace(stage, middle=0.5 - 0.085))
    foot, line = int(stage.y(0.5 - 0.085)) + 9, int(stage.y(0.5))
    assert through[foot:line, int(stands.left) + 6 : int(stands.right) - 6].max() < 0.05


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_wave_that_curls_stands_above_the_others_with_a_white_lip(number: int, seed: int) -> None:
    curling, rolling = (
        stage_for(f"one white wave {does} in the sea", number=number, seed=seed) for does in ("curls over", "rolls")
    )

    for stage in (curling, rolling):
        shores.sea(stage)

    foot = curling.horizon + 0.66 * (1 - curling.horizon)
    x, high = int(curling.x(curling.focus + 0.02)), int(19 * curling.sheet.unit)
    crest = (
        slice(int(curling.y(foot)) - int(1.25 * high), int(curling.y(foot)) - int(0.6 * high)),
        slice(x - high // 2, x + high),
    )
    white = [(stage.sheet.rgb[crest].min(axis=2) > 0.9).mean() for stage in (curling, rolling)]
    assert white[0] > white[1] + 0.06


def test_a_headland_is_hewn_all_along_and_its_foot_breaks_the_sea() -> None:
    feet, faces = zip(*(_foot_and_face(seed) for seed in range(5)), strict=True)

    assert min(foot.std() for foot in feet) > 0.13
    assert np.mean([(face.min(axis=0) < 0.35).mean() for face in faces]) > 0.57


def _foot_and_face(seed: int) -> tuple[Plane, Plane]:
    """The greys where the rock meets the sea, and those above them, both far from its point."""
    stage = stage_for("a lighthouse stands above the sea", season="spring", seed=seed)
    shores.sea(stage)
    foot, unit = stage.y(stage.horizon + 0.01), stage.sheet.unit
    grey = stage.sheet.rgb[:, : int(0.35 * stage.sheet.width)].mean(axis=2)
    return grey[int(foot + 0.3 * unit) : int(foot + 2.8 * unit)], grey[int(foot - 9 * unit) : int(foot - 2 * unit)]


@pytest.mark.parametrize("seed", range(4))
def test_foam_on_the_open_sea_is_thin_and_little_of_it_is_far_out(seed: int) -> None:
    stage = stage_for("the sea heaves", seed=seed)
    stage.sheet.rgb[:] = 0.3

    water.swell(stage.sheet, stage.light, 0.4)

    white = stage.sheet.rgb.min(axis=2) > 0.78
    thick = white.sum() / max(1, np.count_nonzero(np.diff(white.astype(int), axis=0) == 1))
    assert thick < 1.5
    assert 0 < white[120:165].mean() < 0.25 * white[210:].mean()


def test_a_swell_is_peaked_above_and_hollow_between() -> None:
    crest = water.heave(np.random.default_rng(3), 300, 0.6)
    bend = np.diff(crest, 2)

    assert bend.max() > 10 * -bend.min()


@pytest.mark.parametrize("seed", range(4))
def test_dry_sand_keeps_the_marks_of_higher_tides(seed: int) -> None:
    stage = stage_for("long waves reach a summer beach", season="summer", seed=seed)
    stage.lines(0.45, 0.7, 0.9)
    shore = strand.strand(stage)
    strand.sand(stage, shore)

    dry = np.arange(SIDE)[1:, None] > shore.edge + 12 * stage.sheet.unit * shore.near
    steps = np.abs(np.diff(stage.sheet.rgb.mean(axis=2), axis=0))
    assert (steps[dry] > 0.03).mean() > 0.02


@pytest.mark.parametrize("seed", range(6))
def test_an_empty_field_always_has_a_grove_at_its_far_end(seed: int) -> None:
    stage = stage_for("a wide field lies below the hills", seed=seed)
    before = stage.sheet.rgb.copy()
    undergrowth.far_trees(stage, 0.6, 5)

    assert np.abs(stage.sheet.rgb - before).max() > 0.1


@pytest.mark.parametrize("seed", range(3))
def test_winter_fields_have_their_own_colours(seed: int) -> None:
    stage = stage_for("a road runs between wide fields", season="winter", seed=seed)
    before = stage.sheet.rgb.copy()
    patchwork.patchwork(stage, 0.5)

    assert (np.abs(stage.sheet.rgb - before).max(axis=2)[180:] > 0.02).mean() > 0.8


@pytest.mark.parametrize("seed", range(6))
def test_nothing_lies_in_the_corner_where_a_way_leaves_the_picture(seed: int) -> None:
    stage = stage_for("a road runs toward a far village", seed=seed)
    stage.trodden = np.zeros((SIDE, SIDE), dtype=np.float32)
    stage.trodden[240:, 160:] = 1
    before = stage.sheet.rgb.copy()
    undergrowth.foreground(stage)

    assert np.abs(stage.sheet.rgb - before)[:, 200:].max() < 0.02
