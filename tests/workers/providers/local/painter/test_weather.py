"""What falls through the picture."""

import numpy as np

from tests.workers.providers.local.painter.asks import SIDE
from workers.providers.local.painter import weather
from workers.providers.local.painter.sheet import Sheet


def test_no_snowflake_is_a_blot() -> None:
    sheet = Sheet(2 * SIDE, 2 * SIDE, np.random.default_rng(7), (0.1, 0.12, 0.2))

    weather.snow(sheet)

    white = sheet.rgb.mean(axis=2) > 0.6
    across = int(1.3 * sheet.unit)
    blots = np.all([np.roll(white, step, axis=1) for step in range(across)], axis=0)
    high = np.all([np.roll(blots, step, axis=0) for step in range(across)], axis=0)
    assert not high.any()
    assert white.sum() > 200
