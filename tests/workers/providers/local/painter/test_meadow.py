"""Grass all over a field: larger towards the viewer, green where it is said to be green, none where snow lies."""

import numpy as np
import pytest

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter.meadow import blade_colour, meadow


@pytest.mark.parametrize("seed", range(4))
def test_grass_grows_from_the_far_edge_to_the_viewer_and_thicker_there(seed: int) -> None:
    stage = stage_for("a wide field", season="summer", seed=seed)
    blank = stage.sheet.rgb.copy()

    meadow(stage, 0.6)

    painted = np.abs(stage.sheet.rgb - blank).max(axis=2)
    far, near = painted[int(0.62 * SIDE) : int(0.72 * SIDE)], painted[int(0.9 * SIDE) :]
    assert painted[: int(0.57 * SIDE)].max() == 0
    assert 0 < far.std() < near.std()


def test_grass_on_a_hill_begins_at_its_outline() -> None:
    stage = stage_for("a green hill", season="spring")
    line = np.linspace(0.5, 0.9, SIDE, dtype=np.float32)
    blank = stage.sheet.rgb.copy()

    meadow(stage, line)

    above = np.arange(SIDE)[:, None] < (line - 0.04) * SIDE
    assert np.array_equal(stage.sheet.rgb[above], blank[above])


@pytest.mark.parametrize(
    ("season", "shows", "green"),
    [
        ("summer", "a wide field", True),
        ("autumn", "a wide field", False),
        ("winter", "a wide green field", True),
    ],
)
def test_grass_is_green_in_its_season_and_wherever_it_is_said_to_be(season: Season, shows: str, green: bool) -> None:
    red, much, _ = blade_colour(stage_for(shows, season=season))

    assert (much > red) == green


def test_no_grass_stands_in_snow() -> None:
    stage = stage_for("snow falls on a wide field", season="winter")
    blank = stage.sheet.rgb.copy()

    meadow(stage, 0.6)

    assert np.array_equal(stage.sheet.rgb, blank)
