"""What is turned is round: its light goes about it, its mouth is level, and one sees into it and not through it."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, shown_through
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sketch import At, draw, sketches
from workers.providers.local.painter.turned import SEEN, seen, turn

POT = ((30.0, 0.0), (60.0, 30.0), (60.0, 90.0))
ROUND = ["bowl", "tea_bowl", "cup", "kettle", "pumpkin", "tangerine", "shaved_ice", "candle", "rice_balls"]


def on_paper(name: str, seed: int = 1) -> Sheet:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(seed), (0.95, 0.93, 0.89))
    draw(sheet, sketches()[name], At(150, 250, 140, turned=False, lit=False))
    return sheet


@pytest.mark.parametrize("finish", ["clay", "glazed", "lacquer", "iron", "rind", "bloom", "ribbed", "wax"])
def test_a_turned_body_is_paler_towards_the_light(finish: str) -> None:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(2), (0.95, 0.93, 0.89))
    turn(sheet, 150, 250, POT, PIGMENTS["brown"], finish)

    side = sheet.rgb[170:215].mean(axis=(0, 2))
    assert side[105:130].mean() > side[180:205].mean() + 0.04


def test_a_turned_body_stands_on_a_round_foot_and_ends_in_a_round_mouth() -> None:
    body = seen(150, 250, POT)

    rows = np.nonzero(body.tile.mask.max(axis=1) > 0.5)[0] + body.tile.y
    assert abs(rows.max() - 250) <= 2
    assert abs(rows.min() - (250 - SEEN * 30 - 90 - SEEN * 60)) <= 2
    assert abs((body.tile.mask > 0.5).sum(axis=1).max() - 120) <= 3


@pytest.mark.parametrize("name", ROUND)
def test_nothing_is_seen_through_a_turned_body(name: str) -> None:
    through = shown_through(lambda sheet: draw(sheet, sketches()[name], At(150, 250, 140, turned=False, lit=False)))

    assert through[225:245, 144:156].max() < 0.05


@pytest.mark.parametrize(("name", "filled"), [("tea_bowl", "green"), ("cup", "coffee"), ("bowl", "ochre")])
def test_one_sees_what_a_vessel_holds(name: str, filled: str) -> None:
    colour = np.array(PIGMENTS[filled])
    for seed in range(3):
        near = np.abs(on_paper(name, seed).rgb - colour).max(axis=2) < 0.16

        rows, columns = near.nonzero()
        assert len(rows) > 250
        assert np.ptp(columns) > 2.2 * np.ptp(rows[rows < np.median(rows) + 20])


def test_a_kettle_has_a_handle_over_its_lid_with_air_between() -> None:
    sheet = on_paper("kettle")
    column = np.abs(sheet.rgb[:, 150] - sheet.paper).max(axis=1) > 0.3

    assert np.count_nonzero(np.diff(column.astype(int)) == 1) >= 2


def test_one_sees_through_glass_to_what_is_behind_and_the_fish_within() -> None:
    through = shown_through(lambda sheet: draw(sheet, sketches()["goldfish_bowl"], At(150, 250, 140, turned=False, lit=False)))

    assert 0.1 < float(np.median(through[170:235, 100:200])) < 0.8
    orange = on_paper("goldfish_bowl").rgb
    assert (orange[..., 0] - orange[..., 2] > 0.4).sum() > 300
