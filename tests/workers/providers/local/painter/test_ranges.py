"""The country behind a picture: its shape, and that pictures beside each other do not share it."""

from itertools import combinations

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, stage_for
from workers.providers.local.painter import placing, ranges
from workers.providers.local.painter.behind import behind, calm, flanks
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sight import see
from workers.providers.local.painter.stage import Stage


@pytest.mark.parametrize("poem", range(9))
@pytest.mark.parametrize("shows", ["a lake lies still", "far hills fade", "a steep mountain rises", "a boat crosses the sea"])
def test_the_three_pictures_of_a_poem_lie_in_three_countries(shows: str, poem: int) -> None:
    three = {ranges.choose(see(shows, "autumn"), poem, number).name for number in (1, 2, 3)}

    assert len(three) == 3


def test_where_one_mountain_is_named_it_is_the_highest_thing_there() -> None:
    for number in range(6):
        assert ranges.choose(see("an old house stands far below a mountain", "autumn"), number, number) is ranges.MASS


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


def test_between_two_round_hills_lies_a_saddle_and_no_notch() -> None:
    lines = [_crest("round hills", seed) for seed in range(6)]

    assert np.mean([(line[24:] - 2 * line[12:-12] + line[:-24]).max() for line in lines]) < 0.187


@pytest.mark.parametrize("country", [country.name for country in ranges.COUNTRIES if country.name != "peaks"])
def test_no_hill_stands_up_like_a_thumb(country: str) -> None:
    lines = [_crest(country, seed) for seed in range(6)]

    assert max(np.minimum(line[36:-36] - line[:-72], line[36:-36] - line[72:]).max() for line in lines) < 0.34


@pytest.mark.parametrize("seed", range(6))
def test_a_cliff_breaks_off_at_its_brow_and_along_no_straight_edge(seed: int) -> None:
    line = _crest("cliff", seed)

    fall = np.diff(line if line[0] > line[-1] else line[::-1])
    assert (fall < 0.6 * fall.min()).sum() < 22


@pytest.mark.parametrize("country", ["round hills", "peaks"])
def test_no_summit_sits_on_a_roof_like_a_knob(country: str) -> None:
    knobs = []
    for seed in range(4):
        stage = replace(stage_for("a house stands alone", seed=seed), country=_named(country))
        house = placing.clearings(stage)[0]
        knobs.append(_summit_between(stage, house.left, house.right))

    assert max(knobs) < 8


@pytest.mark.parametrize("country", ["round hills", "peaks"])
def test_no_summit_stands_under_the_poem(country: str) -> None:
    summits = []
    for seed in range(6):
        stage = replace(stage_for("a wide land", seed=seed), country=_named(country), roomy=True)
        summits.append(_summit_between(stage, 0.82 * SIDE, 0.99 * SIDE))

    assert max(summits) < 7


def _summit_between(stage: Stage, left: float, right: float) -> float:
    """How far a range rises above both ends of a piece of it, in pixels."""
    blank = stage.sheet.rgb.copy()
    behind(stage, 0.7, 1, 0.4)
    line = (np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.06).argmax(axis=0).astype(float)
    return float(min(line[int(left)], line[int(right)]) - line[int(left) : int(right)].min())


def _named(country: str) -> ranges.Country:
    return next(each for each in ranges.COUNTRIES if each.name == country)


def _crest(country: str, seed: int) -> Plane:
    """Its heights over 400 columns, without what is finer than a few of them."""
    sheet = Sheet(400, 400, np.random.default_rng(seed), (1.0, 1.0, 1.0))
    line = _named(country).near(sheet, 0.2 + 0.1 * seed)
    return np.convolve(line, np.full(7, 1 / 7, dtype=np.float32), "valid")


@pytest.mark.parametrize("seed", range(8))
def test_no_tooth_is_left_of_a_peak_behind_a_village(seed: int) -> None:
    stage = stage_for("rows of lantern lights hang over a village", season="summer", seed=seed)
    crest = ranges.COUNTRIES[-1].far(stage.sheet, 0.4)

    assert jagged(calm(stage, crest)) < 0.4 * jagged(crest)


def jagged(crest: Plane) -> float:
    """How far a crest leaves its mean over a twentieth of the sheet."""
    wide = np.convolve(np.pad(crest, 7, mode="edge"), np.ones(15) / 15, "valid")
    return float(np.abs(crest - wide).max())


@pytest.mark.parametrize("seed", range(6))
def test_a_mountain_behind_a_village_is_still_a_mountain(seed: int) -> None:
    stage = stage_for("a village sits below a mountain", seed=seed)
    crest = _named("one mountain").far(stage.sheet, 0.4)

    assert np.ptp(calm(stage, crest)) > 0.6 * np.ptp(crest)


@pytest.mark.parametrize("seed", range(4))
def test_before_one_mountain_run_spurs_and_no_second_summit(seed: int) -> None:
    country, stage = _named("one mountain"), stage_for("a mountain", seed=seed)
    assert country.between is not None

    for side in (0.1, 0.9):
        spur = np.convolve(country.between(stage.sheet, side), np.full(31, 1 / 31, dtype=np.float32), "valid")
        assert spur[90:-90].max() < spur.max()


@pytest.mark.parametrize("seed", range(4))
def test_the_sides_of_a_valley_fall_from_both_edges_to_its_floor(seed: int) -> None:
    stage = stage_for("a wide valley", seed=seed)
    blank = stage.sheet.rgb.copy()

    flanks(stage, 0.7, 0.4)

    line = (np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.06).argmax(axis=0) / SIDE
    lowest = line[SIDE // 4 : -SIDE // 4].max()
    assert line[:15].mean() < lowest - 0.11
    assert line[-15:].mean() < lowest - 0.11
