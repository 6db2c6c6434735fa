"""What stands far off stands on ground, at a far thing's size, and a railway has its rails."""

from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import shown_through, stage_for
from workers.providers.local.painter import placing
from workers.providers.local.painter.footing import footing, rooted
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.sketch import At, Sketch, draw, members, sketches
from workers.providers.local.painter.stage import Stage


def on(stage: Stage, paint: Callable[[Stage], object]) -> Callable[[Sheet], object]:
    return lambda sheet: paint(replace(stage, sheet=sheet))


@pytest.mark.parametrize("thing", ["house", "temple", "gate", "shop", "school", "village", "station", "train"])
def test_no_mist_is_seen_under_what_stands_far_off(thing: str) -> None:
    stage = stage_for(f"a {thing} stands below the mountains")
    through = shown_through(on(stage, placing.stand_far))

    middle, foot = int(stage.x(stage.stands)), int(stage.y(stage.middle)) + 4
    assert through[foot : foot + 2, middle - 12 : middle + 12].mean() < 0.3


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_far_house_is_small_in_every_shot(number: int) -> None:
    stage = stage_for("a house stands below the mountains", number=number)
    through = shown_through(on(stage, placing.stand_far))

    walls = np.nonzero((through < 0.05).any(axis=1))[0]
    assert 20 < stage.y(stage.middle) - walls.min() < 75


def test_what_is_called_far_is_smaller() -> None:
    near, far = (stage_for(f"a {house} stands below the mountains") for house in ("house", "far house"))

    tops = [np.nonzero((shown_through(on(stage, placing.stand_far)) < 0.05).any(axis=1))[0].min() for stage in (near, far)]
    assert far.y(far.middle) - tops[1] < 0.8 * (near.y(near.middle) - tops[0])


def test_no_earth_is_laid_over_the_rock_a_house_by_the_sea_stands_on() -> None:
    stage = replace(stage_for("a low wooden inn stands above the sea"), on_rock=True)
    through = shown_through(on(stage, placing.stand_far))

    foot, x = int(stage.y(stage.middle)), int(stage.x(stage.stands))
    assert through[foot + 12 : foot + 20, x - 70 : x - 45].min() > 0.9


def test_the_ground_under_a_house_is_lost_to_either_side_and_below() -> None:
    stage = stage_for("a house stands below the mountains")
    through = shown_through(on(stage, lambda stage: footing(stage, 150, 200, 25)))

    assert through[204:208, 120:180].max() < 0.1
    assert through[262:].min() > 0.95
    assert through[:185].min() > 0.95


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shows", ["rails lead past a small station", "a train runs along the foot of the hills"])
def test_rails_run_from_edge_to_edge(shows: str, seed: int) -> None:
    stage = stage_for(shows, seed=seed)

    placing.stand_far(stage)

    gray = stage.sheet.rgb.mean(axis=2)
    rail = int(gray.mean(axis=1).argmin())
    # Between two rows of pixels a rail is dark in both, and in neither quite.
    assert (gray[rail - 1 : rail + 2].min(axis=0) < 0.6).mean() > 0.95


@pytest.mark.parametrize("seed", range(5))
def test_no_grass_hangs_below_a_floor_or_stands_before_a_door(seed: int) -> None:
    stage = stage_for("a house stands below the mountains", season="summer", seed=seed)
    x, y, half = 150.0, 200.0, 40.0

    rooted(stage, x, y, half)

    red, green, _ = np.moveaxis(stage.sheet.rgb, 2, 0)
    blades = green > red + 0.05
    assert blades.any()
    assert not blades[:, int(x - 0.95 * half) : int(x + 0.95 * half)].any()


def test_what_grows_at_a_far_house_is_hidden_by_the_house_before_it() -> None:
    stage = stage_for("a village lies below the mountains")
    at = At(150, 250, 60, turned=False, lit=False)

    def mark(_: Sketch, foot: At) -> None:
        half, high = int(foot.size), int(0.25 * foot.size)
        stage.sheet.cover(Tile(int(foot.x) - half, int(foot.y) - high, np.ones((high, 2 * half), dtype=np.float32)), (1, 0, 0))

    draw(stage.sheet, sketches()["village"], at, mark)

    red = (stage.sheet.rgb[..., 0] > 0.95) & (stage.sheet.rgb[..., 1] < 0.05)
    near = members(sketches()["village"], at)[2:]
    assert all(red[int(foot.y) - 4, int(foot.x)] for _, foot in near)
    marked = [2 * int(foot.size) * int(0.25 * foot.size) for _, foot in members(sketches()["village"], at)]
    assert red.sum() < sum(marked) - 100
