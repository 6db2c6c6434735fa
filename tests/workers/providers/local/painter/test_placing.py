"""How large what is named stands, and where."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import SIDE, ask_for, stage_for
from workers.providers.local.painter import cast, placing, sizes
from workers.providers.local.painter.compose import paint
from workers.providers.local.painter.stage import Stage


def inked(stage: Stage) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of what was put on an empty sheet, shadows and glow left out."""
    rows, columns = np.nonzero(np.abs(stage.sheet.rgb - stage.sheet.paper).max(axis=2) > 0.25)
    return rows, columns


@pytest.mark.parametrize("shows", ["a lone figure walks along a path", "two figures stand before a lake"])
def test_people_are_small_before_the_mountains(shows: str) -> None:
    stage = stage_for(shows)

    placing.stand(stage)

    assert 0.06 * SIDE < np.ptp(inked(stage)[0]) < 0.14 * SIDE


@pytest.mark.parametrize("shows", ["swallows fly above a field", "a lone bird flies", "a line of geese crosses the sky"])
def test_birds_are_small_and_above_the_hills(shows: str) -> None:
    stage = stage_for(shows)

    placing.stand(stage)

    rows, columns = inked(stage)
    assert rows.max() < 0.4 * SIDE
    assert np.ptp(rows) < 0.2 * SIDE
    assert 4 < np.ptp(columns) < 0.5 * SIDE


@pytest.mark.parametrize("seed", range(4))
def test_only_what_is_said_to_be_warm_steams(seed: int) -> None:
    cold, warm = (stage_for(f"a {bowl} stands on the veranda", seed=seed) for bowl in ("bowl of ice", "warm bowl"))
    for stage in (cold, warm):
        stage.sheet.rgb[:] = 0.4
        placing.stand(stage)

    above = slice(0, int(0.6 * SIDE))
    assert np.abs(cold.sheet.rgb[above] - 0.4).max() < 0.02
    assert np.abs(warm.sheet.rgb[above] - 0.4).max() > 0.1


def test_a_lantern_beside_a_path_does_not_stand_on_it() -> None:
    on, beside = stage_for("a lantern stands on a path"), stage_for("a lantern stands beside a path")
    for stage in (on, beside):
        placing.stand(stage)

    assert inked(beside)[1].mean() - inked(on)[1].mean() > 0.08 * SIDE


def test_flowers_have_the_colour_that_is_told() -> None:
    red, blue = (stage_for(f"{colour} flowers bloom before a gate") for colour in ("red", "blue"))
    for stage in (red, blue):
        cast.plant(stage)

    assert (blue.sheet.rgb[..., 2] - blue.sheet.rgb[..., 0] > 0.08).sum() > 40
    assert (red.sheet.rgb[..., 0] - red.sheet.rgb[..., 2] > 0.25).sum() > 40


def test_a_bird_on_a_branch_of_its_own_is_given_no_tree() -> None:
    stage = stage_for("a small bird sings on a plum branch", season="spring")
    before = stage.sheet.rgb.copy()

    cast.plant(stage)

    assert np.array_equal(stage.sheet.rgb, before)


def test_a_cat_out_of_doors_is_smaller_than_a_child() -> None:
    cat, child = stage_for("a cat sits in a field"), stage_for("a child stands in a field")
    for stage in (cat, child):
        placing.stand(stage)

    assert np.ptp(inked(cat)[0]) < 1.1 * np.ptp(inked(child)[0])


@pytest.mark.parametrize(("animal", "least", "most"), [("cat", 0.15, 0.36), ("dog", 0.22, 0.45), ("puppy", 0.12, 0.3)])
def test_beside_people_an_animal_is_no_taller_than_their_knees_or_hips(animal: str, least: float, most: float) -> None:
    stage = stage_for(f"a lone figure and a {animal} meet on a path")

    assert least < sizes.size_of(stage, animal) / sizes.size_of(stage, "figure") < most


@pytest.mark.parametrize(
    ("shows", "deck"), [("a train runs along the foot of the hills", 8), ("a long train crosses a bridge", 38)]
)
@pytest.mark.parametrize("seed", range(3))
def test_a_train_is_so_long_that_it_leaves_the_sheet(shows: str, deck: int, seed: int) -> None:
    stage = stage_for(shows, seed=seed)

    placing.stand_far(stage)

    above = slice(0, int(stage.y(stage.middle)) - deck)
    columns = (np.abs(stage.sheet.rgb - stage.sheet.paper)[above].max(axis=2) > 0.2).any(axis=0)
    head = int(columns.nonzero()[0].max())
    assert columns[2:head].mean() > 0.97
    assert 0.4 * SIDE < head < 0.9 * SIDE


def test_a_snow_figure_is_no_higher_than_a_grown_one() -> None:
    stage = stage_for("a snow figure stands beside a figure", season="winter")

    assert sizes.size_of(stage, "snowman") < sizes.size_of(stage, "figure")


def test_steam_is_seen_before_a_pale_sky() -> None:
    stage = stage_for("a warm bowl steams on the veranda", seed=1)
    stage.sheet.rgb[:] = 0.93
    placing.stand(stage)

    above = stage.sheet.rgb[: int(0.6 * SIDE)]
    assert (above < 0.78).all(axis=2).sum() > 40


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize(
    "shows", ["fishing boats wait off the white sand", "ducks float on a lake", "small lights float on a lake"]
)
def test_none_of_what_floats_floats_above_the_horizon(shows: str, number: int) -> None:
    stage = stage_for(shows, number=number)
    stage.horizon, stage.water = 0.52, 0.58

    placing.stand(stage)

    rows = np.nonzero((np.abs(stage.sheet.rgb - stage.sheet.paper).max(axis=2) > 0.3).any(axis=1))[0]
    assert rows.min() > stage.y(stage.horizon) - 0.035 * SIDE


def test_what_dries_before_the_eaves_is_seen_against_the_house() -> None:
    stage = stage_for("white cloth dries before the eaves of a house", season="summer")

    assert abs(placing.nearest(stage) - placing.furthest(stage)) < 0.2
    assert placing.furthest(stage) - placing.nearest(stage_for("a cat sits beside a house")) > 0.2


@pytest.mark.parametrize("seed", range(4))
def test_a_roof_that_rises_among_pines_has_pines_before_its_walls(seed: int) -> None:
    before_walls = []
    for shows in ("a temple roof rises among mountain pine", "a temple stands among mountain pine"):
        stage = stage_for(shows, season="spring", seed=seed)
        blank = stage.sheet.rgb.copy()
        cast.plant(stage)
        temple = placing.clearings(stage)[0]
        left, right = int(max(0, temple.left + 12)), int(min(SIDE, temple.right - 12))
        changed = np.abs(stage.sheet.rgb - blank).max(axis=2)[:, left:right] > 0.2
        before_walls.append(changed.any(axis=0).mean())

    roof_only, whole = before_walls
    assert whole < 0.1
    assert roof_only > 0.25


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_lantern_lights_the_ground_and_the_blossoms_about_it(number: int) -> None:
    ask = ask_for(
        "a paper lantern lights a cherry tree", season="spring", light="spring night", number=number, calligraphy=(), side=400
    )

    rgb = paint(ask).rgb

    blossoms = rgb[rgb.max(axis=2) > 0.75]
    warm = blossoms[:, 0] - blossoms[:, 2]
    ground = rgb[320:370, 60:340]
    assert (warm > 0.2).mean() > 0.12
    assert np.quantile(ground[..., 0] - ground[..., 2], 0.95) > 0.2


def test_each_of_two_peaches_throws_its_own_shadow() -> None:
    stage = stage_for("ripe peaches lie by the window")
    stage.closeness = 1.0
    stage.sheet.rgb[:] = 0.8
    placing.stand(stage)

    columns = np.nonzero((stage.sheet.rgb[int(stage.y(stage.front)) :].mean(axis=2) < 0.77).any(axis=0))[0]
    size = sizes.size_of(stage, "peaches")
    assert np.ptp(columns) < 3.2 * size
