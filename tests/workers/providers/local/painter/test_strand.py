"""Beaches that curve away from the viewer."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import stage_for
from workers.providers.local.painter import shores
from workers.providers.local.painter.strand import strand


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_a_beach_curves_from_the_viewers_feet_to_the_horizon_without_a_wedge(seed: int, turned: bool) -> None:
    stage = replace(stage_for("a quiet beach curves beside the sea", seed=seed), turned=turned, horizon=0.45)

    shore = strand(stage)

    edge = (shore.edge[::-1] if turned else shore.edge) / 300
    assert 0.8 < edge[0] < 0.95
    assert 0.46 < edge[-1] < 0.56
    chord = np.linspace(edge[0], edge[-1], 300)
    assert (edge - chord).max() > 0.05, "it bends"
    assert edge.max() - edge[0] < 0.03, "it is nearest at the viewer's feet"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_who_stands_on_a_beach_stands_on_sand(number: int) -> None:
    stage = stage_for("two figures stand on a beach before the calm sea", season="summer", number=number)

    shores.beach(stage)

    x, y = int(stage.x(stage.stands)), int(stage.y(stage.front - 0.02))
    under = stage.sheet.rgb[y : y + 8, x - 20 : x + 20].mean(axis=(0, 1))
    assert under[0] > under[2] + 0.08, "sand is yellow, the sea is not"
