"""Where ways end: at the door they lead to, or at the horizon."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import cast, placing, ways, wayside
from workers.providers.local.painter.stage import Stage

HOUSE, AWAY = "a house waits at the end of a path", "a path leads away through the fields"


def _walked(shows: str, number: int, seed: int) -> tuple[Stage, NDArray[np.bool_]]:
    """The stage, and which pixels are bare earth: redder than green, where spring's grass is not."""
    stage = stage_for(shows, season="spring", number=number, seed=seed)
    ways.path(stage)
    placing.stand_far(stage)
    red, green, blue = np.moveaxis(stage.sheet.rgb, 2, 0)
    return stage, np.asarray((red - green > 0.012) & (red - blue > 0.1))


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("seed", range(6))
def test_a_path_reaches_the_door_it_leads_to(number: int, seed: int) -> None:
    stage, soil = _walked(HOUSE, number, seed)

    x = stage.x(placing.furthest(stage))
    first = int(stage.y(stage.middle)) + 2
    before_the_door = soil[first : first + int(0.1 * SIDE), int(x - 0.2 * SIDE) : int(x + 0.2 * SIDE)]
    assert before_the_door.any(axis=1).mean() > 0.9


@pytest.mark.parametrize("seed", range(6))
def test_a_path_that_runs_away_is_lost_at_the_horizon(seed: int) -> None:
    stage, soil = _walked(AWAY, 0, seed)

    assert soil.any(axis=1).argmax() < stage.y(stage.horizon + 0.04)


@pytest.mark.parametrize("seed", range(4))
def test_a_stone_path_is_of_stones_apart_that_shrink_to_the_horizon(seed: int) -> None:
    stage = stage_for("a straight stone path leads through the fields", season="summer", seed=seed)

    ways.path(stage)

    rgb = stage.sheet.rgb[int(stage.y(stage.horizon + 0.05)) :]
    stone = (rgb[..., 1] - rgb[..., 2] < 0.02) & (rgb.mean(axis=2) > 0.6)
    wide = stone.sum(axis=1)
    paved = np.concatenate([[0], wide > 2, [0]]).astype(int)
    starts, ends = np.nonzero(np.diff(paved) > 0)[0], np.nonzero(np.diff(paved) < 0)[0]
    breadths = [int(wide[start:end].max()) for start, end in zip(starts, ends, strict=True)]
    assert len(breadths) >= 6
    assert breadths[-1] > 2 * breadths[0]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("shows", ["fine grass bends beside a path", "yellow dandelion flowers dot the grass beside a path"])
def test_nothing_grows_on_a_path_and_much_beside_it(shows: str, number: int) -> None:
    stage = stage_for(shows, season="spring", number=number)
    ways.path(stage)
    before = stage.sheet.rgb.copy()

    cast.plant(stage)

    assert stage.trodden is not None
    grown, way = np.abs(stage.sheet.rgb - before).max(axis=2) > 0.1, stage.trodden > 0.5
    assert grown[way].mean() < 0.06
    assert grown[~way].mean() > 0.03
    sides = [grown[int(stage.y(0.8)) :][:, half].sum() for half in (slice(0, 110), slice(190, 300))]
    assert min(sides) > 40


@pytest.mark.parametrize("seed", range(6))
def test_a_walker_passes_a_whole_tree_that_stands_beside_the_path(seed: int) -> None:
    stage = stage_for("a lone figure walks along a path", season="winter", number=2, seed=seed)
    ways.path(stage)
    spots = []

    wayside.tree(stage, lambda _sheet, spot: spots.append(spot))

    (spot,) = spots
    assert stage.y(stage.middle) < spot.y < SIDE
    assert 0 < spot.x < SIDE
    assert not stage.treads(spot.x - 2, spot.y - 2, spot.x + 2, spot.y)


@pytest.mark.parametrize("seed", range(4))
def test_a_path_to_what_stands_on_a_hill_goes_up_a_hill_that_is_level_there(seed: int) -> None:
    stage, soil = _walked("a path climbs to a temple on a hill", 0, seed)

    rows = np.flatnonzero(soil.any(axis=1))
    assert rows.min() < stage.y(stage.middle + 0.03)
    assert stage.middle < 0.58


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("shows", ["two figures walk a path away from a school", "an old man walks a quiet village path"])
def test_whoever_walks_is_on_the_path_though_houses_stand_behind(shows: str, number: int) -> None:
    stage = stage_for(shows, season="summer", number=number)
    ways.path(stage)

    x, y = stage.x(placing.walked(stage)), stage.y(stage.front)
    assert stage.treads(x - 1, y - 1, x + 1, y + 1)


@pytest.mark.parametrize("seed", range(6))
def test_a_way_over_the_hills_is_one_piece(seed: int) -> None:
    stage, soil = _walked("a path leads away toward far hills", 2, seed)

    top = int(np.flatnonzero(soil.sum(axis=1) > 1)[0])
    middles = [np.flatnonzero(row).mean() for row in soil[top : int(stage.y(0.95))] if row.sum() > 1]
    assert len(middles) > 0.9 * (int(stage.y(0.95)) - top), "it is lost nowhere"
    assert np.abs(np.diff(middles)).max() < 0.06 * SIDE, "and goes on where it was"
    assert top < stage.y(0.69 + 0.25 * stage.shot.lower) - 3, "beyond the first slope"
