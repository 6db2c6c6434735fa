"""What belongs together stays together: blossoms and twigs, groves and land, light and water, mist and what stands before it."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, ask_for, stage_for
from workers.providers.local.painter import plum, undergrowth
from workers.providers.local.painter.brush import smooth
from workers.providers.local.painter.cast import tree_of
from workers.providers.local.painter.compose import paint, veil

LAKE = "small fireworks open far away over a dark lake"


@pytest.mark.parametrize("number", range(3))
def test_fireworks_throw_their_colours_on_the_water(number: int) -> None:
    ask = ask_for(LAKE, season="summer", light="summer night, clear weather", number=number, calligraphy=(), side=400)

    rgb = paint(ask).rgb

    coloured = np.ptp(rgb[270:360], axis=2) > 0.22
    assert coloured.sum() > 30


def test_white_flowers_are_white_and_pink_ones_pink() -> None:
    redness = []
    for shows in ("a plum tree opens white flowers", "a plum tree opens its flowers"):
        stage = stage_for(shows, season="spring")
        stage.sheet.rgb[:] = 0.5
        tree_of(stage, "plum")(stage.sheet, stage.spot(0.3, 1.0, 90))
        redness.append(float((stage.sheet.rgb[..., 0] - stage.sheet.rgb[..., 1]).max()))

    white, pink = redness
    assert white < 0.1 < pink


@pytest.mark.parametrize("seed", range(4))
def test_no_plum_blossom_floats_off_its_twig(seed: int) -> None:
    stage = stage_for("a plum tree opens white flowers", season="spring", seed=seed)
    sheet, size = stage.sheet, 2.0 * stage.sheet.unit
    limbs = plum.grow(sheet, stage.spot(0.3, 1.0, 80))

    spots = plum.flowers(sheet, limbs, size)

    wood = np.concatenate([smooth(limb.points[None], 200)[0] for limb in limbs])
    away = np.hypot(*(spots[:, None] - wood[None]).transpose(2, 0, 1)).min(axis=1)
    assert len(spots) > 60
    assert (away < size).mean() > 0.97
    assert away.max() < 1.6 * size


@pytest.mark.parametrize("seed", range(6))
def test_an_old_plum_turns_at_every_fork_and_its_shoots_are_straight(seed: int) -> None:
    stage = stage_for("a plum tree opens white flowers", season="spring", seed=seed)

    trunk, *others = plum.grow(stage.sheet, stage.spot(0.3, 1.0, 80))

    turns = np.diff(np.arctan2(*np.diff(trunk.points[::3], axis=0).T[::-1]))
    assert (np.abs(turns) > 0.3).sum() >= 4
    assert (np.sign(turns[1:]) != np.sign(turns[:-1])).all()
    shoots = [limb.points for limb in others if limb.order == 2]
    assert len(shoots) > 12
    for shoot in shoots:
        chord = np.linalg.norm(shoot[-1] - shoot[0])
        assert np.linalg.norm(np.diff(shoot, axis=0), axis=1).sum() < 1.1 * chord


def test_mist_leaves_a_forest_to_its_own() -> None:
    stage = stage_for("pine trees stand close in a misty forest")
    stage.sheet.rgb[:] = 0.3
    before = stage.sheet.rgb.copy()

    veil(stage, "forest")

    assert np.array_equal(stage.sheet.rgb, before)


@pytest.mark.parametrize("seed", [1, 4, 5])
def test_a_far_grove_stands_on_land(seed: int) -> None:
    stage = stage_for("a forest lies under the sky", season="spring", seed=seed)
    before = stage.sheet.rgb.copy()

    undergrowth.far_trees(stage, 0.6, 5)

    foot = np.abs(stage.sheet.rgb - before).max(axis=2)[int(0.59 * SIDE) : int(0.61 * SIDE)].max(axis=0) > 0.08
    assert foot.mean() > 0.35
