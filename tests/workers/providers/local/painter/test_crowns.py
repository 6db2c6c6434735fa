"""Crowns of trees that are seen whole, and at night."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE
from workers.providers.local.painter import plants, trees
from workers.providers.local.painter.palette import Light, light
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Plant, Spot

TALL = 46.0


def grown(grow: Plant, glow: Light, seed: int = 3) -> Sheet:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(seed), light("autumn", "day").paper)
    grow(sheet, Spot(SIDE / 2, 0.9 * SIDE, TALL, 0, glow))
    return sheet


@pytest.mark.parametrize("seed", range(3))
def test_leaves_of_a_whole_maple_are_narrower_than_its_trunk_and_sit_at_every_limb_s_end(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[float] = []
    hung: list[trees.Spots] = []
    wood: list[trees.Limb] = []

    def leaves(_sheet: Sheet, spots: trees.Spots, size: float, _colour: Colour) -> None:
        sizes.append(size)
        hung.append(spots)

    monkeypatch.setattr(trees, "maple_leaves", leaves)
    monkeypatch.setattr(trees, "bark", lambda _sheet, limbs, **_: wood.extend(limbs))

    sheet = grown(plants.maple, light("autumn", "day"), seed)

    assert 2.3 * max(sizes) < wood[0].width
    ends = np.array([limb.points[-1] for limb in wood])
    away = np.hypot(*(ends[:, None] - np.concatenate(hung)).transpose(2, 0, 1)).min(axis=1)
    assert away.max() < 0.08 * TALL * sheet.unit


@pytest.mark.parametrize("grow", [plants.maple, plants.cherry, plants.ginkgo, plants.broadleaf])
def test_a_crown_is_darker_and_bluer_at_night(grow: Plant) -> None:
    day, night = (grown(grow, light("autumn", hour)).rgb for hour in ("day", "night"))

    crown = (slice(0, int(0.6 * SIDE)), slice(None))
    painted = np.abs(day[crown] - light("autumn", "day").paper).max(axis=2) > 0.25
    assert painted.sum() > 400
    by_day, by_night = day[crown][painted].mean(axis=0), night[crown][painted].mean(axis=0)
    assert by_night[0] < by_day[0] - 0.05
    assert by_night[0] - by_night[2] < by_day[0] - by_day[2]
