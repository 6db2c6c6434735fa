"""Bridges from bank to bank."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import shown_through, stage_for
from workers.providers.local.painter import bridges, shores
from workers.providers.local.painter.bridges import Span

WOOD = (0.3, 0.25, 0.22)


@pytest.mark.parametrize("span", [bridges.arched(150, 220, 90, WOOD), bridges.level(150, 220, 30, WOOD)])
@pytest.mark.parametrize("seed", range(3))
def test_rails_deck_and_trestles_of_a_bridge_are_solid(span: Span, seed: int) -> None:
    through = shown_through(lambda sheet: bridges.front(sheet, span, snowy=False), seed)
    behind = shown_through(lambda sheet: bridges.back(sheet, span, snowy=False), seed)

    across = np.linspace(-0.9, 0.9, 60)
    columns, deck = span.columns(across).astype(int), span.deck(across)
    rail, beam = (deck - span.rail).astype(int), (deck + 0.5 * span.thick).astype(int)
    assert np.min([through[rail + down, columns] for down in (-1, 0, 1)], axis=0).max() < 0.2
    assert np.min([behind[beam + down, columns] for down in (-1, 0, 1)], axis=0).max() < 0.2
    for x in span.columns(span.feet):
        assert behind[int(span.y) - 3, int(x) - 2 : int(x) + 5].min() < 0.25


@pytest.mark.parametrize("number", [0, 1, 2])
def test_both_ends_of_a_bridge_rest_on_rock(number: int) -> None:
    stage = stage_for("a wooden bridge arches over a river", season="summer", number=number)

    shores.river(stage)

    size = (22, 25, 20)[number] * stage.sheet.unit
    middle, foot = stage.x((0.4, 0.46, 0.43)[number]), int(stage.y(stage.horizon + 0.02))
    for end in (middle - 1.34 * size, middle + 1.34 * size):
        x = int(np.clip(end, 5, 294))
        below = stage.sheet.rgb[foot - int(0.12 * size) : foot - 1, x - 4 : x + 5].mean(axis=2)
        assert np.median(below) < 0.62
