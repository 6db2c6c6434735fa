"""A roof ends in one line at its eaves, what stands under it in the dark is its wall, and a gate stands on the ground."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import shown_through
from workers.providers.local.painter.roofs import THATCH, TILES, Cover, roof
from workers.providers.local.painter.sketch import At, draw, sketches

_TOP, _EAVE = 150, 200


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("made", [THATCH, TILES])
def test_the_eaves_of_a_roof_are_one_line_from_end_to_end(made: Cover, seed: int) -> None:
    points = [(110, _TOP), (190, _TOP), (240, _EAVE), (60, _EAVE)]

    through = shown_through(lambda sheet: roof(sheet, points, 0.9, made, snowy=False), seed)

    assert through[_EAVE + 4 :].min() > 0.99
    at_eave = through[_EAVE - 3 : _EAVE + 4].min(axis=0)
    assert (at_eave[64:236] < 0.3).mean() > 0.98


@pytest.mark.parametrize("seed", range(6))
def test_straw_hangs_no_lower_than_its_own_eaves_are_thick(seed: int) -> None:
    points = [(140, _EAVE - 20), (160, _EAVE - 20), (180, _EAVE), (120, _EAVE)]

    through = shown_through(lambda sheet: roof(sheet, points, 0.9, THATCH, snowy=False), seed)

    assert through[_EAVE + 3 :].min() > 0.99


def test_no_shade_of_eaves_hangs_in_the_air_beside_a_wall() -> None:
    # A bell hangs in an open tower, which has no wall.
    far = {name: sketch for name, sketch in sketches().items() if sketch.stand == "far" and name != "bell"}
    for name, sketch in far.items():
        walls: list[tuple[float, float, float, float]] = []
        for line in sketch.parts.splitlines():
            verb, points = line.partition(" ")[0], line.partition(": ")[2]
            across, up = np.array([pair.split(",") for pair in points.split()], dtype=float).reshape(-1, 2).T
            if verb in ("wall", "block"):
                walls.append((across.min(), across.max(), up.min(), up.max()))
            elif verb == "under":
                beside = [
                    left <= across.min() and across.max() <= right for left, right, low, top in walls if low < up.mean() < top
                ]
                assert any(beside), (name, line)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["gate", "new_year_gate"])
def test_the_posts_of_a_gate_end_on_the_ground(name: str, seed: int) -> None:
    through = shown_through(
        lambda sheet: draw(sheet, sketches()[f"{name}_in_wall"], At(150, 250, 200, turned=False, lit=False)), seed
    )

    posts = np.r_[150 - 86 : 150 - 66, 150 + 66 : 150 + 86]
    assert (through[244:249][:, posts] < 0.3).mean() > 0.5
    assert through[254:, posts].min() > 0.99
    assert (through[70:249] < 0.3).any(axis=1).all()


@pytest.mark.parametrize("seed", range(6))
def test_a_pagoda_beside_its_hall_stands_on_the_same_ground(seed: int) -> None:
    through = shown_through(lambda sheet: draw(sheet, sketches()["temple"], At(150, 250, 120, turned=False, lit=False)), seed)

    pagoda = through[:, 150 + 62 : 150 + 78] < 0.3
    if pagoda.any():
        assert pagoda[238:245].mean() > 0.5
