"""Flowers all over a field, sunflowers, leaves that a wind takes, and rice in its plots."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import cast, paddies, settings, weather
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.palette import PIGMENTS, light
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.sunflowers import sunflowers


def _pink(rgb: Plane) -> NDArray[np.bool_]:
    return np.asarray((rgb[..., 0] - rgb[..., 1] > 0.1) & (rgb[..., 2] - rgb[..., 1] > -0.02))


@pytest.mark.parametrize("seed", range(4))
def test_flowers_in_a_field_are_all_over_it_and_small_far_off(seed: int) -> None:
    stage = stage_for("cosmos flowers sway in a wide field", seed=seed)
    settings.field(stage)

    cast.plant(stage)

    seen = _pink(stage.sheet.rgb)
    thirds = [seen[int(0.75 * SIDE) :, first : first + SIDE // 3].sum() for first in (0, SIDE // 3, 2 * SIDE // 3)]
    far = seen[int((stage.horizon + 0.06) * SIDE) : int((stage.horizon + 0.14) * SIDE)].sum()
    assert min(thirds) > 25
    assert 10 < far < sum(thirds)


@pytest.mark.parametrize("seed", range(4))
def test_a_sunflower_hides_what_is_behind_its_heads_and_its_heart_is_dark(seed: int) -> None:
    spot = Spot(SIDE / 2, 0.95 * SIDE, 50, 1, light("summer", "day"))

    through = shown_through(lambda sheet: sunflowers(sheet, spot), seed)
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(seed), (1.0, 1.0, 1.0))
    sunflowers(sheet, spot)

    gold = (np.abs(sheet.rgb - (0.93, 0.70, 0.20)).max(axis=2) < 0.06) & (through < 0.1)
    heart = (sheet.rgb[..., 0] - sheet.rgb[..., 2] > 0.05) & (sheet.rgb.mean(axis=2) < 0.42)
    assert gold.sum() > 300
    assert heart.sum() > 250


@pytest.mark.parametrize("lean", [-1, 1])
def test_a_wind_takes_many_leaves_to_the_side_the_tree_leans_to(lean: int) -> None:
    counts = []
    for many in (False, True):
        sheet = Sheet(SIDE, SIDE, np.random.default_rng(5), (1.0, 1.0, 1.0))
        weather.ginkgo_leaves(sheet, lean=lean, many=many)
        there = sheet.rgb[..., 2] < 0.8
        counts.append(there[:, SIDE // 2 :].sum() if lean > 0 else there[:, : SIDE // 2].sum())

    assert counts[1] > 2 * counts[0]


@pytest.mark.parametrize(("ripe", "colour"), [(True, "gold"), (False, "green")])
def test_rice_is_gold_when_it_is_ripe_and_green_before(ripe: bool, colour: str) -> None:
    stage = replace(stage_for("a field", season="summer"), middle=0.65)

    paddies.paddies(stage, 0.65, ripe=ripe)

    red, green, _ = stage.sheet.rgb[int(0.7 * SIDE) :].mean(axis=(0, 1))
    assert (red > green) == (PIGMENTS[colour][0] > PIGMENTS[colour][1])
