"""Nothing is seen through what stands before it."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import earth, land, plants, rocks
from workers.providers.local.painter.hydrangea import hydrangea
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.sketch import At, draw, sketches
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.texture import Face

LIGHT = light("autumn", "day")


@pytest.mark.parametrize("name", ["house", "school", "temple", "station", "breakwater"])
def test_a_building_hides_what_is_behind_it_down_to_its_foot(name: str) -> None:
    through = shown_through(lambda sheet: draw(sheet, sketches()[name], At(150, 280, 200, turned=False, lit=False)))

    foot = through[262:272, 100:200]
    assert (foot < 0.02).mean() > 0.2
    assert ((foot > 0.1) & (foot < 0.9)).mean() < 0.05


@pytest.mark.parametrize("name", ["cat", "crow", "student", "figure"])
def test_a_figure_is_no_ghost(name: str) -> None:
    through = shown_through(lambda sheet: draw(sheet, sketches()[name], At(150, 280, 240, turned=False, lit=False)))

    assert (through < 0.03).sum() > 2500


def test_a_mountain_hides_the_moon_behind_it() -> None:
    line = np.full(SIDE, 120, dtype=np.float32)
    through = shown_through(lambda sheet: land.range_of_hills(sheet, Face(line, LIGHT.ink, 0.8, near=1.0)))

    assert through[:110].min() > 0.9
    assert through[122:].max() < 0.01


def test_a_boulder_is_solid_and_broad_in_the_shoulders() -> None:
    through = shown_through(lambda sheet: rocks.rock(sheet, 150, 250, 100))

    hidden = (through < 0.05).sum(axis=1)
    assert hidden[200] > 0.7 * hidden.max()
    assert hidden.max() > 200


def test_the_heads_of_a_hydrangea_hide_what_is_behind_them() -> None:
    through = shown_through(lambda sheet: hydrangea(sheet, Spot(150, 290, 80, 1, LIGHT)))

    head = through[290 - 130 : 290 - 90, 140:170]
    assert (head < 0.08).mean() > 0.97


def test_a_hydrangea_is_a_bush_all_leaf_with_heads_in_deep_and_pale() -> None:
    through = shown_through(lambda sheet: hydrangea(sheet, Spot(150, 290, 80, 1, LIGHT)))
    sheet = stage_for("a cat sits beside a house").sheet
    hydrangea(sheet, Spot(150, 290, 80, 1, LIGHT))

    bush = through[290 - 200 : 290 - 20, 90:210]
    assert (bush < 0.08).mean() > 0.9
    head = sheet.rgb[290 - 130 : 290 - 90, 135:170]
    blue = head[..., 2] - head[..., 1]
    assert (blue > 0.02).mean() > 0.85
    assert np.percentile(head.mean(axis=2), 90) - np.percentile(head.mean(axis=2), 10) > 0.15


@pytest.mark.parametrize("seed", range(6))
def test_a_shore_hides_the_water_behind_it(seed: int) -> None:
    stage = stage_for("a cat sits beside a still lake")
    through = shown_through(lambda sheet: earth.bank(replace(stage, sheet=sheet), 0.7, 0.0), seed)

    # Blades of grass may stand higher than the mean tuft, but only a few do.
    assert np.quantile(through[: 210 - 12], 0.02) > 0.8
    assert through[213:].max() < 0.01


def test_snow_hides_the_ground_and_a_thaw_leaves_some_of_it() -> None:
    lying, melting = stage_for("snow lies on a field"), stage_for("the snow melts on a field")

    whole = shown_through(lambda sheet: earth.earth(replace(lying, sheet=sheet), 0.5, 0.8, 0.0))[156:]
    patches = shown_through(lambda sheet: earth.earth(replace(melting, sheet=sheet), 0.5, 0.8, 0.0))[156:]

    assert whole.max() < 0.05
    assert 0.2 < (patches < 0.05).mean() < 0.8


def test_no_hill_shows_through_a_trunk() -> None:
    through = shown_through(lambda sheet: plants.bare(sheet, Spot(150, 290, 80, 1, LIGHT)))

    trunk = through[260:270]
    assert (trunk.min(axis=1) < 0.05).all()
