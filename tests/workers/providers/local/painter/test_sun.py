"""The sun: pale and high by day, red when it is low and at New Year."""

import numpy as np
import pytest

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import heavens
from workers.providers.local.painter.stage import Stage


def reddest(stage: Stage) -> tuple[float, int]:
    """How much more red than blue the sky has where it has most, and in which row."""
    warm = stage.sheet.rgb[..., 0] - stage.sheet.rgb[..., 2]
    return float(warm.max()), int(np.unravel_index(warm.argmax(), warm.shape)[0])


@pytest.mark.parametrize("season", ["spring", "summer", "autumn", "winter"])
def test_a_day_s_sun_is_pale_and_high(season: Season) -> None:
    stage = stage_for("the sun shines over a path", season=season)

    heavens.heavens(stage)

    brightest = stage.sheet.rgb.min(axis=2)
    assert reddest(stage)[0] < 0.5
    assert np.unravel_index(brightest.argmax(), brightest.shape)[0] < 0.25 * SIDE


@pytest.mark.parametrize(("shows", "season"), [("the sun goes down", "summer"), ("the sun shines over a path", "new year")])
def test_a_sun_that_goes_down_and_a_new_year_s_are_red(shows: str, season: Season) -> None:
    stage = stage_for(shows, season=season)

    heavens.heavens(stage)

    assert reddest(stage)[0] > 0.5
