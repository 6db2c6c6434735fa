"""Bamboo is solid and bows to one side."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import shown_through, stage_for
from workers.providers.local.painter import cast
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.spot import Spot

LIGHT = light("summer", "day")


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_seen_through_the_leaves_of_bamboo(seed: int) -> None:
    grow = cast.tree_of(stage_for("bamboo stands"), "bamboo")

    through = shown_through(lambda sheet: grow(sheet, Spot(150, 318, 64, 1, LIGHT)), seed)

    hidden, veiled = (through < 0.05).sum(), ((through > 0.15) & (through < 0.85)).sum()
    assert hidden > 1.5 * veiled


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lean", [-1, 1])
def test_a_bamboo_s_tops_nod_the_way_it_leans(lean: int, seed: int) -> None:
    grow = cast.tree_of(stage_for("bamboo stands"), "bamboo")

    through = shown_through(lambda sheet: grow(sheet, Spot(150, 318, 64, lean, LIGHT)), seed)

    rows, columns = np.nonzero(through < 0.5)
    top = columns[rows < rows.min() + 10].mean()
    foot = columns[rows > 280].mean()
    assert lean * (top - foot) > 40
