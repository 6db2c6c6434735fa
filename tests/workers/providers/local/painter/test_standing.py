"""Trees whose foot is seen: on the hill's top, the ground dark about them, wood between their toes, grass before them."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import cast, plants, settings, trees
from workers.providers.local.painter.standing import on_the_hill, standing


@pytest.mark.parametrize("number", range(3))
def test_a_tree_on_a_hill_is_rooted_at_its_top(number: int) -> None:
    stage = stage_for("a green tree stands on a quiet hill", season="summer", number=number)
    settings.hill(stage)

    spot = on_the_hill(stage, stage.spot(stage.focus, stage.front, 46))

    assert abs(spot.x - stage.x(stage.stands)) < 0.12 * SIDE
    assert spot.y < 0.9 * SIDE
    assert spot.y < stage.y(stage.front)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shows", ["a green tree stands on a quiet hill", "an old pine stands on a quiet hill"])
def test_a_tree_that_stands_on_a_hill_is_seen_whole(shows: str, seed: int) -> None:
    stage = stage_for(shows, season="summer", seed=seed)
    settings.hill(stage)
    blank = stage.sheet.rgb.copy()

    cast.plant(stage)

    rows, columns = np.nonzero(np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.3)
    assert rows.min() > 0.05 * SIDE
    assert rows.max() < 0.92 * SIDE
    assert columns.min() > 0.03 * SIDE
    assert columns.max() < 0.97 * SIDE


def test_grass_stands_before_a_foot_and_shade_lies_about_it() -> None:
    alone, whole = (stage_for("one tree stands in a meadow", season="summer") for _ in range(2))
    spot = whole.spot(0.5, 0.8, 46)
    plants.bare(alone.sheet, spot)

    standing(whole, plants.bare, spot)

    foot = (slice(int(spot.y - 6), int(spot.y + 6)), slice(int(spot.x - 20), int(spot.x + 20)))
    green = whole.sheet.rgb[foot][..., 1] - whole.sheet.rgb[foot][..., 0]
    assert (green > 0.05).sum() > 20
    assert whole.sheet.rgb[foot].mean() < alone.sheet.rgb[foot].mean() - 0.03


def test_a_tree_cut_by_the_frame_is_given_no_grass() -> None:
    stage, other = (stage_for("one tree stands in a meadow", season="summer") for _ in range(2))
    spot = stage.spot(0.1, 1.06, 90)

    standing(stage, plants.bare, spot)
    plants.bare(other.sheet, spot)

    assert np.array_equal(stage.sheet.rgb, other.sheet.rgb)


@pytest.mark.parametrize("seed", range(4))
def test_a_trunk_swells_to_its_foot_and_is_wood_all_through(seed: int) -> None:
    stage = stage_for("one tree stands in a meadow", season="summer", seed=seed)
    wide = 16.0
    trunk = trees.grow(stage.sheet, (150, 250), np.pi / 2, 130, wide, forks=1)[0]

    trees.bark(stage.sheet, [trunk])

    dark = stage.sheet.rgb.max(axis=2) < 0.5
    at_foot, above = (np.flatnonzero(dark[row, 110:190]) for row in (249, 215))
    assert len(at_foot) > 1.6 * len(above)
    assert dark[249, 110 + at_foot[2] : 110 + at_foot[-2]].mean() > 0.93
