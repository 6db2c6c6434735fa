"""Sunflowers: stout stems with broad leaves by turns, heads of two rings of petals about a dark heart."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Floats, dabs, smooth, sweep
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.washes import disc, pooled, shape

_GOLD: Colour = (0.93, 0.70, 0.20)

_PLANTS = ((-0.5, 0.86, 0.85), (0.48, 0.74, 0.8), (0.0, 1.05, 1.0))
"""Where each of a clump stands, how high it grows and how large its head is: shares of the clump's own; the nearest last."""


def sunflowers(sheet: Sheet, spot: Spot) -> None:
    for aside, high, large in _PLANTS:
        x = spot.x + (aside * 0.55 * spot.size + sheet.chance.normal(0, 1.2)) * sheet.unit
        tall = high * spot.size * sheet.unit * sheet.chance.uniform(0.85, 1.08)
        _plant(sheet, spot, (x, tall), 0.155 * large * spot.size * sheet.unit)


def _plant(sheet: Sheet, spot: Spot, place: tuple[float, float], radius: float) -> None:
    """`place` is the column of its root and how tall it is, in pixels; its head looks a little to the side it leans to."""
    (x, tall), lean = place, sheet.chance.uniform(0.03, 0.12) * (spot.lean or 1)
    up = np.linspace(0, 1, 5)
    stem = np.stack([x + lean * tall * up**2, spot.y - tall * up], axis=1)
    wide = 0.2 * radius
    for strength, colour in ((1.0, mixed(PIGMENTS["green"], PIGMENTS["moss"], 0.4)), (0.6, PIGMENTS["moss"])):
        brush = Brush(wide * strength, colour, 0.97, 0.1 if strength == 1 else 0.6, 0.02, 0.05, 0.15, 0.8)
        sweep(sheet, stem[None], brush, opaque=strength == 1)
    line = smooth(stem[None], 60)[0]
    for number, share in enumerate(np.linspace(0.28, 0.76, 4) + sheet.chance.uniform(-0.03, 0.03, 4)):
        _leaf(sheet, line[int(share * 59)], 1 if number % 2 else -1, radius * (1.35 - 0.6 * share))
    head(sheet, stem[-1], radius, lean)


def _leaf(sheet: Sheet, at: Floats, side: int, long: float) -> None:
    """A heart on a short stalk, that hangs from its middle."""
    outline = np.array([(0.15, 0.0), (0.4, -0.42), (0.85, -0.36), (1.45, 0.3), (0.95, 0.32), (0.45, 0.3)])
    turned = outline * (side * long, long * sheet.chance.uniform(0.85, 1.15))
    tile = shape([(float(a), float(b)) for a, b in at + turned], soft=0.1 * sheet.unit)
    sheet.cover(tile, mixed(PIGMENTS["green"], sheet.paper, 0.15), 0.97)
    sheet.wash(pooled(sheet, tile, 0.5), PIGMENTS["moss"], 0.75)
    rib = at + np.array([(0.0, 0.0), (0.6, -0.12), (1.3, 0.22)]) * (side * long, long)
    sweep(sheet, rib[None], Brush(0.07 * long, PIGMENTS["moss"], 0.9, 0.2, 0.05, 0.5, 0.2, 0.4))


def head(sheet: Sheet, at: Floats, radius: float, lean: float) -> None:
    """Petals behind, petals before, each its own length; the heart has rings of seeds. All in pixels."""
    squeeze = np.array((0.86, 1.0))
    for reach, count, colour in ((1.0, 19, mixed(_GOLD, PIGMENTS["rust"], 0.3)), (0.9, 17, _GOLD)):
        turn = np.linspace(0, 2 * np.pi, count, endpoint=False) + sheet.chance.normal(0, 0.11, count)
        way = np.stack([np.cos(turn), np.sin(turn)], axis=1) * squeeze
        long = radius * reach * sheet.chance.uniform(0.85, 1.1, (count, 1))
        ends = np.stack([at + way * 0.34 * radius, at + way * 0.7 * long, at + way * long], axis=1)
        brush = Brush(0.36 * radius, colour, 0.98, 0.05, 0.45, 0.55, 0.15)
        sweep(sheet, ends, brush, opaque=True)
        sweep(sheet, ends, Brush(0.05 * radius, PIGMENTS["rust"], 0.5, 0.4, 0.1, 0.5, 0.3))
    heart = disc(float(at[0]) + lean * radius, float(at[1]), 0.43 * radius, 0.06 * radius)
    sheet.cover(heart, mixed(PIGMENTS["brown"], PIGMENTS["rust"], 0.25))
    sheet.wash(pooled(sheet, heart, 0.8, 0.15 * radius), PIGMENTS["dark"], 0.8)
    place = np.sqrt(np.arange(2, 60)) * 0.053 * radius
    spiral = np.arange(2, 60) * 2.39996
    seeds = at + np.stack([place * np.cos(spiral) + lean * radius, place * np.sin(spiral)], axis=1)
    sweep(
        sheet, dabs(seeds, 0.03 * radius, 0.03 * radius), Brush(0.07 * radius, PIGMENTS["ochre"], 0.8, 0, 0.4, 0.4), opaque=True
    )
