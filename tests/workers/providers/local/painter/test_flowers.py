"""Low things that grow."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import cast, flowers, settings
from workers.providers.local.painter.brush import Curves, smooth
from workers.providers.local.painter.chrysanthemum import chrysanthemum
from workers.providers.local.painter.lily import lily
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.spider_lily import spider_lily
from workers.providers.local.painter.spot import Plant
from workers.providers.local.painter.stage import Stage


@pytest.mark.parametrize("seed", range(5))
def test_silver_grass_stands_on_no_ruled_line(seed: int) -> None:
    stage = stage_for("silver grass sways", seed=seed)
    blank = stage.sheet.rgb.copy()

    flowers.silver_grass(stage.sheet, stage.spot(0.4, 0.8, 40))

    rows = (np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.2).sum(axis=1)
    foot = int(0.8 * SIDE)
    assert rows[foot + 2] > 0.25 * rows[foot - 20 : foot].max()


def _painted(grow: Plant, seed: int) -> Stage:
    stage = stage_for("flowers bloom", season="summer", seed=seed)
    stage.sheet.rgb[:] = 0.5
    grow(stage.sheet, stage.spot(0.5, 0.95, 60))
    return stage


@pytest.mark.parametrize("seed", range(4))
def test_a_lily_holds_white_trumpets_above_green_leaves(seed: int) -> None:
    rgb = _painted(lily, seed).sheet.rgb

    white, green = rgb.min(axis=2) > 0.85, rgb[..., 1] - rgb[..., 0] > 0.04
    assert white.sum() > 0.02 * SIDE**2
    assert np.nonzero(white)[0].mean() < np.nonzero(green)[0].mean() - 0.1 * SIDE


@pytest.mark.parametrize("seed", range(4))
def test_a_chrysanthemum_is_no_flower_on_a_pole(seed: int) -> None:
    rgb = _painted(chrysanthemum, seed).sheet.rgb

    gold, leaf = rgb[..., 0] - rgb[..., 2] > 0.3, rgb.max(axis=2) < 0.42
    assert gold.sum() > 0.02 * SIDE**2
    assert leaf.sum() > 1.2 * gold.sum()


@pytest.mark.parametrize("shows", ["white lily flowers bloom in the grass", "yellow chrysanthemum flowers bloom in the grass"])
def test_flowers_on_a_hill_stand_on_its_near_side(shows: str) -> None:
    stage = stage_for(shows)
    settings.hill(stage)
    bare = stage.sheet.rgb.copy()

    cast.plant(stage)

    rows = (np.abs(stage.sheet.rgb - bare).max(axis=2) > 0.2).sum(axis=1)
    assert rows[int(0.9 * SIDE) : int(0.94 * SIDE)].min() > 0.02 * SIDE


@pytest.mark.parametrize("seed", range(4))
def test_a_spider_lily_is_red_at_its_head_and_bare_below(seed: int) -> None:
    stage = stage_for("red spider lilies stand along a path", seed=seed)

    spider_lily(stage.sheet, stage.spot(0.5, 0.9, 60))

    red, green, blue = np.moveaxis(stage.sheet.rgb, 2, 0)
    flower = ((red > 0.6) & (green < 0.4) & (blue < 0.4)).sum(axis=1)
    leafy = ((green > red + 0.02) & (green > blue + 0.02)).sum(axis=1)
    top, foot = int(stage.y(0.28)), int(stage.y(0.9))
    assert flower[top : (top + foot) // 2].sum() > 600
    assert flower[foot - 15 :].sum() == 0
    assert 4 < leafy[foot - 30 : foot - 10].mean() < 0.15 * SIDE


@pytest.mark.parametrize("seed", range(4))
def test_grass_is_not_seen_through(seed: int) -> None:
    stage = stage_for("tall grass", season="summer")
    through = shown_through(lambda sheet: flowers.grass(sheet, stage.spot(0.5, 0.9, 42)), seed)

    blades = through[through < 0.9]
    assert len(blades) > 0.03 * SIDE**2
    assert np.median(blades) < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_a_blade_begins_at_the_foot_of_its_tuft_and_bends_away_from_its_middle(seed: int) -> None:
    stage = stage_for("tall grass", season="summer", seed=seed)
    spot = stage.spot(0.5, 0.9, 30)
    blades, _ = flowers._fan(stage.sheet, spot, 60, 0.5)

    assert np.abs(blades[:, 0, 1] - spot.y).max() < 2 * stage.sheet.unit
    out, bend = blades[:, 0, 0] - spot.x, blades[:, -1, 0] - blades[:, 0, 0]
    assert np.corrcoef(out, bend)[0, 1] > 0.6


def test_new_grass_is_short() -> None:
    tall = []
    for shows in ("new grass along a river", "grass along a river"):
        stage = stage_for(shows, season="spring")
        blank = stage.sheet.rgb.copy()
        cast.plant(stage)
        tall.append(np.ptp(np.nonzero(np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.1)[0]))

    assert tall[0] < 0.7 * tall[1]


@pytest.mark.parametrize("seed", range(6))
def test_flowers_before_a_gate_stand_beside_the_way_to_it(seed: int) -> None:
    stage = stage_for("red flowers bloom beside a gate", season="spring", seed=seed)
    settings.OUTDOORS["garden"](stage)
    before = stage.sheet.rgb.copy()

    cast.plant(stage)

    assert stage.trodden is not None
    grown = np.abs(stage.sheet.rgb - before).max(axis=2) > 0.1
    assert grown.mean() > 0.005
    assert grown[stage.trodden > 0.5].mean() < 0.06


@pytest.mark.parametrize("seed", range(4))
def test_no_stem_of_silver_grass_is_broken(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = stage_for("silver grass sways", seed=seed)
    blank = stage.sheet.rgb.copy()
    drawn: list[Curves] = []

    def noted(_sheet: Sheet, stems: Curves, _lean: int) -> Curves:
        drawn.append(stems)
        return stems[:0]

    monkeypatch.setattr(flowers, "grass", lambda *_args, **_kinds: None)
    monkeypatch.setattr(flowers, "_plumes", noted)

    flowers.silver_grass(stage.sheet, stage.spot(0.4, 0.8, 40))

    inked = np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.05
    (stems,) = drawn
    for line in smooth(stems, 60)[:, 4:48]:
        x, y = line.astype(int).T
        inside = (x > 0) & (x < SIDE - 2) & (y > 0) & (y < SIDE - 2)
        assert (inked[y, x] | inked[y, x + 1] | inked[y, x - 1])[inside].all()
