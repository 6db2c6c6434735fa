"""Bamboo: jointed culms that taper and bow one way, their leaves few to a twig."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, Curves, Floats, along, moved, ribbons, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot

_LEAF: Colour = (0.15, 0.21, 0.15)
_JOINTS = 11
_BARE = 3
"""Joints from the ground up that bear no twig."""


def bamboo(sheet: Sheet, spot: Spot) -> None:
    """Four culms from the palest to the nearest, none as thick or as high as the next."""
    grown = spot.size / 64
    for number, place in enumerate(sheet.chance.permutation(4)):
        x = spot.x + (float(place) - 1.2 + sheet.chance.uniform(-0.3, 0.3)) * 5.5 * grown**0.5 * sheet.unit * spot.lean
        width = sheet.chance.uniform(1.3, 2.5) * grown**0.5 * sheet.unit
        _culm(sheet, spot, _rise(sheet, spot, x), 0.3 + 0.2 * number, width)


def _rise(sheet: Sheet, spot: Spot, x: float) -> Curves:
    """Its joints from the root up, closest together at both ends; the top nods the way everything leans."""
    up = np.linspace(0, 1, _JOINTS) ** 0.92
    height = spot.size * sheet.unit * sheet.chance.uniform(1.2, 1.75)
    bow, nod = sheet.chance.uniform(0.03, 0.12), sheet.chance.uniform(0.14, 0.24)
    over = spot.lean * height * (bow * up + nod * up**3.5)
    return np.stack([x + over, spot.y - height * (up - 0.55 * nod * up**6)], axis=1)


def _culm(sheet: Sheet, spot: Spot, line: Curves, tone: float, width: float) -> None:
    """`tone` is 0 for what is lost in the air and 1 for what is near; `width` at the root, in pixels."""
    parts = np.stack([line[:-1], (line[:-1] + line[1:]) / 2, moved(line[1:], 0, 0.3 * sheet.unit)], axis=1)
    widths = 1 - 0.9 * np.linspace(0, 1, len(parts)) ** 1.7
    brush = Brush(width, PIGMENTS["moss"], 0.85, 0.38, 0.04, 0.02, 0.15, 0.92)
    body = ribbons(sheet, parts, Brush(width, brush.ink, 1, 0, 0.04, 0.02, 0.05, 0.92), widths, np.ones(len(parts)))
    sheet.cover(body._replace(mask=np.clip(body.mask * 1.6, 0, 1)), mixed(brush.ink, sheet.paper, 0.75))
    sweep(sheet, parts, brush, widths, tone)
    half = 0.6 * width * widths[1:, None] * (1.0, 0.0)
    rings = np.stack([line[1:-1] - half, moved(line[1:-1], 0, 0.2 * sheet.unit), line[1:-1] + half], axis=1)
    sweep(sheet, rings, Brush(0.45 * sheet.unit, INK, 0.9, 0.1, 0.2, 0.2), 0.4 + 0.6 * widths[1:], 0.4 + 0.6 * tone)
    _twigs(sheet, spot, line, tone)


def _twigs(sheet: Sheet, spot: Spot, line: Curves, tone: float) -> None:
    """Thin twigs from some of the joints, out and up, then down under their leaves; the top is one of them."""
    joints = np.arange(_BARE, _JOINTS - 1)
    joints = joints[sheet.chance.uniform(size=len(joints)) < 0.62]
    sides = sheet.chance.choice([-1, 1, 1], len(joints)) * spot.lean
    reach = sheet.chance.uniform(3, 9.5, len(joints)) * spot.size / 64 * sheet.unit
    out, rise = sides * reach, reach * sheet.chance.uniform(0.15, 0.6, len(joints))
    shape = np.stack([np.stack([out * far, -rise * high], axis=1) for far, high in ((0, 0), (0.4, 0.8), (0.75, 1.0), (1, 0.8))])
    curves = line[joints][:, None] + shape.transpose(1, 0, 2)
    sweep(sheet, curves, Brush(0.4 * sheet.unit, _LEAF, 0.95, 0.1, 0.05, 0.3, 0.2, 0.5), 1.0, 0.4 + 0.6 * tone)
    spots = [along(line, np.array([_JOINTS - 1.0, _JOINTS - 1.45])), curves[:, -1]]
    long = reach > 5.5 * spot.size / 64 * sheet.unit
    _leaves(sheet, spot, np.concatenate([*spots, curves[long, 2]]), tone)


def _leaves(sheet: Sheet, spot: Spot, spots: Curves, tone: float) -> None:
    """Two to five long leaves at each spot, hung one way; opaque, or the culms behind would stripe them."""
    stems = spots.repeat(sheet.chance.integers(2, 6, len(spots)), axis=0)
    angles = np.pi / 2 - spot.lean * sheet.chance.uniform(-0.15, 1.35, len(stems))
    lengths: Floats = sheet.chance.uniform(3.2, 7.8, len(stems)) * spot.size / 64 * sheet.unit
    blades = trees.rays(stems, angles[:, None], 0, lengths[:, None])
    blades[:, 2, 1] += 0.14 * lengths
    colour = mixed(_LEAF, mixed(PIGMENTS["moss"], sheet.paper, 0.45), 0.8 * (1 - tone))
    brush = Brush(1.5 * spot.size / 64 * sheet.unit, colour, 0.55, 0.1, 0.3, 0.7)
    widths = sheet.chance.uniform(0.65, 1.1, len(stems))
    tile = ribbons(sheet, blades, brush, widths, np.ones(len(stems)))
    sheet.cover(tile._replace(mask=np.clip(tile.mask * 2.4, 0, 1)), mixed(colour, sheet.paper, 0.22))
    sweep(sheet, blades, brush, widths, sheet.chance.uniform(0.2, 1, len(stems)))
