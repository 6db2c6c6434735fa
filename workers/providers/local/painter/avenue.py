"""A straight road between two rows of trees, which meet where it is lost."""

import numpy as np

from workers.providers.local.painter import earth, land, sky, trail, trees
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, along, dabs, sweep
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.noise import clouds
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.sketch import shadow
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import tuft, verges

_DEPTHS = (7.0, 5.0, 3.6, 2.6, 1.9, 1.38)
"""How far away each pair stands; 1 is the lower edge of the picture."""

_TALL = 84
"""How high a tree would be at the lower edge, in units."""

_LEAVES: dict[str, Colour] = {"spring": (0.93, 0.68, 0.72), "summer": PIGMENTS["moss"], "autumn": PIGMENTS["gold"]}
"""Cherry, elm and ginkgo."""


def avenue(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.6, 0.64, 0.86)
    sheet, middle = stage.sheet, stage.share(stage.focus)
    heavens(stage)
    behind(stage, horizon, 3, 0.26)
    sky.mist(sheet, horizon, 0.05, 0.9)
    earth.earth(stage, horizon + 0.015, 0.8, 0.01)
    edges = trail.winding((middle, horizon + 0.015), (middle, 0.9), 0.0, 0.15).edges(sheet)
    land.way(sheet, stage.light, edges, 3 * sheet.unit)
    verges(stage, edges)
    for depth in _DEPTHS:
        for side in (-1, 1):
            y = horizon + 0.015 + (1.06 - horizon) / depth
            _tree(stage, stage.x(stage.focus) + side * 35 / depth * sheet.unit, stage.y(y), depth)
        sky.mist(sheet, horizon + 0.02, 0.035, 0.12 * depth / 2)


def _tree(stage: Stage, x: float, foot: float, depth: float) -> None:
    """Bare in winter; else a trunk that parts into limbs, and a crown about them."""
    sheet, chance = stage.sheet, stage.sheet.chance
    size = _TALL / depth * sheet.unit * chance.uniform(0.9, 1.1)
    shadow(sheet, x, foot, 0.12 * size)
    colour = _LEAVES.get(stage.view.season)
    trees.bark(sheet, _limbs(stage, x, foot, size, depth), stage.light.dark_ink, snowy=stage.snowy)
    if colour is not None:
        _crown(stage, x, foot - 0.66 * size, size, colour)
    for out in (-0.09, 0.02, 0.1):
        tuft(stage, x + out * size, foot + 0.4 * sheet.unit, 9 / depth)


def _limbs(stage: Stage, x: float, foot: float, size: float, depth: float) -> list[trees.Limb]:
    """A trunk as straight as one that was planted, boughs that rise from it by turns, and twigs where there is no leaf.

    Small trees have few: more would be a tangle.
    """
    chance, up = stage.sheet.chance, np.linspace(0, 1, _POINTS)
    sway = chance.normal(0, 0.012, _POINTS).cumsum() * size
    trunk = trees.Limb(np.stack([x + sway - sway[0], foot - 0.86 * size * up], axis=1), 0.05 * size, 0)
    count = int(np.clip(11 - 1.5 * depth, 4, 9))
    heights = np.linspace(0.38, 0.8, count) + chance.uniform(-0.03, 0.03, count)
    limbs = [_bough(stage, trunk, up, -1 if number % 2 else 1, size) for number, up in enumerate(heights)]
    if stage.view.season not in _LEAVES:
        for order, far in ((1, (0.35, 0.6, 0.8)), (2, (0.45, 0.75))):
            grown = [limb for limb in limbs if limb.order == order] if depth < 4.5 / order else []
            limbs += [_twig(stage, limb, out, -1 if number % 2 else 1) for limb in grown for number, out in enumerate(far)]
    return [trunk, *limbs]


_POINTS = 6


def _bough(stage: Stage, trunk: trees.Limb, up: float, side: int, size: float) -> trees.Limb:
    """Out, then up; the higher, the shorter and the steeper."""
    start = along(trunk.points, np.array([up / 0.86 * (_POINTS - 1)]).clip(0, _POINTS - 1.3))[0]
    out, reach = (
        np.linspace(0, 1, _POINTS),
        (size if stage.view.season not in _LEAVES else 0.78 * size)
        * (0.3 - 0.22 * (up - 0.38) / 0.42)
        * stage.sheet.chance.uniform(0.75, 1.1),
    )
    rise = 0.5 * out + 0.75 * out**1.8 + stage.sheet.chance.normal(0, 0.03, _POINTS) * out
    return trees.Limb(start + np.stack([side * reach * out, -reach * rise], axis=1), trunk.width * (0.75 - 0.5 * up), 1)


def _twig(stage: Stage, limb: trees.Limb, out: float, side: int) -> trees.Limb:
    start = along(limb.points, np.array([out * (_POINTS - 1)]))[0]
    way = limb.points[-1] - limb.points[0]
    turn = side * stage.sheet.chance.uniform(0.35, 0.75)
    turned = np.array((way[0] * np.cos(turn) + way[1] * np.sin(turn), way[1] * np.cos(turn) - way[0] * np.sin(turn)))
    share = np.linspace(0, 1, _POINTS)[:, None]
    grown = start + turned * share * stage.sheet.chance.uniform(0.35, 0.55) - (0, 0.1) * np.abs(way) * share**2
    return trees.Limb(grown, limb.width * 0.55, limb.order + 1)


def _crown(stage: Stage, x: float, y: float, size: float, colour: Colour) -> None:
    """A cloud of leaf with gaps in it, dark below, and touches of the brush all over and along its rim; pixels."""
    sheet, wide, high = stage.sheet, max(8, int(0.56 * size)), max(8, int(0.74 * size))
    leafy = clouds(sheet.chance, wide, high, max(3.0, 0.2 * size), 4)
    rows, columns = np.ogrid[-1.0 : 1.0 : high * 1j, -1.0 : 1.0 : wide * 1j]
    round_ = 1.0 - columns**2 - rows**2
    mass = np.clip(round_ * 3.2 + (leafy - 0.5) * 7, 0, 1) * np.clip(round_ * 8, 0, 1)
    left, top = int(x - wide / 2), int(y - high / 2)
    dark = mixed(colour, stage.light.dark_ink, 0.45)
    sheet.cover(Tile(left, top, (0.85 * mass).astype(np.float32)), mixed(colour, WHITE, 0.3))
    sheet.wash(Tile(left, top, (mass * leafy).astype(np.float32)), colour, 0.6)
    shade = mass * np.clip(0.15 + 0.55 * rows + 0.25 * columns + (0.5 - leafy), 0, 1)
    sheet.wash(Tile(left, top, shade.astype(np.float32)), dark, 0.75)
    _touches(stage, Tile(left, top, mass.astype(np.float32)), size, (dark, colour, mixed(colour, WHITE, 0.55)))


def _touches(stage: Stage, mass: Tile, size: float, tints: tuple[Colour, Colour, Colour]) -> None:
    chance, unit = stage.sheet.chance, stage.sheet.unit
    rows, columns = np.nonzero(mass.mask > 0.35)
    if not len(rows):
        return
    long = 0.3 * unit + 0.013 * size
    for tint, count, lift in zip(tints, (150, 260, 170), (0.05, 0.0, -0.05), strict=True):
        at = chance.integers(0, len(rows), int(count * min(1.0, 0.25 + size / (40 * unit))))
        spots = np.stack([mass.x + columns[at], mass.y + rows[at] + lift * size], axis=1) + chance.normal(
            0, 0.012 * size, (len(at), 2)
        )
        strokes = dabs(spots, 0.0, 0.0)
        strokes[:, 1] += chance.normal(0, 0.7 * long, spots.shape)
        touch = Brush(0.9 * long, tint, 0.85, 0.2, 0.4, 0.5, 0.3)
        sweep(stage.sheet, strokes, touch, 1.0, chance.uniform(0.4, 1, len(at)), opaque=True)
