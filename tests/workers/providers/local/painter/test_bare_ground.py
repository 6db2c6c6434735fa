"""Earth is swept where it lies bare, not where grass grows; a lantern's post stands in grass."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import earth, placing, sizes


def sharpest(shows: str, seed: int) -> float:
    """How far the ground's tone jumps from one row to the next, where something has an edge on it."""
    stage = stage_for(shows, seed=seed)
    earth.earth(stage, 0.6)
    tone = stage.sheet.rgb[int(0.7 * SIDE) :].mean(axis=2)
    return float(np.percentile(np.abs(np.diff(tone, axis=0)), 99.5))


@pytest.mark.parametrize("seed", range(4))
def test_no_slab_lies_in_the_grass_of_a_field(seed: int) -> None:
    assert sharpest("a wide field lies below the hills", seed) < 0.5 * sharpest("a mountain rises", seed)


@pytest.mark.parametrize("seed", range(4))
def test_grass_grows_on_either_hand_of_a_lantern_s_post(seed: int) -> None:
    stage = stage_for("a paper lantern stands in a meadow", season="summer", seed=seed)

    placing.stand(stage)

    post = int(stage.x(stage.stands) - 0.115 * sizes.size_of(stage, "lantern"))
    foot = stage.sheet.rgb[int(0.8 * SIDE) : int(0.95 * SIDE)]
    green = (foot[..., 1] > foot[..., 0] + 0.06) & (foot[..., 1] > foot[..., 2] + 0.06)
    assert green[:, post - 25 : post].sum() > 8
    assert green[:, post + 1 : post + 26].sum() > 8
