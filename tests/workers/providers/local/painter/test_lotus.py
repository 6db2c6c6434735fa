"""Lotus on a pond."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import stage_for
from workers.providers.local.painter import shores
from workers.providers.local.painter.lotus import afloat


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_lotus_grows_on_the_water_and_not_on_its_shore(number: int, seed: int) -> None:
    stage = stage_for("a lotus opens over round leaves on a still pond", season="summer", number=number, seed=seed)
    shores.pond(stage)
    before = stage.sheet.rgb.copy()

    afloat(stage)

    rows = np.flatnonzero((np.abs(stage.sheet.rgb - before).max(axis=2) > 0.05).any(axis=1))
    assert rows.min() > stage.y(stage.horizon - 0.1)
    assert rows.max() < stage.y(0.9)
