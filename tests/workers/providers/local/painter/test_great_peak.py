"""One great mountain: white above, ink below its snow, broad at its foot, and nothing stands before most of it."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import heavens
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.great_peak import great_peak


@pytest.mark.parametrize("seed", range(4))
def test_snow_lies_on_its_crown_in_tongues_and_none_at_its_foot(seed: int) -> None:
    stage = stage_for("a white mountain", season="winter", seed=seed)

    great_peak(stage.sheet, stage.light, 0.5, 0.8, 0.6, snowy=True)

    white = stage.sheet.rgb.min(axis=2)
    middle = slice(int(0.42 * SIDE), int(0.58 * SIDE))
    crown, foot = white[int(0.36 * SIDE) : int(0.42 * SIDE)], white[int(0.6 * SIDE) : int(0.66 * SIDE)]
    assert crown[:, int(0.47 * SIDE) : int(0.5 * SIDE)].mean() > 0.85
    assert foot[:, middle].mean() < 0.75
    ends = (white[int(0.4 * SIDE) : int(0.7 * SIDE), middle] < 0.75).argmax(axis=0)
    assert np.ptp(ends) > 0.02 * SIDE


@pytest.mark.parametrize("seed", range(4))
def test_the_ranges_before_it_leave_most_of_it_to_be_seen(seed: int) -> None:
    stage = stage_for("a white mountain stands alone", season="winter", seed=seed)
    stage.lines(0.74, 0.79, 0.93)
    heavens.heavens(stage)
    alone = stage.sheet.rgb.copy()

    behind(stage, stage.horizon, 4, 0.44)

    hidden = np.abs(stage.sheet.rgb - alone).max(axis=2)[:, int(0.3 * SIDE) : int(0.5 * SIDE)] > 0.02
    assert hidden.argmax(axis=0).min() > (stage.horizon - 0.24) * SIDE
