"""Trees grow as wood does."""

from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import cast, heavens, persimmon, pine, placing, plants, trees
from workers.providers.local.painter.brush import smooth
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.spot import Spot

PAPER = (0.95, 0.93, 0.89)
LIGHT = light("autumn", "day")


@pytest.mark.parametrize("seed", range(4))
def test_a_trunk_thins_to_its_last_twig_without_a_joint(seed: int) -> None:
    sheet = Sheet(400, 400, np.random.default_rng(seed), PAPER)
    trunk, *_ = trees.grow(sheet, (200, 390), np.pi / 2, 130, 26, forks=3)

    trees.bark(sheet, [trunk])

    widths = [(sheet.rgb[int(y), :, 0] < 0.6).sum() for y in np.linspace(trunk.points[-1, 1] + 20, 350, 60)]
    above, here, below = widths[:-4], widths[2:-2], widths[4:]
    assert all(b > 0.6 * min(a, c) for a, b, c in zip(above, here, below, strict=True))
    assert np.mean(widths[:10]) < 0.7 * np.mean(widths[-10:])


def test_branches_leave_the_trunk_where_it_is() -> None:
    limbs = trees.grow(Sheet(400, 400, np.random.default_rng(2), PAPER), (200, 390), np.pi / 2, 130, 26, forks=3)

    trunk, branches = limbs[0], [limb for limb in limbs if limb.order == 1]
    assert branches
    for branch in branches:
        assert np.hypot(*(trunk.points - branch.points[0]).T).min() < 1e-9
        assert branch.width < trunk.width


@pytest.mark.parametrize("seed", range(4))
def test_no_needles_of_a_pine_hang_in_the_air(seed: int) -> None:
    sheet = Sheet(400, 400, np.random.default_rng(seed), PAPER)
    limbs = pine.grow(sheet, Spot(200, 390, 90, 1, LIGHT))

    fans = pine.pads(sheet, limbs, 3 * sheet.unit)

    wood = np.concatenate([smooth(limb.points[None], 60)[0] for limb in limbs])
    away = np.hypot(*(fans[:, None] - wood[None]).transpose(2, 0, 1)).min(axis=1)
    assert away.max() < 3.0 * sheet.unit


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("lean", [-1, 0, 1])
def test_no_bough_of_a_pine_crosses_another_or_its_trunk(lean: int, seed: int) -> None:
    limbs = pine.grow(Sheet(400, 400, np.random.default_rng(seed), PAPER), Spot(200, 390, 80, lean, LIGHT))

    trunk, *boughs = [limb.points for limb in limbs if limb.order < 2]
    for bough in boughs:
        beside = bough[2:, 0] - np.interp(-bough[2:, 1], -trunk[:, 1], trunk[:, 0])
        assert len(set(np.sign(beside))) == 1
    for side in (-1, 1):
        tier = [bough for bough in boughs if np.sign(bough[-1, 0] - bough[0, 0]) == side]
        tops = [bough[:, 1].min() for bough in tier]
        assert tops == sorted(tops, reverse=True)
        assert all(low[:, 1].min() > high[:, 1].max() - 14 for low, high in pairwise(tier))


@pytest.mark.parametrize("seed", range(6))
def test_a_pine_winds_and_its_boughs_leave_it_at_uneven_gaps(seed: int) -> None:
    limbs = pine.grow(Sheet(400, 400, np.random.default_rng(seed), PAPER), Spot(200, 390, 46, 0, LIGHT))

    trunk, *boughs = [limb.points for limb in limbs if limb.order < 2]
    gaps = -np.diff([bough[0, 1] for bough in boughs])
    assert gaps.max() > 2 * gaps.min()
    way = np.diff(trunk, axis=0)
    assert np.ptp(np.arctan2(way[:, 0], -way[:, 1])) > 0.6


@pytest.mark.parametrize("seed", range(4))
def test_a_pine_takes_hold_of_the_ground_on_both_sides_and_its_needles_have_no_halo(seed: int) -> None:
    sheet = Sheet(400, 400, np.random.default_rng(seed), PAPER)
    pine.pine(sheet, Spot(200, 340, 60, 0, LIGHT))

    trunk = 0.05 * 60 * sheet.unit
    ink = (sheet.rgb.max(axis=2) < 0.5)[340:346].any(axis=0)
    assert ink[int(200 - 2.6 * trunk) : int(200 - trunk)].sum() > 0.3 * trunk
    assert ink[int(200 + trunk) : int(200 + 2.6 * trunk)].sum() > 0.3 * trunk
    stained = np.abs(sheet.rgb - PAPER).max(axis=2)
    assert ((stained > 0.02) & (stained < 0.1)).sum() < 0.35 * (stained > 0.2).sum()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shows", ["a figure stands by a dark pine", "a house stands below a maple", "a dog sits under a pine"])
def test_no_bough_goes_through_what_stands_there(shows: str, seed: int) -> None:
    stage = stage_for(shows, seed=seed)
    before = stage.sheet.rgb.copy()

    cast.plant(stage)

    for left, top, right, bottom in placing.clearings(stage):
        inner = np.abs(stage.sheet.rgb - before)[int(top) + 8 : int(bottom), int(left) + 12 : int(right) - 12].max(axis=2)
        assert (inner > 0.3).mean() < 0.04


def test_what_grows_from_a_bough_that_is_gone_is_gone() -> None:
    limbs = trees.grow(Sheet(400, 400, np.random.default_rng(2), PAPER), (200, 390), np.pi / 2, 130, 26, forks=3)

    joints = {tuple(limb.points[0]) for limb in limbs if limb.order > 1}
    first = next(limb for limb in limbs if limb.order == 1 and joints & set(map(tuple, limb.points)))
    left = trees.pruned(limbs, lambda limb: limb is first)

    grown = [limb for limb in limbs if limb.order > first.order and (limb.points[0] == first.points).all(axis=1).any()]
    assert grown
    assert not {id(limb) for limb in (first, *grown)} & {id(limb) for limb in left}
    assert left[0] is limbs[0]


def test_a_tree_that_leans_in_grows_from_outside_the_picture() -> None:
    stage = stage_for("snow lies on a far mountain", season="winter", number=2)

    cast.plant(stage)

    assert (stage.sheet.rgb[-1, :60] < 0.5).any()


def test_a_wide_field_is_given_no_tree() -> None:
    stage = stage_for("a wide field lies under the open sky", number=2)
    before = stage.sheet.rgb.copy()

    cast.plant(stage)

    assert np.array_equal(stage.sheet.rgb, before)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_limb_that_must_not_go_further_bends_away_and_does_not_crumple(side: int) -> None:
    fence = trees.Fence(200 + 60 * side, side)
    limbs = trees.grow(Sheet(400, 400, np.random.default_rng(5), PAPER), (200, 390), np.pi / 2, 130, 26, forks=4, fence=fence)

    ways = [np.diff(limb.points, axis=0) for limb in limbs]
    turns = np.concatenate([np.abs(np.diff(np.unwrap(np.arctan2(way[:, 1], way[:, 0])))) for way in ways])
    over = np.concatenate([(limb.points[:, 0] - fence.x) * side for limb in limbs])
    assert turns.max() < 1.2
    assert (over > 0).any(), "nothing came near it"
    assert over.max() < 40


@pytest.mark.parametrize("seed", range(4))
def test_a_crown_is_one_mass_above_its_trunk_and_no_limb_hangs_without_its_own(seed: int) -> None:
    stage = stage_for("one tree stands in a meadow", season="summer", seed=seed)

    plants.broadleaf(stage.sheet, stage.spot(0.5, 0.95, 60))

    red, green = stage.sheet.rgb[..., 0], stage.sheet.rgb[..., 1]
    leafy = (green > red + 0.05).sum(axis=1)
    assert leafy[245:].sum() == 0
    assert leafy.sum() > 2000


def test_an_aged_tree_has_a_thicker_trunk() -> None:
    aged, other = (stage_for(f"one {age} tree stands in a meadow", season="summer") for age in ("aged", "green"))

    assert aged.spot(0.5, 0.9, 46).stout > 1.5 * other.spot(0.5, 0.9, 46).stout


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shows", ["a temple stands among tall pine trees", "a small house stands among pine trees"])
def test_what_stands_among_trees_has_them_on_either_hand_and_none_before_it(shows: str, seed: int) -> None:
    stage = stage_for(shows, seed=seed)
    before = stage.sheet.rgb.copy()

    cast.plant(stage)

    (clear,) = placing.clearings(stage)
    grown = np.abs(stage.sheet.rgb - before).max(axis=2)[int(clear.top) : int(clear.bottom)] > 0.3
    assert grown[:, : int(clear.left)].sum() > 100
    assert grown[:, int(clear.right) :].sum() > 100
    assert grown[:, int(clear.left) + 8 : int(clear.right) - 8].mean() < 0.04


@pytest.mark.parametrize("seed", range(8))
def test_persimmons_hang_below_their_twigs_apart_from_each_other_and_from_the_trunk(seed: int) -> None:
    sheet = Sheet(400, 400, np.random.default_rng(seed), PAPER)
    limbs = trees.grow(sheet, (200, 390), np.pi / 2, 130, 14, forks=4, spread=0.7)

    hung = persimmon.fruits(sheet, limbs, 8)

    middles, halves = hung[:, :2], hung[:, 2]
    assert len(hung) > 8
    assert halves.max() > 1.2 * halves.min()
    trunk = smooth(limbs[0].points[None], 200)[0]
    assert (np.hypot(*(middles[:, None] - trunk).transpose(2, 0, 1)).min(axis=1) > halves).all()
    apart = np.hypot(*(middles[:, None] - middles).transpose(2, 0, 1)) - halves - halves[:, None]
    assert apart[~np.eye(len(hung), dtype=bool)].min() > 0
    lines = [smooth(limb.points[None], 24)[0] for limb in limbs if limb.order >= 1]
    ways = np.concatenate([np.gradient(line, axis=0) for line in lines])
    above = middles - np.stack([np.zeros(len(hung)), 1.25 * halves], axis=1)
    away = np.hypot(*(above[:, None] - np.concatenate(lines)).transpose(2, 0, 1))
    assert away.min(axis=1).max() < 0.5
    across, down = ways[away.argmin(axis=1)].T
    assert (down > -1.2 * np.abs(across)).all(), "from upright wood it would stand on its tip"


@pytest.mark.parametrize("seed", range(6))
def test_the_frame_cuts_no_persimmon(seed: int) -> None:
    sheet = Sheet(400, 400, np.random.default_rng(seed), PAPER)
    limbs = trees.grow(sheet, (30, 420), np.pi / 2, 200, 20, forks=4, spread=0.7)

    hung = persimmon.fruits(sheet, limbs, 8)

    assert len(hung) > 3
    middles, reach = hung[:, :2], hung[:, 2:] + sheet.unit
    assert ((middles > reach) & (middles < 400 - reach)).all()


def test_a_bare_branch_with_persimmons_is_one_tree() -> None:
    assert cast._names(stage_for("persimmons hang on a bare branch")) == ("persimmon",)


def test_a_persimmon_is_shaded_and_hides_its_tree() -> None:
    sheet = Sheet(400, 400, np.random.default_rng(1), PAPER)
    sheet.rgb[:, 195:205] = 0.0

    persimmon.hang(sheet, np.array([[200.0, 200.0, 40.0]]))

    lit, shaded, calyx = sheet.rgb[205, 185], sheet.rgb[220, 228], sheet.rgb[165:185, 180:220]
    assert lit[0] > 0.8 > 0.7 > lit[1] > lit[2]
    assert lit.sum() > shaded.sum() + 0.25
    assert (calyx[..., 1] > calyx[..., 0]).sum() > 100
    assert (sheet.rgb[190:230, 195:205, 0] > 0.6).mean() > 0.9


@pytest.mark.parametrize("seed", range(4))
def test_no_twig_is_before_the_moon_that_stands_above_the_branches(seed: int) -> None:
    stage = stage_for("a white winter moon stands above bare branches", season="winter", number=2, seed=seed)
    (moon,) = heavens.about_the_moon(stage)
    blank = stage.sheet.rgb.copy()

    cast.plant(stage)

    drawn = np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.2
    assert drawn.sum() > 1000
    inner = drawn[int(moon.top) + 6 : int(moon.bottom) - 6, int(moon.left) + 6 : int(moon.right) - 6]
    assert inner.mean() < 0.02


@pytest.mark.parametrize("seed", range(6))
def test_a_tree_that_nothing_is_named_beside_but_birds_stands_whole_on_the_ground(seed: int) -> None:
    stage = stage_for("birds fly over a lone old pine", season="spring", seed=seed)
    blank = stage.sheet.rgb.copy()

    cast.plant(stage)

    rows, columns = np.nonzero(np.abs(stage.sheet.rgb - blank).max(axis=2) > 0.3)
    assert columns.min() > 0.03 * SIDE
    assert columns.max() < 0.97 * SIDE
    assert rows.max() < 0.97 * SIDE
    assert rows.min() > 0.25 * SIDE


@pytest.mark.parametrize("seed", range(8))
def test_limbs_have_room_before_the_poem(seed: int) -> None:
    stage = stage_for("a bare tree spreads its winter branches", season="winter", seed=seed)
    spot = replace(stage.spot(0.08, 1.06, 90), fence=trees.Fence(0.6 * SIDE, 1))

    limbs = plants.limbs_of(stage.sheet, spot, forks=5, spread=0.55)

    ends = np.array([limb.points[-1, 0] for limb in limbs])
    assert (ends > 0.56 * SIDE).mean() < 0.2


def test_far_hills_are_hardly_seen_through_a_crown_in_leaf() -> None:
    assert np.mean([_seen_through_a_crown(seed) for seed in range(4)]) < 0.31


def _seen_through_a_crown(seed: int) -> float:
    spot = stage_for("a great tree stands thick with summer leaf").spot(0.5, 0.95, 58)
    through = shown_through(lambda sheet: plants.broadleaf(sheet, spot), seed)
    rows, columns = np.nonzero(through < 0.5)
    top, foot = np.percentile(rows, (2, 60)).astype(int)
    left, right = np.percentile(columns, (15, 85)).astype(int)
    return float(through[top:foot, left:right].mean())


@pytest.mark.parametrize("seed", range(4))
def test_all_needles_of_a_snowy_pine_carry_snow(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    spot = Spot(200, 390, 90, 1, LIGHT, snowy=True)
    needles: list[trees.Spots] = []
    snow: list[trees.Spots] = []
    monkeypatch.setattr(trees, "needles", lambda _sheet, spots, *_: needles.append(spots))
    monkeypatch.setattr(pine, "_snow", lambda _sheet, spots, _size: snow.append(spots))

    pine.pine(Sheet(400, 400, np.random.default_rng(seed), PAPER), spot)

    assert len(np.concatenate(snow)) == len(np.concatenate(needles))
