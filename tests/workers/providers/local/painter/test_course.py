"""Where paths run."""

import numpy as np
import pytest

from workers.providers.local.painter import trail
from workers.providers.local.painter.sheet import Sheet

TOP, PLACE = 0.6, (0.34, 0.87)


def _sheet() -> Sheet:
    return Sheet(200, 200, np.random.default_rng(1), (1, 1, 1))


@pytest.mark.parametrize("swing", [-0.26, 0.0, 0.2])
def test_a_path_passes_its_place_and_narrows_towards_the_horizon(swing: float) -> None:
    left, right = trail.winding((0.5, TOP), PLACE, swing, 0.1).edges(_sheet())

    middle = (left + right) / 2 / 200
    assert np.hypot(*(middle - PLACE).T).min() < 0.03
    widths = np.linalg.norm(right - left, axis=1)
    assert widths[-1] < 0.05 * widths[0]
    assert (np.diff(middle[:, 1]) < 0).all()
    assert TOP < middle[-1, 1] < TOP + 0.05


def test_where_a_path_runs_from_side_to_side_it_is_seen_thin() -> None:
    left, right = trail.winding((0.5, TOP), PLACE, 0.26, 0.1).edges(_sheet())

    middle, across = (left + right) / 2, right - left
    way = np.gradient(middle, axis=0)
    wide = np.abs(way[:, 0] * across[:, 1] - way[:, 1] * across[:, 0]) / np.linalg.norm(way, axis=1)
    seen, aside = wide / (middle[:, 1] - 200 * TOP), np.abs(way[:, 0] / way[:, 1])
    assert seen[aside > 2.5].max() < 0.6 * seen[aside < 0.5].max()


@pytest.mark.parametrize("side", [-1, 1])
def test_a_path_over_a_hill_is_lost_along_its_crest(side: int) -> None:
    line = np.linspace(0.66, 0.7, 200, dtype=np.float32)
    left, right = trail.climbing(line, PLACE[0] + 0.18 * side, PLACE, 0.09).edges(_sheet())

    middle = (left + right) / 2 / 200
    assert np.hypot(*(middle - PLACE).T).min() < 0.03
    last = middle[-1] - middle[-16]
    assert last[0] * side > 3 * abs(last[1])
    assert abs(right[-3, 1] - left[-3, 1]) < 0.06 * np.linalg.norm(right[0] - left[0])
    assert (middle[:, 1] > np.interp(middle[:, 0], np.linspace(0, 1, 200), line) - 0.005).all()


def test_where_a_path_divides_its_branches_are_one_up_to_there_and_end_apart() -> None:
    one, other = (trail.parting((end, TOP), (0.5, 0.8), 0.09).edges(_sheet()).mean(axis=0) for end in (0.2, 0.8))

    near = one[:, 1] > 0.81 * 200
    assert near.sum() > 5
    assert np.allclose(one[near], other[near])
    assert abs(one[-1, 0] - other[-1, 0]) > 0.5 * 200
