"""Storm clouds hang over the land in decks, and lightning goes down from them."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import heavens, storm
from workers.providers.local.painter.palette import light


@pytest.mark.parametrize("seed", range(5))
def test_the_sky_is_dark_above_and_pale_where_the_last_cloud_ends(seed: int) -> None:
    stage = replace(stage_for("dark clouds stand over a wide field", seed=seed), horizon=0.7)
    heavens.heavens(stage)

    rows = stage.sheet.rgb.mean(axis=(1, 2))
    assert rows[: int(0.2 * SIDE)].mean() < 0.65
    assert rows[int(0.64 * SIDE) : int(0.7 * SIDE)].mean() > rows[: int(0.2 * SIDE)].mean() + 0.2


@pytest.mark.parametrize("seed", range(5))
def test_no_sky_shows_between_the_bellies_of_a_deck(seed: int) -> None:
    through = shown_through(lambda sheet: storm.storm(sheet, light("summer", "day"), 0.8), seed)

    assert through[: int(0.15 * SIDE)].max() < 0.3


@pytest.mark.parametrize("seed", range(5))
def test_the_last_cloud_runs_out_into_the_distance_without_an_edge(seed: int) -> None:
    stage = replace(stage_for("dark clouds stand over a wide field", seed=seed), horizon=0.7)
    heavens.heavens(stage)

    down = stage.sheet.rgb.mean(axis=2)[int(0.56 * SIDE) : int(0.69 * SIDE)]
    assert np.abs(np.diff(down, axis=0)).max() < 0.03


@pytest.mark.parametrize("seed", range(5))
def test_lightning_goes_from_the_clouds_to_the_ground_without_a_gap(seed: int) -> None:
    stage = replace(stage_for("lightning flashes over a wide field", seed=seed), horizon=0.7)
    heavens.heavens(stage)

    brightest = stage.sheet.rgb.min(axis=2)[int(0.1 * SIDE) : int(0.62 * SIDE)].max(axis=1)
    assert brightest.min() > 0.8
