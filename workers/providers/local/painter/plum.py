"""The plum: an old trunk that turns at every fork, gnarled boughs, and long straight shoots that bear the flowers."""

from collections.abc import Callable

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, Floats, along, dabs, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot

_RED: Colour = (0.97, 0.78, 0.79)
_WHITE: Colour = (0.94, 0.95, 0.91)
"""White as paper, with a breath of green in its shade."""

_TURNS = 6
"""Pieces of the trunk, each at an angle to the one below it."""

_POINTS = 19


def plum(sheet: Sheet, spot: Spot) -> None:
    _blooming(sheet, spot, _RED, mixed(PIGMENTS["red"], INK, 0.2))


def white_plum(sheet: Sheet, spot: Spot) -> None:
    _blooming(sheet, spot, _WHITE, PIGMENTS["green"])


def _blooming(sheet: Sheet, spot: Spot, colour: Colour, bud: Colour) -> None:
    limbs = grow(sheet, spot)
    trees.bark(sheet, limbs, snowy=spot.snowy)
    size = (1.0 + 0.012 * spot.size) * sheet.unit
    _buds(sheet, limbs, 0.4 * size, bud)
    trees.blossoms(sheet, flowers(sheet, limbs, size), size, colour, PIGMENTS["ochre"])


def grow(sheet: Sheet, spot: Spot) -> list[trees.Limb]:
    """The trunk first, then its boughs, then the shoots; none over the fence, none through a clearing."""
    long = spot.size * sheet.unit
    trunk = trees.Limb(_turning(sheet, (spot.x, spot.y), np.pi / 2 - 0.3 * spot.lean, long, 0.5), 0.062 * long * spot.stout, 0)
    boughs = [_bough(sheet, trunk, turn, long) for turn in range(2, _TURNS)]
    shoots = [shoot for limb in (trunk, *boughs) for shoot in _shoots(sheet, limb, long)]
    limbs = trees.spared([trunk, *boughs, *shoots], spot.clear)
    return limbs if spot.fence is None else trees.pruned(limbs, _over(spot.fence))


def _over(fence: trees.Fence) -> Callable[[trees.Limb], bool]:
    return lambda limb: bool(((limb.points[:, 0] - fence.x) * fence.side > 0).any())


def _turning(sheet: Sheet, root: tuple[float, float], heading: float, long: float, turn: float) -> Floats:
    """A line that turns left and right by turns, each piece a little shorter, its corners sharp as old wood's."""
    chance, side = sheet.chance, sheet.chance.choice([-1, 1])
    turns = heading + side * turn * (-1.0) ** np.arange(_TURNS) * chance.uniform(0.6, 1.2, _TURNS)
    pieces = 0.86 ** np.arange(_TURNS) * chance.uniform(0.75, 1.2, _TURNS)
    pieces *= long / pieces.sum()
    way = np.repeat(np.stack([np.cos(turns), -np.sin(turns)], axis=1) * pieces[:, None] / 3, 3, axis=0)
    way += chance.normal(0, 0.012 * long, way.shape) * (1.0, 0.4)
    return np.concatenate([[root], np.asarray(root) + way.cumsum(axis=0)])


def _bough(sheet: Sheet, trunk: trees.Limb, turn: int, long: float) -> trees.Limb:
    """From a corner of the trunk, to the side the corner points to."""
    at = 3 * turn
    before, after = trunk.points[at] - trunk.points[at - 3], trunk.points[min(at + 3, _POINTS - 1)] - trunk.points[at]
    side = 1 if before[0] > after[0] else -1
    heading = np.pi / 2 - side * sheet.chance.uniform(0.75, 1.15)
    reach = long * sheet.chance.uniform(0.34, 0.5) * (1.15 - 0.09 * turn)
    points = _turning(sheet, (float(trunk.points[at, 0]), float(trunk.points[at, 1])), heading, reach, 0.42)
    return trees.Limb(points, trunk.width * (0.66 - 0.07 * turn), 1)


def _shoots(sheet: Sheet, limb: trees.Limb, long: float) -> list[trees.Limb]:
    """From the outer part of a limb, nearly upright, some of them aslant; straight but for their own weight."""
    chance, found = sheet.chance, []
    ends = 0.62 if limb.order == 0 else 0.3
    for place in np.linspace(ends, 1.0, 5 if limb.order == 0 else 6) * (_POINTS - 1):
        start = along(limb.points, np.array([place]))[0]
        heading = np.pi / 2 + chance.normal(0, 0.5)
        reach, share = long * chance.uniform(0.12, 0.3), np.linspace(0, 1, _POINTS)
        bend = chance.normal(0, 0.12) * share**2
        way = np.stack([np.cos(heading) * share + bend, -np.sin(heading) * share], axis=1)
        found.append(trees.Limb(start + reach * way, max(0.011 * long, 0.28 * limb.width * (1 - place / 30)), 2))
    return found


def flowers(sheet: Sheet, limbs: list[trees.Limb], size: float) -> trees.Spots:
    """Where it flowers: close to the wood of boughs and shoots, in ones and twos, to either side."""
    chance, found = sheet.chance, []
    for limb in limbs[1:]:
        reach = float(np.hypot(*np.diff(limb.points, axis=0).T).sum())
        count = max(2, int(reach / (1.25 * size)))
        places = chance.uniform(0.12 if limb.order == 2 else 0.35, 0.97, count) * (_POINTS - 1)
        found.append(along(limb.points, places) + chance.normal(0, 0.42 * size, (count, 2)))
    spots = np.concatenate(found) if found else np.empty((0, 2))
    return np.asarray(spots[chance.permutation(len(spots))[: trees.MOST]])


def _buds(sheet: Sheet, limbs: list[trees.Limb], size: float, colour: Colour) -> None:
    """Dark and round, at the tips, where the flowers are still shut."""
    tips = np.concatenate([limb.points[[-1, -4]] for limb in limbs if limb.order == 2] or [np.empty((0, 2))])
    sweep(sheet, dabs(tips - (0.5 * size, 0), size, 0.0), Brush(1.1 * size, colour, 0.9, 0.0, 0.5, 0.5), opaque=True)
