"""A town from above."""

import pytest

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter.roofscape import roofscape


@pytest.mark.parametrize("seed", range(6))
def test_the_feet_of_a_far_row_are_lost_in_mist_and_no_line_is_ruled_under_them(seed: int) -> None:
    stage = stage_for("roofs of a town", seed=seed)
    roofscape(stage, 0.0, rows=2)

    gray, foot = stage.sheet.rgb.mean(axis=2), int(1.02 * 0.5**1.25 * SIDE)
    assert gray[foot + 1 : foot + 10].min() > 0.5
    assert gray[foot - 60 : foot - 16].min() < 0.45
