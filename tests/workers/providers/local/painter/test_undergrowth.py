"""What every landscape has: nothing of it is cut to a sliver, nothing of it lies in rows."""

import numpy as np
import pytest
from msgspec.structs import replace

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import earth, ranges, undergrowth


@pytest.mark.parametrize("seed", range(6))
def test_a_round_window_shows_no_slivers_of_what_lies_in_corners(seed: int) -> None:
    stage = replace(stage_for("the wide sea", seed=seed), round=True)
    blank = stage.sheet.rgb.copy()

    undergrowth.foreground(stage)

    assert np.array_equal(stage.sheet.rgb, blank)


@pytest.mark.parametrize("seed", range(6))
def test_the_near_shore_in_a_round_window_is_no_wedge(seed: int) -> None:
    stage = replace(stage_for("a still lake", seed=seed), round=True)

    edge = earth.bank(stage, 0.92, 0.045)[SIDE // 4 : -SIDE // 4]

    assert np.ptp(edge) < 0.035 * SIDE
    assert edge.max() < 0.91 * SIDE


def test_moss_is_a_little_scattered_and_no_string_of_beads() -> None:
    dotted = next(country for country in ranges.COUNTRIES if country.hand == "dots")
    shares = []
    for seed in range(6):
        stage = replace(stage_for("a wide land", seed=seed), country=dotted, white=True)
        blank = stage.sheet.rgb.copy()
        undergrowth.tufts(stage, 0.7, 15)
        shares.append((np.abs(stage.sheet.rgb - blank).mean(axis=2) > 0.02).mean())

    assert 0.001 < np.mean(shares) < 0.006


@pytest.mark.parametrize(
    ("season", "shows", "green"),
    [
        ("spring", "a wide land", True),
        ("summer", "a wide land", True),
        ("winter", "a wide land", False),
        ("winter", "young grass", True),
    ],
)
def test_tufts_are_of_the_seasons_colour(season: Season, shows: str, green: bool) -> None:
    stage = stage_for(shows, season=season)
    blank = stage.sheet.rgb.copy()

    undergrowth.tuft(stage, SIDE / 2, SIDE / 2, 12)

    red, much, _ = stage.sheet.rgb[np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.2].mean(axis=0)
    assert (much > red + 0.02) == green
