"""A path through bamboo has bamboo on either hand, near and far, and none on it."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import bamboo_way


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_culms_stand_on_both_sides_of_the_way_and_their_feet_not_on_it(number: int, seed: int) -> None:
    stage = stage_for("a narrow path turns among bamboo", season="summer", number=number, seed=seed)
    edges = bamboo_way.grove(stage)
    through = shown_through(lambda sheet: bamboo_way.walls(replace(stage, sheet=sheet), edges), seed)

    hidden = through[int(stage.y(0.3)) : int(stage.y(0.5))].mean(axis=0) < 0.4
    middle = int(edges[:, -1, 0].mean())
    assert min(hidden[:middle].sum(), hidden[middle:].sum()) > 0.05 * SIDE
    for y in (0.8, 0.9):
        left, right = (np.interp(-y * SIDE, -edge[:, 1], edge[:, 0]) for edge in edges)
        assert through[int(y * SIDE), int(left) + 8 : int(right) - 8].mean() > 0.85


@pytest.mark.parametrize("seed", range(4))
def test_no_near_culm_stands_where_the_poem_is_written(seed: int) -> None:
    stage = replace(stage_for("bamboo stands along a quiet path", season="summer", seed=seed), roomy=True)
    edges = bamboo_way.grove(stage)
    before = stage.sheet.rgb.copy()

    bamboo_way.walls(stage, edges)

    written = (slice(int(0.07 * SIDE), int(0.45 * SIDE)), slice(int(0.88 * SIDE), int(0.97 * SIDE)))
    assert (before[written].mean(axis=2) - stage.sheet.rgb[written].mean(axis=2) > 0.3).mean() < 0.05
