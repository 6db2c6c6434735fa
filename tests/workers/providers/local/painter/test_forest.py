"""A forest is no plantation: its trees stand in groups, lean their own ways, and some part in two."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import forest

SHOWS = "pine trees stand close in a misty forest"


@pytest.mark.parametrize("seed", range(6))
def test_trunks_lean_to_both_sides_and_some_part_in_two(seed: int) -> None:
    stage = stage_for(SHOWS, seed=seed)
    trunks, widths = forest.trunks_at(stage, forest.grouped(stage, 14), 0.73, 1.8)
    stems, thinner = forest.forks(stage, trunks, widths)

    lean = trunks[:, -1, 0] - trunks[:, 0, 0]
    assert lean.min() < -0.02 * SIDE
    assert lean.max() > 0.02 * SIDE
    assert (trunks[:, -1, 1] < 0).all()
    assert 0 < len(stems) < 12
    assert all(np.hypot(*(trunks - stem[0]).transpose(2, 0, 1)).min() < 1e-9 for stem in stems)
    assert (stems[:, -1, 1] < 0).all()
    assert thinner.max() < widths.max()


@pytest.mark.parametrize("seed", range(6))
def test_they_stand_in_groups_with_gaps_between(seed: int) -> None:
    gaps = np.diff(np.sort(forest.grouped(stage_for(SHOWS, seed=seed), 17)))

    assert gaps.max() > 6 * np.median(gaps) or gaps.std() > 0.7 * gaps.mean()


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_trunks_hide_what_is_behind_them(seed: int) -> None:
    stage = stage_for(SHOWS, seed=seed)
    through = shown_through(lambda sheet: forest.forest(replace(stage, sheet=sheet)), seed)

    assert (through[200:240] < 0.1).any(axis=0).sum() > 0.03 * SIDE


def test_light_that_falls_into_a_forest_is_seen() -> None:
    lit, other = (stage_for(f"{light} falls between the trees of a forest", season="summer") for light in ("sunlight", "rain"))

    forest.forest(lit)
    forest.forest(other)

    above = (slice(20, 150), slice(60, 240))
    assert lit.sheet.rgb[above].mean() > other.sheet.rgb[above].mean() + 0.02
