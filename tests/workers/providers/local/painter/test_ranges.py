"""The country behind a picture: its shape, and that pictures beside each other do not share it."""

from itertools import combinations

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import ranges
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.sight import see


@pytest.mark.parametrize("poem", range(9))
@pytest.mark.parametrize("shows", ["a lake lies still", "far hills fade", "a steep mountain rises", "a boat crosses the sea"])
def test_the_three_pictures_of_a_poem_lie_in_three_countries(shows: str, poem: int) -> None:
    three = {ranges.choose(see(shows, "autumn"), poem, number).name for number in (1, 2, 3)}

    assert len(three) == 3


def test_round_hills_are_round_and_mountains_no_plain() -> None:
    def found(shows: str) -> set[str]:
        return {ranges.choose(see(shows, "autumn"), poem, 1).name for poem in range(100)}

    assert found("a still lake lies between round hills") == {"round hills"}
    assert not {"plain", "round hills"} & found("mountains rise one behind another")


@pytest.mark.parametrize("seed", range(3))
def test_countries_differ_in_outline(seed: int) -> None:
    skylines = []
    for country in ranges.COUNTRIES:
        stage = replace(stage_for("a wide land", seed=seed), country=country)
        blank = stage.sheet.rgb.copy()
        behind(stage, 0.7, 3, 0.4)
        skylines.append((np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.06).argmax(axis=0))

    assert all((line > 0).mean() > 0.95 for line in skylines)
    assert min(np.abs(a - b).mean() for a, b in combinations(skylines, 2)) > 0.01 * SIDE
