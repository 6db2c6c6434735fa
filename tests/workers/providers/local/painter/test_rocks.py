"""What rocks stand in."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import rocks, undergrowth
from workers.providers.local.painter.sheet import Sheet


@pytest.mark.parametrize("seed", range(4))
def test_a_rock_has_no_straight_base_and_no_corner_where_its_sides_come_down(seed: int) -> None:
    hidden = shown_through(lambda sheet: rocks.rock(sheet, 150, 200, 90), seed) < 0.3

    rows = np.flatnonzero(hidden.any(axis=1))
    widths = hidden.sum(axis=1)
    assert widths[rows[-1] - 8] < 0.9 * widths.max(), "it draws in towards its foot"
    columns = np.flatnonzero(hidden.any(axis=0))[30:-30]
    feet = SIDE - hidden[::-1, columns].argmax(axis=0)
    steps = np.polyfit(columns, feet, 2)
    assert (feet - np.polyval(steps, columns)).std() > 1.2


@pytest.mark.parametrize("side", [-1, 1])
def test_the_nearest_rock_of_a_corner_runs_out_of_the_picture(side: int) -> None:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(1), (0.9, 0.9, 0.9))

    places = rocks.heap(sheet, side, 0.96, 10)

    assert places[-1][1] + 0.1 * places[-1][2] > SIDE
    assert [y for _, y, _ in places] == sorted(y for _, y, _ in places)


@pytest.mark.parametrize(("shows", "wet"), [("a wide sea lies still", True), ("a wide field lies below the hills", False)])
def test_only_rocks_in_the_sea_have_a_double_below_them(shows: str, *, wet: bool) -> None:
    stage = stage_for(shows, season="winter")
    stage.white = True
    stage.sheet.rgb[:] = 0.8
    stand = undergrowth._in_water if undergrowth._by_water(stage) else undergrowth._on_ground

    stand(stage, 150, 150, 60)

    below = np.abs(stage.sheet.rgb[165:190, 120:180] - 0.8).mean()
    assert (below > 0.05) == wet
