"""The things drawn from text: every one can be drawn, and every word means one of them."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from msgspec.structs import replace

from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sketch import At, draw, members, sketches

PAPER = (0.95, 0.93, 0.89)


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return Sheet(256, 256, np.random.default_rng(1), PAPER)


@pytest.mark.parametrize("name", sorted(sketches()))
def test_a_thing_is_drawn_about_where_it_stands(name: str, sheet: Sheet) -> None:
    sheet.rgb[:] = PAPER
    before = sheet.rgb.copy()

    draw(sheet, sketches()[name], At(128, 200, 80, turned=False, lit=True))

    rows, columns = np.nonzero(np.abs(sheet.rgb - before).max(axis=2) > 0.08)
    assert len(rows) > 60
    assert 100 < (rows.min() + rows.max()) / 2 < 215
    assert abs((columns.min() + columns.max()) / 2 - 128) < 80


def test_a_word_means_one_thing() -> None:
    words = Counter(word for sketch in sketches().values() for word in sketch.words.split())

    assert [word for word, count in words.items() if count > 1] == []


def test_the_roofs_of_hall_and_pagoda_do_not_collide() -> None:
    """Roofs one above the other may touch; two at one height stand side by side."""
    for design in sketches()["temple"].parts.split("\nor\n"):
        roofs = [_box(line) for line in design.splitlines() if line.startswith(("tiles", "thatch"))]

        for one, other in combinations(roofs, 2):
            assert _common(one[1], other[1]) <= 4 or _common(one[0], other[0]) <= 0, (one, other)


def test_each_roof_of_a_schoolhouse_lies_on_walls_and_no_window_of_it_on_the_ground() -> None:
    lines = sketches()["school"].parts.strip().splitlines()
    walls, roofs, windows = ([_box(line) for line in lines if line.startswith(kind)] for kind in ("wall", "tiles", "pane window"))

    for across, (eave, _) in roofs:
        under = [wall for wall in walls if _common(wall[0], across) > 0.5 * (across[1] - across[0])]
        assert any(foot < eave - 5 and eave - 2 <= top for _, (foot, top) in under), eave
    assert min(foot for _, (foot, _) in windows) > 10


def test_the_houses_of_a_village_stand_apart_or_clearly_behind_one_another() -> None:
    house = [
        _box(line)
        for design in sketches()["house"].parts.split("\nor\n")
        for line in design.splitlines()
        if line.startswith(("wall", "tiles", "thatch"))
    ]
    left, right = min(box[0][0] for box in house), max(box[0][1] for box in house)
    homes = [((x + left * size / 100, x + right * size / 100), y) for x, y, size in _places("village")]

    for one, other in combinations(homes, 2):
        assert _common(one[0], other[0]) < 12 or abs(one[1] - other[1]) > 25, (one, other)


def test_a_flock_is_many_small_birds_of_several_sizes_and_wings() -> None:
    birds = _places("flock")

    assert len(birds) >= 14
    assert max(size for _, _, size in birds) <= 40
    assert len({size for _, _, size in birds}) > 8
    assert sketches()["small_bird"].parts.count("\nor\n") >= 3


@pytest.mark.parametrize("design", sketches()["small_bird"].parts.strip().split("\nor\n"))
def test_a_bird_has_a_body_between_its_wings(design: str, sheet: Sheet) -> None:
    sheet.rgb[:] = PAPER

    draw(sheet, replace(sketches()["small_bird"], parts=design), At(128, 200, 100, turned=False, lit=False))

    ink = (sheet.rgb[144:185, 104:152] < 0.5).all(axis=2)
    assert ink.sum(axis=0).min() > 20


def test_a_calico_has_a_crown_between_its_ears(sheet: Sheet) -> None:
    sheet.rgb[:] = (0.4, 0.5, 0.3)

    draw(sheet, sketches()["calico"], At(128, 220, 160, turned=False, lit=False))

    above, crown = sheet.rgb[220 - int(0.98 * 160), 123:134], sheet.rgb[220 - int(0.9 * 160), 122:135]
    assert above.max() < 0.6
    assert crown.min() > 0.6


def test_one_sees_through_each_wing_of_a_dragonfly_to_what_is_behind(sheet: Sheet) -> None:
    wings = [line for line in sketches()["dragonfly"].parts.splitlines() if " pale " in line]
    middles = [[(low + high) / 2 for low, high in _box(line)] for line in wings]
    seen = []
    for behind in (0.3, 0.8):
        sheet.rgb[:], sheet.chance = behind, np.random.default_rng(1)
        draw(sheet, sketches()["dragonfly"], At(128, 240, 200, turned=False, lit=False))
        seen.append([float(sheet.rgb[int(240 - 2 * y), int(128 + 2 * x)].mean()) for x, y in middles])

    assert len(wings) == 4
    assert all(0.1 < pale - dark < 0.45 for dark, pale in zip(*seen, strict=True))


def test_no_two_designs_of_a_thing_differ_in_their_pigments_alone() -> None:
    """What else they would repeat is told once, with the dyes it comes in."""
    for name, sketch in sketches().items():
        shapes = [_without_pigments(design) for design in sketch.parts.strip().split("\nor\n")]

        assert len(set(shapes)) == len(shapes), name


def test_neighbours_are_dressed_differently(sheet: Sheet) -> None:
    for seed in range(8):
        sheet.rgb[:] = PAPER
        sheet.chance = np.random.default_rng(seed)
        draw(sheet, sketches()["walkers"], At(128, 240, 200, turned=False, lit=False))

        left, right = (sheet.rgb[140:200, columns] for columns in (slice(76, 92), slice(154, 170)))
        assert np.abs(left.mean(axis=(0, 1)) - right.mean(axis=(0, 1))).max() > 0.05


def test_the_old_bend_over_their_stick(sheet: Sheet) -> None:
    heads = {name: _head_of(sheet, name) for name in ("elder", "walker")}

    assert heads["elder"][0] - heads["walker"][0] > 12
    assert heads["elder"][1] > heads["walker"][1] + 10


def _head_of(sheet: Sheet, name: str) -> tuple[float, float]:
    """How far its head is before its feet and below the size of a grown one, in pixels."""
    sheet.rgb[:] = PAPER
    sheet.chance = np.random.default_rng(2)
    size = 200 * sketches()[name].size / sketches()["walker"].size
    draw(sheet, sketches()[name], At(128, 240, size, turned=False, lit=False))
    rows, columns = np.nonzero(np.abs(sheet.rgb - PAPER).max(axis=2) > 0.2)
    top = int(rows.min())
    return float(columns[rows < top + 20].mean() - 128), top - 40


def _without_pigments(design: str) -> str:
    return "\n".join(" ".join(word for word in line.split() if word not in PIGMENTS) for line in design.splitlines())


def _places(group: str) -> list[tuple[float, float, float]]:
    return [
        (float(x), float(y), float(size))
        for x, y, size in (place.split(",") for place in sketches()[group].group.partition(":")[2].split())
    ]


def _box(line: str) -> tuple[tuple[float, float], tuple[float, float]]:
    points = [tuple(float(number) for number in pair.split(",")) for pair in line.partition(":")[2].split()]
    xs, ys = zip(*points, strict=True)
    return (min(xs), max(xs)), (min(ys), max(ys))


def _common(one: tuple[float, float], other: tuple[float, float]) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


def test_cloth_hangs_in_squares_from_a_line_that_sags_between_its_posts() -> None:
    sheet = Sheet(400, 400, np.random.default_rng(1), PAPER)
    sheet.rgb[:] = 0.5

    draw(sheet, sketches()["laundry"], At(200, 300, 150, turned=False, lit=False))

    bright, dark = sheet.rgb.mean(axis=2) > 0.75, sheet.rgb.mean(axis=2) < 0.42
    middle = bright[300 - 75 : 300 - 62].any(axis=0)
    assert np.count_nonzero(np.diff(middle.astype(int)) == 1) == 3
    assert all(bright[300 - share * 150 // 100, 155:250].mean() > 0.65 for share in (45, 60, 75))
    line = [float(dark[140:180, x].nonzero()[0].mean()) for x in (72, 200, 338)]
    assert line[1] - max(line[0], line[2]) > 8
    assert dark[296:302, 50:64].any()
    assert dark[296:302, 338:352].any()


def test_geese_fly_in_two_unlike_arms_and_keep_no_even_distance() -> None:
    places = [at for _, at in members(sketches()["geese"], At(0, 0, 100, turned=False, lit=False))]
    lead = max(places, key=lambda at: at.x)
    above, below = ([at for at in places if (at.y < lead.y) == higher and at is not lead] for higher in (True, False))
    gaps = np.diff(sorted(at.x for at in max(above, below, key=len)))

    assert min(len(above), len(below)) >= 2
    assert abs(len(above) - len(below)) >= 3
    assert gaps.max() > 1.8 * gaps.min()


def test_a_running_dog_reaches_out_with_all_its_legs(sheet: Sheet) -> None:
    sheet.rgb[:] = PAPER
    dog = next(sketch for sketch in sketches().values() if "dog-runs" in sketch.words.split())

    draw(sheet, dog, At(128, 200, 100, turned=False, lit=False))

    inked = np.abs(sheet.rgb - PAPER).max(axis=2) > 0.2
    legs, body = (np.ptp(np.nonzero(inked[200 - high : 200 - low])[1]) for low, high in ((0, 35), (45, 65)))
    assert legs > 1.4 * body


def test_the_arm_a_lantern_hangs_from_joins_its_post_and_its_paper_is_warm_to_its_edge(sheet: Sheet) -> None:
    sheet.rgb[:] = 0.2

    draw(sheet, sketches()["lantern"], At(110, 240, 200, turned=False, lit=True))

    arm = sheet.rgb[240 - 186, 110 - 24 : 110 + 44]
    assert np.abs(arm - 0.2).max(axis=1).min() > 0.04
    paper = sheet.rgb[240 - 122, 110 + 4 : 110 + 58]
    assert paper[:, 1].min() > 0.5
