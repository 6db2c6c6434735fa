"""Where water begins."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import placing, ranges, settings, shores
from workers.providers.local.painter.settings import Setting


def steepest(rgb: NDArray[np.float32], line: int) -> NDArray[np.intp]:
    """The row of the strongest edge of every column within 14 rows of `line`."""
    near = rgb[line - 14 : line + 15].mean(axis=2)
    return np.asarray(np.abs(np.diff(near, axis=0)).argmax(axis=0))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("shore", "below"), [(shores.lake, 0.01), (shores.pond, 0.03)])
def test_the_far_edge_of_still_water_is_no_ruled_line(shore: Setting, below: float, seed: int) -> None:
    stage = stage_for("a calm lake lies below the hills", season="summer", seed=seed)

    shore(stage)

    edge = steepest(stage.sheet.rgb, int(stage.y(stage.horizon + below)))
    assert edge.std() > 1.5
    assert np.bincount(edge).max() < 0.33 * SIDE
    assert len(np.unique(edge)) >= 18


def test_no_two_lakes_have_the_same_far_edge() -> None:
    edges = []
    for seed in range(4):
        stage = stage_for("a calm lake lies below the hills", season="summer", seed=seed)
        shores.lake(stage)
        edges.append(steepest(stage.sheet.rgb, int(stage.y(stage.horizon + 0.01))))

    assert min(np.abs(a - b).mean() for a in edges for b in edges if a is not b) > 1


@pytest.mark.parametrize("seed", range(6))
def test_a_house_by_the_water_stands_on_land(seed: int) -> None:
    stage = stage_for("a small house stands by a calm lake", season="summer", seed=seed)

    shores.lake(stage)

    x, line = int(stage.stands * SIDE), int(stage.y(stage.horizon + 0.01))
    ground = stage.sheet.rgb[line : line + 3, x - 18 : x + 18].mean(axis=2)
    assert np.median(ground) < 0.7, "mist and water are pale, land is dark"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_piers_of_a_railway_bridge_stand_in_water(number: int, seed: int) -> None:
    stage = stage_for("a train crosses a long bridge below the mountains", number=number, seed=seed)

    assert settings.choose(stage.view, number) == "lake"
    shores.lake(stage)

    assert 0 < stage.horizon + 0.01 - stage.middle < 0.02, "their feet are at the water's edge"
    assert not stage.on_rock


@pytest.mark.parametrize("country", ranges.COUNTRIES, ids=lambda country: country.name)
def test_a_lake_lies_in_any_country(country: ranges.Country) -> None:
    stage = replace(stage_for("a calm lake lies still", seed=2), country=country)

    shores.lake(stage)

    assert np.isfinite(stage.sheet.rgb).all()
    assert stage.sheet.rgb.std() > 0.05


@pytest.mark.parametrize("seed", range(4))
def test_a_village_by_the_sea_lies_at_its_shore(seed: int) -> None:
    stage = stage_for("small boats float in a harbor below a village", season="summer", seed=seed)

    shores.sea(stage)

    assert stage.horizon - stage.middle < 0.02
    x, line = int(placing.furthest(stage) * SIDE), int(stage.y(stage.horizon))
    shore = stage.sheet.rgb[line + 1 : line + 4, x - 60 : x + 60].mean(axis=2)
    assert np.median(shore) < 0.65, "land is darker than the sea"


@pytest.mark.parametrize("seed", range(6))
def test_no_land_lies_under_the_middle_of_a_bridge(seed: int) -> None:
    stage = stage_for("a wooden bridge arches over a river", season="summer", seed=seed)

    shores.river(stage)

    line, x = int(stage.y(stage.horizon + 0.02)), int(stage.x(0.4))
    below = stage.sheet.rgb[line + 2 : line + 9, x - 20 : x + 20]
    assert np.quantile(below[..., 1] - below[..., 2], 0.9) < 0.06, "summer ground is green"
