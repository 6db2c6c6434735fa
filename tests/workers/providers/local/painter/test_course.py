"""Where paths and rivers run."""

import numpy as np
import pytest

from workers.providers.local.painter.course import through
from workers.providers.local.painter.sheet import Sheet

TOP, PLACE = 0.6, (0.34, 0.87)


@pytest.mark.parametrize("swing", [-0.3, 0.0, 0.25])
def test_a_course_passes_its_place_and_narrows_towards_the_horizon(swing: float) -> None:
    sheet = Sheet(200, 200, np.random.default_rng(1), (1, 1, 1))

    left, right = through(TOP, 0.5, PLACE, swing).edges(sheet, 0.11)

    middle = (left + right) / 2 / 200
    assert np.hypot(*(middle - PLACE).T).min() < 0.03
    widths = right[:, 0] - left[:, 0]
    assert (np.diff(widths) < 0).all()
    assert widths[-1] < 0.1 * widths[0]
    assert (np.diff(middle[:, 1]) < 0).all()
    assert TOP < middle[-1, 1] < TOP + 0.05
