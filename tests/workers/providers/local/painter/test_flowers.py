"""Low things that grow."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import flowers


@pytest.mark.parametrize("seed", range(5))
def test_silver_grass_stands_on_no_ruled_line(seed: int) -> None:
    stage = stage_for("silver grass sways", seed=seed)
    blank = stage.sheet.rgb.copy()

    flowers.silver_grass(stage.sheet, stage.spot(0.4, 0.8, 40))

    rows = (np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.2).sum(axis=1)
    foot = int(0.8 * SIDE)
    assert rows[foot + 2] > 0.25 * rows[foot - 20 : foot].max()
