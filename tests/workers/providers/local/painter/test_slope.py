"""Stairs are stairs: a tread to every riser, between walls that leave the picture."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter.slope import slope
from workers.providers.local.painter.stage import Stage


def _stairs(number: int, seed: int) -> Stage:
    stage = stage_for("steep stone stairs climb between long walls", season="summer", number=number, seed=seed)
    slope(stage)
    return stage


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_treads_are_pale_and_risers_dark_all_the_way_up(number: int, seed: int) -> None:
    stage = _stairs(number, seed)

    middle = int(stage.x(stage.focus))
    column = np.median(stage.sheet.rgb[int(stage.y(0.42)) :, middle - 9 : middle + 10].mean(axis=2), axis=1)
    dark = np.concatenate([[0], column < (column.min() + column.max()) / 2, [0]]).astype(int)
    assert (np.diff(dark) > 0).sum() >= 10


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_walls_end_nowhere_in_the_picture(number: int) -> None:
    stage = _stairs(number, 1)

    gray = stage.sheet.rgb.mean(axis=2)
    for edge in (gray[:, 3:9], gray[:, SIDE - 9 : SIDE - 3]):
        assert (np.median(edge, axis=1)[int(stage.y(0.4)) :] < 0.4).any()
