"""The pine: a trunk that winds, boughs that leave it by turns and lie in level tiers, needles in pads along their outer half."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, Floats, along, dabs, moved, smooth, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.washes import disc

_GREEN: Colour = (0.16, 0.21, 0.19)

_LOWEST = 0.34
"""Where the first bough leaves the trunk, a share of its height: below it stands bare."""

_POINTS = 9


def pine(sheet: Sheet, spot: Spot) -> None:
    """One pine as tall as its spot's size and a little more."""
    limbs = trees.spared(grow(sheet, spot), spot.clear)
    size = (1.5 + 0.026 * spot.size) * sheet.unit
    trees.bark(sheet, limbs, snowy=spot.snowy, flared=False)
    _foot(sheet, limbs[0], spot)
    spots = pads(sheet, limbs, size)
    trees.needles(sheet, spots, size, _GREEN)
    near = _before(sheet, limbs[0], spot, size)
    if spot.snowy:
        for each in (spots, *near):
            _snow(sheet, each, size)


def grow(sheet: Sheet, spot: Spot) -> list[trees.Limb]:
    """The trunk first, then its boughs from the lowest up, then their twigs."""
    height = 1.12 * spot.size * sheet.unit
    trunk = _trunk(sheet, spot, height)
    boughs, twigs = [], []
    for up, side in _tiers(sheet, 7 if spot.size > 30 else 5):
        bough = _bough(sheet, spot, trunk, up, side, height)
        boughs.append(bough)
        twigs += _twigs(sheet, bough)
    return [trunk, *boughs, *twigs]


def _tiers(sheet: Sheet, count: int) -> list[tuple[float, int]]:
    """How far up each bough leaves the trunk and to which side: gaps wide and narrow, now and then two on one side."""
    gaps = sheet.chance.permutation(np.linspace(0.5, 1.7, count - 1)) * sheet.chance.uniform(0.9, 1.1, count - 1)
    ups = _LOWEST + (0.93 - _LOWEST) * np.concatenate([[0.0], np.cumsum(gaps) / gaps.sum()])
    found: list[tuple[float, int]] = []
    side = int(sheet.chance.choice((-1, 1)))
    for up in ups:
        alike = len(found) > 1 and up - found[-1][0] > 0.11 and sheet.chance.uniform() < 0.35
        side = side if alike else -side
        found.append((float(up), side))
    return found


def _trunk(sheet: Sheet, spot: Spot, height: float) -> trees.Limb:
    """It leans, turns back, and leans again, more sharply below than above."""
    up, lean = np.linspace(0, 1, _POINTS), spot.lean or int(sheet.chance.choice((-1, 1)))
    bend = sheet.chance.uniform(0.07, 0.105) * (1.3 if spot.stout > 1 else 1.0)
    sway = bend * np.sin(up**0.85 * sheet.chance.uniform(6.0, 8.0) + sheet.chance.uniform(-0.3, 0.3)) * (1.05 - 0.45 * up)
    x = (0.24 * spot.lean * up**1.25 + lean * (sway - sway[0])) * height
    points = np.stack([spot.x + x, spot.y - height * up], axis=1)
    return trees.Limb(points, 0.062 * spot.size * sheet.unit * spot.stout, 0)


def _bough(sheet: Sheet, spot: Spot, trunk: trees.Limb, up: float, side: int, height: float) -> trees.Limb:
    """Out and a little down, its end lifted; shorter the higher it is, and never over the fence."""
    start = along(trunk.points, np.array([up * (_POINTS - 1)]))[0]
    long = height * (0.46 * (1 - up) + 0.15) * sheet.chance.uniform(0.6, 1.2)
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


def _foot(sheet: Sheet, trunk: trees.Limb, spot: Spot) -> None:
    """Roots that leave the trunk where it swells, run out over the ground and go into it, with grass between them."""
    foot, wide = np.array((spot.x, spot.y)), trunk.width
    out = np.array([-2.5, -1.5, -0.5, 0.7, 1.7, 2.8]) + sheet.chance.normal(0, 0.15, 6)
    share = np.linspace(0, 1, 5)
    x = out[:, None] * (0.1 + 0.9 * share**1.25) + 0.1 * share * np.sin(share * 6 + sheet.chance.uniform(0, 6, (6, 1)))
    y = -0.9 * (1 - share) ** 1.7 + (0.5 - 0.14 * np.abs(out[:, None])) * share + 0.08
    roots = foot + np.stack([x, np.broadcast_to(y, x.shape)], axis=2) * wide
    widths = sheet.chance.uniform(0.7, 1.1, 6)
    sweep(sheet, roots, Brush(0.62 * wide, INK, 0.9, 0.28, 0.05, 0.75, 0.35, 0.3), widths)
    blades = foot + sheet.chance.normal((0, 0.35), (1.5, 0.14), (16, 2)) * wide
    sweep(sheet, dabs(blades, 0.12 * wide, -0.75 * wide), Brush(0.14 * wide, spot.light.dark_ink, 0.8, 0.3, 0.1, 0.7, 0.3, 0.4))


def _before(sheet: Sheet, trunk: trees.Limb, spot: Spot, size: float) -> list[trees.Spots]:
    """Boughs that come towards the viewer: fans of needles that hide the trunk here and there, on short wood of their own.

    Answers where they are.
    """
    found = []
    for up in sheet.chance.permutation(np.linspace(0.42, 0.84, 5))[:2]:
        start = along(trunk.points, np.array([up * (_POINTS - 1)]))[0]
        side, reach = int(sheet.chance.choice((-1, 1))), size * sheet.chance.uniform(1.4, 2.0)
        tip = start + np.array((side * 0.3, 0.5)) * reach
        if any(clearing.holds(np.stack([start, tip])) for clearing in spot.clear):
            continue
        wood = np.stack([start, start + np.array((side * 0.3, 0.32)) * reach, tip])[None]
        sweep(sheet, wood, Brush(0.4 * trunk.width, INK, 0.9, 0.2, 0.05, 0.3, 0.3, 0.5))
        fans = tip + np.array([(-1.1, 0.12), (-0.5, -0.1), (1.1, 0.05), (0.45, -0.12), (0.0, 0.2)]) * size
        fans += sheet.chance.normal(0, 0.12 * size, fans.shape)
        for x, y in fans:
            # Needles are transparent: on bark one would not see them.
            breath = sheet.granulate(disc(float(x), float(y - 0.35 * size), 0.4 * size, 0.6 * size), 0.4)
            sheet.cover(breath, mixed(_GREEN, spot.light.ground, 0.5), 0.95)
        trees.needles(sheet, np.asarray(fans), size, _GREEN)
        found.append(np.asarray(fans))
    return found


def pads(sheet: Sheet, limbs: list[trees.Limb], size: float) -> trees.Spots:
    """Where its needles grow: side by side along the outer half of its boughs, at the ends of its twigs, and about the top."""
    trunk, *others = limbs
    found = [trunk.points[-1:] + np.array([(0.0, 0.1), (-0.3, 0.3), (0.3, 0.3)]) * size]
    for limb in others:
        long = float(np.linalg.norm(np.diff(limb.points, axis=0), axis=1).sum())
        count = max(2, int(long / (0.62 * size)))
        line = smooth(limb.points[None], 4 * _POINTS)[0]
        places = np.linspace(0.38 if limb.order == 1 else 0.45, 1.0, count) * (len(line) - 1)
        found.append(along(line, places))
    spots = np.concatenate(found)
    aside = sheet.chance.normal(0, 0.26, spots.shape).clip(-0.45, 0.45) * (size, 0.5 * size)
    return np.asarray(spots + aside - (0, 0.06 * size))


def _snow(sheet: Sheet, spots: Floats, size: float) -> None:
    """It lies along the upper side of the pads."""
    lying = moved(spots, -0.55 * size, -0.62 * size)
    caps = dabs(lying + sheet.chance.normal(0, 0.08 * size, spots.shape), 1.1 * size, 0.0)
    arched = np.stack([caps[:, 0], (caps[:, 0] + caps[:, 1]) / 2 - (0, 0.22 * size), caps[:, 1]], axis=1)
    sweep(sheet, arched, Brush(0.5 * size, PIGMENTS["white"], 0.92, 0.25, 0.3, 0.3, 0.5), opaque=True)
