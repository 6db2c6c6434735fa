"""A street seen along it."""

from functools import partial

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from core.contracts.haiku import Season
from tests.workers.providers.local.painter.asks import POEM, SIDE, ask_for, pixels, shown_through, stage_for
from workers.providers.local.painter import settings, sizes
from workers.providers.local.painter.compose import picture
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.perspective import Lane, cut, shortened
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.street import closes, street

LANE = Lane(150, 186, 270, 2.15, 2.5)


def street_of(shows: str, *, season: Season = "autumn", hour: str = "day", seed: int = 3, number: int = 0) -> Stage:
    stage = stage_for(shows, season=season, number=number, seed=seed)
    stage.view, stage.light = replace(stage.view, hour=hour), light(season, hour)
    settings.town(stage)
    return stage


def houses(stage: Stage, sheet: Sheet) -> None:
    street(replace(stage, sheet=sheet), 0.62, lanterns=False)


def reds(stage: Stage) -> NDArray[np.bool_]:
    red, green, blue = (stage.sheet.rgb[..., colour] for colour in range(3))
    return np.asarray((red > 0.7) & (green < 0.62 * red) & (blue < 0.5 * red))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_houses_stand_on_both_hands_and_the_sky_is_a_strip_between_their_roofs(number: int) -> None:
    for seed in range(3):
        stage = stage_for("old wooden houses line a market street", number=number)
        hidden = shown_through(partial(houses, stage), seed) < 0.1

        walls = hidden[int(0.55 * SIDE) : int(0.75 * SIDE)]
        assert min(walls[:, :45].mean(), walls[:, -45:].mean()) > 0.95
        above = hidden[int(0.2 * SIDE) : int(0.36 * SIDE)]
        assert max(above[:, :30].mean(), above[:, -30:].mean()) > 0.4
        assert above[:, 145:155].mean() < 0.02


@pytest.mark.parametrize("seed", range(4))
def test_a_narrow_street_has_its_houses_closer_than_a_street(seed: int) -> None:
    paved = []
    for shows in ("wooden houses stand close in a narrow alley", "old wooden houses line a street"):
        stage = street_of(shows, seed=seed)
        ground = stage.sheet.rgb[int(0.93 * SIDE)].mean(axis=1)
        paved.append((np.abs(ground - np.median(ground[130:170])) < 0.12).mean())

    narrow, wide = paved
    assert narrow < wide - 0.08


@pytest.mark.parametrize("seed", range(4))
def test_lanterns_along_a_street_hang_on_both_sides_and_are_smaller_the_further_off(seed: int) -> None:
    stage = street_of("lanterns light a street of houses", hour="dusk", seed=seed)

    lit = reds(stage)
    columns = np.flatnonzero(lit.any(axis=0))
    vanish = (columns.min() + columns.max()) / 2
    tall = lit.sum(axis=0)
    for side in (columns < vanish, columns > vanish):
        away = np.abs(columns[side] - vanish)
        assert tall[columns[side][away > 0.6 * away.max()]].max() > 1.7 * tall[columns[side][away < 0.35 * away.max()]].max()
    assert np.ptp(np.flatnonzero(lit.any(axis=1))) < 0.25 * SIDE


def test_curtains_said_to_be_blue_are_blue() -> None:
    for seed in range(3):
        stage = street_of("blue curtains hang before the shops of a street", season="spring", seed=seed)
        red, green, blue = (stage.sheet.rgb[..., colour] for colour in range(3))

        assert ((blue > red + 0.1) & (blue > green)).mean() > 0.004


@pytest.mark.parametrize("number", [0, 1, 2])
def test_people_in_a_street_are_lower_than_the_eaves_beside_them(number: int) -> None:
    stage = street_of("a lone figure walks along a lamplit street", number=number)

    head = stage.y(stage.front) - sizes.size_of(stage, "walker")
    assert stage.y(stage.horizon) - 0.02 * SIDE < head
    assert sizes.size_of(stage, "walker") > 9 * stage.sheet.unit


@pytest.mark.parametrize("number", [0, 1, 2])
def test_whoever_walks_along_a_street_is_between_its_houses(number: int) -> None:
    for seed in range(3):
        stage = street_of("a lone figure walks along a lamplit street", number=number, seed=seed)

        steps = stage.sheet.rgb[int(stage.y(stage.front)), int(stage.x(stage.stands)) - 4 : int(stage.x(stage.stands)) + 5]
        walls = stage.sheet.rgb[int(stage.y(stage.front) - 8) : int(stage.y(stage.front)), -8:]
        assert steps.mean() > walls.mean() + 0.05


def test_a_face_is_cut_at_the_sheets_edge_and_one_outside_it_is_gone() -> None:
    sheet = stage_for("a street").sheet
    half = np.array([(-400.0, 100.0), (150.0, 100.0), (150.0, 200.0), (-400.0, 200.0)])

    kept = cut(sheet, half)
    assert kept[:, 0].min() == pytest.approx(-3 * sheet.unit)
    assert kept[:, 0].max() == 150
    assert not len(cut(sheet, half - (1000, 0)))


def test_a_stroke_is_shortened_at_the_sheets_edge_and_one_outside_it_is_dropped() -> None:
    sheet = stage_for("a street").sheet
    strokes = np.array([[(100.0, -900.0), (100.0, 150.0)], [(900.0, 0.0), (900.0, 100.0)]])

    kept = shortened(sheet, strokes)
    assert len(kept) == 1
    assert kept[0, 0, 1] == pytest.approx(-3 * sheet.unit)


def test_what_is_twice_as_far_along_a_street_is_half_as_high() -> None:
    lane = Lane(150, 180, 270, 2.15, 2.5)

    near, far = (lane.at(-1, away, 0.0)[1] - lane.at(-1, away, 3.0)[1] for away in (5.0, 10.0))
    assert near == pytest.approx(2 * far)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_poem_of_a_street_stands_beside_it_and_never_on_its_roofs(number: int) -> None:
    shows = "old wooden houses line a market street"
    told, bare = (pixels(picture(ask_for(shows, number=number, calligraphy=poem))) for poem in (POEM[1:2], ()))

    written = (np.abs(told - bare).max(axis=2) > 60).any(axis=0)
    assert written.any()
    assert not written[: int(0.84 * len(written))].any()


@pytest.mark.parametrize("seed", range(4))
def test_the_curtains_of_shops_are_broad_and_hang_before_the_posts_of_their_doors(seed: int) -> None:
    stage = street_of("blue curtains hang before the shops of a street", season="spring", seed=seed)
    red, green, blue = np.moveaxis(stage.sheet.rgb, 2, 0)

    assert ((blue > red + 0.1) & (blue > green)).mean() > 0.028


@pytest.mark.parametrize("seed", range(4))
def test_a_street_is_closed_by_leaves_that_nothing_is_seen_through(seed: int) -> None:
    stage = stage_for("old wooden houses line a market street")
    stage.lines(0.62, 0.68, 0.93)

    def ends(sheet: Sheet) -> None:
        closes(replace(stage, sheet=sheet), LANE)

    through = shown_through(ends, seed)

    x, y = LANE.x, LANE.at(1, 40.0)[1]
    half = LANE.half * LANE.metre / 40
    assert through[int(y - 9) : int(y - 1), int(x - half) : int(x + half)].max() < 0.05
