"""The pine: a trunk that winds, boughs that leave it by turns and lie in level tiers, needles in pads along their outer half."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, Floats, along, dabs, moved, smooth, sweep
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot

_GREEN: Colour = (0.16, 0.21, 0.19)

_LOWEST = 0.34
"""Where the first bough leaves the trunk, a share of its height: below it stands bare."""

_POINTS = 9


def pine(sheet: Sheet, spot: Spot) -> None:
    """One pine as tall as its spot's size and a little more."""
    limbs = trees.spared(grow(sheet, spot), spot.clear)
    trees.bark(sheet, limbs, snowy=spot.snowy)
    size = (1.5 + 0.026 * spot.size) * sheet.unit
    spots = pads(sheet, limbs, size)
    trees.needles(sheet, spots, size, _GREEN)
    if spot.snowy:
        _snow(sheet, spots, size)


def grow(sheet: Sheet, spot: Spot) -> list[trees.Limb]:
    """The trunk first, then its boughs from the lowest up, then their twigs."""
    height = 1.12 * spot.size * sheet.unit
    trunk = _trunk(sheet, spot, height)
    boughs, twigs = [], []
    first = int(sheet.chance.integers(2))
    count = 7 if spot.size > 30 else 5
    for number, up in enumerate(np.linspace(_LOWEST, 0.93, count) + sheet.chance.uniform(-0.02, 0.02, count)):
        bough = _bough(sheet, spot, trunk, float(up), 1 if (number + first) % 2 else -1, height)
        boughs.append(bough)
        twigs += _twigs(sheet, bough)
    return [trunk, *boughs, *twigs]


def _trunk(sheet: Sheet, spot: Spot, height: float) -> trees.Limb:
    """It leans, turns back, and leans again."""
    up = np.linspace(0, 1, _POINTS)
    bend = sheet.chance.uniform(0.045, 0.085) * (1.4 if spot.stout > 1 else 1.0)
    sway = bend * np.sin(up * sheet.chance.uniform(5.5, 7.5) + sheet.chance.uniform(-0.4, 0.4)) * (0.4 + 0.6 * up)
    x = (0.24 * spot.lean * up**1.25 + (spot.lean or 1) * sway) * height
    points = np.stack([spot.x + x, spot.y - height * up], axis=1)
    return trees.Limb(points, 0.05 * spot.size * sheet.unit * spot.stout, 0)


def _bough(sheet: Sheet, spot: Spot, trunk: trees.Limb, up: float, side: int, height: float) -> trees.Limb:
    """Out and a little down, its end lifted; shorter the higher it is, and never over the fence."""
    start = along(trunk.points, np.array([up * (_POINTS - 1)]))[0]
    long = height * (0.46 * (1 - up) + 0.15) * sheet.chance.uniform(0.8, 1.12)
    if spot.fence is not None and spot.fence.side == side:
        long = min(long, max(0.04 * height, 0.85 * abs(spot.fence.x - start[0])))
    out = np.linspace(0, 1, _POINTS)
    sag = sheet.chance.uniform(0.04, 0.13) * np.sin(out * np.pi) - 0.1 * out**2.2
    kinks = sheet.chance.normal(0, 0.014, _POINTS) * np.sin(out * np.pi)
    points = start + np.stack([side * out, sag + kinks], axis=1) * long
    return trees.Limb(points, trunk.width * (0.5 - 0.22 * up), 1)


def _twigs(sheet: Sheet, bough: trees.Limb) -> list[trees.Limb]:
    """Short ones that leave its upper side, each further out shorter."""
    long = float(np.ptp(bough.points[:, 0]))
    side = float(np.sign(bough.points[-1, 0] - bough.points[0, 0]))
    found = []
    for out in (0.42, 0.62, 0.82):
        start = along(bough.points, np.array([out * (_POINTS - 1)]))[0]
        reach = long * 0.2 * sheet.chance.uniform(0.7, 1.2)
        rise = sheet.chance.uniform(0.35, 0.6)
        share = np.linspace(0, 1, _POINTS)
        points = start + np.stack([side * share * reach, -rise * reach * share**1.4], axis=1)
        found.append(trees.Limb(points, bough.width * 0.42, 2))
    return found


def pads(sheet: Sheet, limbs: list[trees.Limb], size: float) -> trees.Spots:
    """Where its needles grow: side by side along the outer half of its boughs, at the ends of its twigs, and about the top."""
    trunk, *others = limbs
    found = [trunk.points[-1:] + np.array([(0, 0), (-0.5, 0.3), (0.5, 0.3)]) * size]
    for limb in others:
        long = float(np.linalg.norm(np.diff(limb.points, axis=0), axis=1).sum())
        count = max(2, int(long / (0.62 * size)))
        line = smooth(limb.points[None], 4 * _POINTS)[0]
        places = np.linspace(0.38 if limb.order == 1 else 0.45, 1.0, count) * (len(line) - 1)
        found.append(along(line, places))
    spots = np.concatenate(found)
    aside = sheet.chance.normal(0, 0.28, spots.shape).clip(-0.5, 0.5) * (size, 0.5 * size)
    return np.asarray(spots + aside - (0, 0.12 * size))


def _snow(sheet: Sheet, spots: Floats, size: float) -> None:
    """It lies along the upper side of the pads."""
    lying = moved(spots, -0.55 * size, -0.62 * size)
    caps = dabs(lying + sheet.chance.normal(0, 0.08 * size, spots.shape), 1.1 * size, 0.0)
    arched = np.stack([caps[:, 0], (caps[:, 0] + caps[:, 1]) / 2 - (0, 0.22 * size), caps[:, 1]], axis=1)
    sweep(sheet, arched, Brush(0.5 * size, PIGMENTS["white"], 0.92, 0.25, 0.3, 0.3, 0.5), opaque=True)
