"""A house or a gate, and what belongs to it."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import placing, settings, sizes
from workers.providers.local.painter.homestead import homestead, walled_gate
from workers.providers.local.painter.sketch import sketches


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_walls_of_a_gate_run_from_edge_to_edge_of_its_yard(number: int, seed: int) -> None:
    stage = stage_for("an old gate stands below the hills", number=number)
    stage.middle = 0.76

    through = shown_through(lambda sheet: walled_gate(replace(stage, sheet=sheet)), seed)

    x, y = placing.door(stage)
    wall = through[int(y - 0.3 * sizes.size_of(stage, "gate")) : int(y) - 2]
    assert (wall < 0.1).mean() > 0.97
    assert 0 < x < SIDE


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_house_is_larger_in_its_yard_than_far_off(number: int) -> None:
    yard, field = (stage_for(shows, number=number) for shows in ("an old house stands alone", "a house stands in a wide field"))

    assert sizes.size_of(yard, "house") > 1.35 * sizes.size_of(field, "house")
    assert sizes.size_of(yard, "house") > sizes.size_of(stage_for("a small house waits", number=number), "house")


@pytest.mark.parametrize("seed", range(4))
def test_a_way_leads_to_the_door_of_a_house_but_not_through_deep_grass(seed: int) -> None:
    trodden = []
    for shows in ("an old house stands alone", "a house stands in deep grass"):
        stage = stage_for(shows, seed=seed)
        settings.OUTDOORS["garden"](stage)
        rows = stage.sheet.rgb[int(0.86 * SIDE) : int(0.93 * SIDE)]
        warmth = (rows[..., 0] - rows[..., 2]).mean(axis=0)
        trodden.append(np.convolve(warmth, np.ones(15) / 15, mode="valid").max() - np.median(warmth))

    assert trodden[0] > trodden[1] + 0.005


@pytest.mark.parametrize("seed", range(3))
def test_a_house_hides_the_trees_at_its_back(seed: int) -> None:
    stage = stage_for("an old house stands alone")
    stage.middle = 0.76
    through = shown_through(lambda sheet: homestead(replace(stage, sheet=sheet, far_stands=False)), seed)

    x, y = placing.door(stage)
    size = sizes.size_of(stage, "house")
    assert through[int(y - 0.6 * size) : int(y - 0.1 * size), int(x - 0.2 * size) : int(x + 0.2 * size)].max() < 0.3


def test_a_gate_in_its_garden_is_the_same_gate_without_wings() -> None:
    for name in ("gate", "new_year_gate"):
        assert f"put {name}_in_wall 100: 0,0" in sketches()[name].parts
        assert "put wings" not in sketches()[f"{name}_in_wall"].parts


@pytest.mark.parametrize("seed", range(6))
def test_no_grass_grows_on_the_way_to_a_door(seed: int) -> None:
    stage = stage_for("an old house stands alone", season="summer", seed=seed)

    settings.OUTDOORS["garden"](stage)

    assert stage.trodden is not None
    red, green, _ = np.moveaxis(stage.sheet.rgb, 2, 0)
    assert (green > red + 0.03)[stage.trodden > 0.9].mean() < 0.02


@pytest.mark.parametrize("seed", range(3))
def test_the_house_behind_a_wall_has_walls_of_its_own_above_it(seed: int) -> None:
    stage = stage_for("an old gate stands below the hills", seed=seed)
    stage.middle = 0.76

    through = shown_through(lambda sheet: walled_gate(replace(stage, sheet=sheet)), seed)

    (_, y), size = placing.door(stage), sizes.size_of(stage, "gate")
    above = (through[: int(y - 0.46 * size)] < 0.05).sum(axis=1)
    eaves = int(y - 0.46 * size) - int(np.flatnonzero(above > 0.9 * above.max()).max())
    assert eaves > 0.05 * size
    assert (above[-int(0.04 * size) :] > 0.4 * above.max()).all()
