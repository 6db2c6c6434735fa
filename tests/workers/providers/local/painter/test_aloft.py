"""What flies is seen against the sky, each bird by itself."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import aloft, placing, ranges, settings, sky
from workers.providers.local.painter.ink import At
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sketch import draw, members, sketches
from workers.providers.local.painter.stage import Stage


def _blots(drawn: NDArray[np.bool_]) -> int:
    """How many there are, each apart from the others."""
    left, count = set(map(tuple, np.argwhere(drawn))), 0
    while left:
        count, edge = count + 1, [left.pop()]
        while edge:
            row, column = edge.pop()
            near = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & left
            left -= near
            edge += near
    return count


@pytest.mark.parametrize("name", ["geese", "birds", "flock", "swallows", "white_birds"])
@pytest.mark.parametrize("turned", [False, True])
def test_no_two_birds_are_one_blot(name: str, turned: bool) -> None:
    sheet = Sheet(600, 300, np.random.default_rng(3), (0.5, 0.5, 0.5))
    at = At(300, 240, 80, turned=turned, lit=False)

    draw(sheet, sketches()[name], at)

    assert _blots(np.abs(sheet.rgb - 0.5).max(axis=2) > 0.12) >= len(members(sketches()[name], at))


@pytest.mark.parametrize("seed", range(8))
def test_far_birds_keep_apart(seed: int) -> None:
    sheet = Sheet(768, 768, np.random.default_rng(seed), (0.9, 0.9, 0.9))

    places = sky._apart(sheet, 7)

    away = np.abs(places[:, None] - places) / (4.4, 2.4)
    assert np.hypot(*away.transpose(2, 0, 1))[~np.eye(len(places), dtype=bool)].min() > 1


_FLY = ("many birds fly over the mountains", "white birds fly over the mountains", "a lone bird flies high over the mountains")


def _before_a_peak(shows: str, number: int, seed: int) -> Stage:
    stage = replace(stage_for(shows, number=number, seed=seed), country=ranges.MASS)
    settings.mountain(stage)
    return stage


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("shows", _FLY)
def test_birds_fly_in_the_sky_and_before_no_summit(shows: str, number: int, seed: int) -> None:
    stage = _before_a_peak(shows, number, seed)
    before = stage.sheet.rgb.copy()

    placing.stand(stage)

    rows, columns = np.nonzero(np.abs(stage.sheet.rgb - before).max(axis=2) > 0.1)
    assert stage.skyline is not None
    assert (rows < stage.skyline[columns] - stage.sheet.unit).all()
    assert rows.min() > stage.sheet.unit


@pytest.mark.parametrize("seed", range(4))
def test_far_birds_of_an_empty_sky_are_above_the_ranges_or_not_at_all(seed: int) -> None:
    stage = stage_for("a wide land", seed=seed)
    stage.skyline, stage.flock = np.full(SIDE, 0.34 * SIDE, dtype=np.float32), True
    before = stage.sheet.rgb.copy()

    aloft.far_flock(stage)

    drawn = np.nonzero(np.abs(stage.sheet.rgb - before).max(axis=2) > 0.05)[0]
    assert drawn.size
    assert drawn.max() < 0.34 * SIDE - stage.sheet.unit
    stage.skyline[:], stage.flock = 0.15 * SIDE, True
    before = stage.sheet.rgb.copy()
    aloft.far_flock(stage)
    assert np.array_equal(stage.sheet.rgb, before)
