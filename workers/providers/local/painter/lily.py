"""Lilies: tall stems with narrow leaves in whorls, and on each a few white trumpets of six petals that nod outward."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, Floats, dabs, sweep
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.washes import shape

_STEMS = ((-0.3, 0.8), (0.26, 0.92), (-0.02, 1.04), (0.44, 0.62))
"""Across and up to the top of each, in shares of the clump's size; the nearest last."""

_LEAF: Colour = (0.27, 0.38, 0.24)

_SHADE: Colour = (0.70, 0.76, 0.70)


def lily(sheet: Sheet, spot: Spot) -> None:
    size = spot.size * sheet.unit
    for across, up in _STEMS:
        _stem(sheet, spot, (spot.x + spot.lean * across * size, spot.y - up * size), size)


def _stem(sheet: Sheet, spot: Spot, top: tuple[float, float], size: float) -> None:
    """The stem with its leaves, then its flowers: two or three open to either side of its top, and a bud."""
    x, y = top
    foot = np.array((0.7 * spot.x + 0.3 * x, spot.y))
    line = np.array([foot, (0.45 * foot[0] + 0.55 * x, 0.5 * (foot[1] + y)), (x, y)])
    sweep(sheet, line[None], Brush(0.024 * size, _LEAF, 0.95, 0.1, 0.1, 0.1, 0.15, 0.7))
    _leaves(sheet, line, size)
    first = int(sheet.chance.choice((-1, 1)))
    half = 0.2 * size * sheet.chance.uniform(0.9, 1.1)
    _bud(sheet, (x, y), first * 0.4, 0.7 * half)
    for side, heading in ((-first, 0.05), (first, -0.35), (-first, -0.75))[: int(sheet.chance.integers(2, 4))]:
        _trumpet(sheet, (x, y), side, heading + float(sheet.chance.normal(0, 0.1)), half)


def _leaves(sheet: Sheet, line: Curves, size: float) -> None:
    share = np.clip(np.linspace(0.04, 0.86, 15) + sheet.chance.normal(0, 0.02, 15), 0.02, 0.9)
    at = np.stack([np.interp(2 * share, (0, 1, 2), line[:, axis]) for axis in (0, 1)], axis=1)
    side = np.where(np.arange(15) % 2 == 0, 1, -1) * sheet.chance.uniform(0.7, 1.1, 15)
    long = (0.27 - 0.13 * share) * size * sheet.chance.uniform(0.8, 1.15, 15)
    tip = at + np.stack([side * long, (0.25 * sheet.chance.normal(0, 1.0, 15) - 0.25) * long], axis=1)
    middle = 0.5 * (at + tip) - np.stack([np.zeros(15), 0.16 * long], axis=1)
    blades = np.stack([at, middle, tip], axis=1)
    sweep(sheet, blades, Brush(0.05 * size, mixed(_LEAF, PIGMENTS["ink"], 0.45), 1.0, 0.0, 0.35, 0.75, 0.1), opaque=True)
    tones = sheet.chance.uniform(0.8, 1, 15)
    sweep(sheet, blades, Brush(0.04 * size, mixed(_LEAF, PIGMENTS["green"], 0.4), 1.0, 0.1, 0.35, 0.75, 0.1), tones, opaque=True)


def _placed(points: Floats, at: tuple[float, float], side: int, heading: float, half: float) -> Floats:
    """Drawn along an axis to the right, y down: turned to its heading, mirrored to its side, put where it grows."""
    cos, sin = np.cos(heading), np.sin(heading)
    turned = points @ np.array([[cos, sin], [-sin, cos]]) * half
    return np.asarray(turned * (side, 1) + at)


_TUBE = ((0.0, -0.05), (0.4, -0.1), (0.75, -0.24), (0.95, -0.3), (0.95, 0.3), (0.75, 0.24), (0.4, 0.1), (0.0, 0.05))

_PETALS = (
    (-0.26, 1.02, -0.95, 0.84),
    (0.26, 1.02, 0.95, 0.84),
    (-0.1, 1.32, -0.62, 1.3),
    (0.12, 1.32, 0.66, 1.28),
    (0.0, 1.25, 0.05, 1.48),
)
"""For each, back ones first: y where it leaves the tube, x of its belly, y and x of its tip."""


def _trumpet(sheet: Sheet, at: tuple[float, float], side: int, heading: float, half: float) -> None:
    """Six-petalled, seen from the side: the tube, petals that curl back from its mouth, and the anthers."""

    def put(points: Floats) -> Floats:
        return _placed(points, at, side, heading, half)

    tube = shape([(float(a), float(b)) for a, b in put(np.array(_TUBE))])
    sheet.cover(tube, mixed(WHITE, _LEAF, 0.2))
    sheet.wash(sheet.granulate(tube, 0.6), _SHADE, 0.3)
    for root, belly, tip_y, tip_x in _PETALS:
        curve = put(np.array([(0.62, root * 0.6), (0.9, root), (belly, 0.55 * (root + tip_y)), (tip_x, tip_y)]))[None]
        sweep(sheet, curve, Brush(0.43 * half, mixed(_SHADE, PIGMENTS["grey"], 0.45), 1.0, 0.0, 0.5, 0.5, 0.05), opaque=True)
        sweep(sheet, curve, Brush(0.37 * half, WHITE, 1.0, 0.0, 0.5, 0.5, 0.05), opaque=True)
        sweep(sheet, curve, Brush(0.05 * half, _SHADE, 0.9, 0.3, 0.2, 0.5))
    tips = put(np.array([(1.28, -0.2), (1.36, 0.0), (1.3, 0.2), (1.18, 0.1)]))
    stamens = np.stack([np.broadcast_to(put(np.array([(0.85, 0.0)])), tips.shape), tips], axis=1)
    sweep(sheet, stamens, Brush(0.035 * half, (0.62, 0.70, 0.45), 1.0, 0.0, 0.1, 0.1), opaque=True)
    sweep(sheet, dabs(tips, 0.02 * half, 0.1 * half), Brush(0.09 * half, (0.72, 0.42, 0.16), 1.0, 0.0, 0.4, 0.4), opaque=True)


def _bud(sheet: Sheet, at: tuple[float, float], aside: float, long: float) -> None:
    """Still closed, green at its foot."""
    x, y = at
    line = np.array([[(x, y), (x + 0.5 * aside * long, y - 0.55 * long), (x + aside * long, y - long)]])
    sweep(sheet, line, Brush(0.3 * long, mixed(_LEAF, WHITE, 0.35), 1.0, 0.0, 0.5, 0.5, 0.05), opaque=True)
    sweep(sheet, line, Brush(0.22 * long, mixed(WHITE, _LEAF, 0.12), 1.0, 0.0, 0.6, 0.4, 0.05), opaque=True)
