"""Settings under the sky."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import stage_for
from workers.providers.local.painter import settings, ways
from workers.providers.local.painter.washes import blur


def gray(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rgb.mean(axis=2), dtype=np.float32)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_ripe_fields_are_gold_and_full_of_ears(number: int) -> None:
    ripe, bare = (stage_for(shows, number=number) for shows in ("ripe fields spread below a village", "a bare field"))

    settings.field(ripe)
    settings.field(bare)

    near = slice(220, 300)
    assert (ripe.sheet.rgb[near, :, 0] - ripe.sheet.rgb[near, :, 2]).mean() > 0.25
    grain, soil = (np.abs(np.diff(gray(stage.sheet.rgb[near]), axis=1)).mean() for stage in (ripe, bare))
    assert grain > 2 * soil


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_bare_field_is_a_light_wash_without_blotches(number: int) -> None:
    stage = stage_for("a wide field lies under the open sky", number=number)

    settings.field(stage)

    soil = blur(gray(stage.sheet.rgb[225:300]), 9.0)[9:-9, 9:-9]
    assert soil.mean() > 0.6
    assert soil.std(axis=1).mean() < 0.03


@pytest.mark.parametrize("number", [0, 1, 2])
def test_tall_buildings_stand_on_the_ground_left_and_right_of_a_street(number: int) -> None:
    stage = stage_for("tall buildings rise on both sides of a street", season="summer", number=number)

    settings.town(stage)

    seen, middle = gray(stage.sheet.rgb), int(stage.x(0.5))
    high = seen[90:180]
    for side in (high[:, :60], high[:, -60:]):
        assert side.mean() < high[:, middle - 12 : middle + 12].mean() - 0.15
    foot = seen[290, :]
    assert foot[middle - 20 : middle + 20].std() < 0.15
    assert min(seen[200:240, :25].mean(), seen[200:240, -25:].mean()) < foot[middle - 60 : middle + 60].mean()


def test_whoever_climbs_a_hill_stands_on_the_path() -> None:
    stage = stage_for("two figures meet on a path", season="winter", number=1)

    ways.path(stage)

    seen, x, y = gray(stage.sheet.rgb), int(stage.x(stage.stands)), int(stage.y(stage.front))
    trodden = np.median(seen[y - 2 : y + 3, x - 6 : x + 7])
    assert trodden < np.median(seen[y - 2 : y + 3, np.r_[x - 75 : x - 45, x + 45 : x + 75]]) - 0.05
