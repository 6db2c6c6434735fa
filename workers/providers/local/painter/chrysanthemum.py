"""Chrysanthemums: a clump of stems in dark lobed leaves, each with a head of many narrow petals, turned this way and that."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, Curves, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot

_HEADS = ((-0.34, 0.74), (0.3, 0.83), (0.02, 0.9), (-0.16, 0.6), (0.42, 0.56), (0.12, 0.7), (-0.44, 0.46), (0.24, 0.42))
"""Across and up from the root, in shares of the clump's size; the nearest last."""

_DARK: Colour = (0.17, 0.24, 0.18)


def chrysanthemum(sheet: Sheet, spot: Spot, *, colour: Colour = PIGMENTS["gold"]) -> None:
    size = spot.size * sheet.unit
    heads = np.array([(spot.x + spot.lean * a * size, spot.y - up * size) for a, up in _HEADS])
    heads += sheet.chance.normal(0, 0.035 * size, heads.shape)
    stems = _stems(sheet, heads, spot, size)
    for each, tone in ((7, _DARK), (6, mixed(_DARK, PIGMENTS["green"], 0.5))):
        _leaves(sheet, stems, each, 0.13 * size, tone)
    for x, y in heads:
        _head(sheet, float(x), float(y), 0.125 * size * sheet.chance.uniform(0.8, 1.15), colour)


def _stems(sheet: Sheet, heads: trees.Spots, spot: Spot, size: float) -> Curves:
    """From close about the root, apart, and up to each head."""
    foot = np.stack([0.72 * spot.x + 0.28 * heads[:, 0], np.full(len(heads), spot.y)], axis=1)
    middle = np.stack([0.35 * foot[:, 0] + 0.65 * heads[:, 0], 0.5 * (foot[:, 1] + heads[:, 1])], axis=1)
    stems = np.stack([foot, middle + sheet.chance.normal(0, 0.025 * size, middle.shape), heads], axis=1)
    sweep(sheet, stems, Brush(0.022 * size, _DARK, 0.9, 0.15, 0.1, 0.1, 0.2, 0.7))
    return stems


def _leaves(sheet: Sheet, stems: Curves, each: int, size: float, colour: Colour) -> None:
    """`each` all the way up a stem, thickest at the foot: three lobes from a stalk, darkest where they join."""
    share = np.tile(np.linspace(0.02, 0.82, each), len(stems))[:, None]
    first, second, last = (stems[:, place].repeat(each, axis=0) for place in range(3))
    stalks = (1 - share) ** 2 * first + 2 * share * (1 - share) * (2 * second - 0.5 * (first + last)) + share**2 * last
    ways = sheet.chance.choice((0.25, np.pi - 0.25), (len(stalks), 1)) + sheet.chance.normal(0, 0.45, (len(stalks), 1))
    lobes = ways + np.array([-0.62, 0.0, 0.62])
    lengths = size * (1.15 - 0.55 * share) * np.array([0.72, 1.0, 0.72]) * sheet.chance.uniform(0.75, 1.2, (len(stalks), 1))
    blades = trees.rays(stalks, lobes, 0.1 * size, lengths)
    widths = (lengths / lengths.max()).ravel()
    sweep(sheet, blades, Brush(0.44 * size, mixed(colour, INK, 0.45), 1.0, 0.0, 0.5, 0.6, 0.15), 1.12 * widths, opaque=True)
    sweep(sheet, blades, Brush(0.4 * size, colour, 1.0, 0.1, 0.5, 0.6, 0.2), widths, opaque=True)


def _head(sheet: Sheet, x: float, y: float, half: float, colour: Colour) -> None:
    """Ring upon ring, each smaller, paler and higher than the one below; tilted, so that some are seen from the side."""
    flat, turn = float(sheet.chance.uniform(0.55, 0.95)), float(sheet.chance.normal(0, 0.35))
    deep, pale = mixed(colour, PIGMENTS["rust"], 0.45), mixed(colour, WHITE, 0.35)
    for reach, count, tone in ((1.0, 24, deep), (0.8, 21, colour), (0.5, 15, pale)):
        angles = np.linspace(0, 2 * np.pi, count + 1)[:-1] + sheet.chance.normal(0, 0.07, count)
        long = half * reach * sheet.chance.uniform(0.85, 1.08, count)
        centre = np.array((0.0, -(1 - reach) * 0.35 * half * (1.2 - flat)))
        way = np.stack([np.cos(angles), flat * np.sin(angles)], axis=1)
        lift = np.array((0.0, -0.16 * half * (1.1 - flat)))
        out = long[:, None] * way
        petals = np.stack([centre + 0.12 * half * way, centre + 0.6 * out, centre + out + lift], axis=1)
        turned = petals @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + (x, y)
        rim = Brush(0.2 * half, mixed(tone, PIGMENTS["brown"], 0.45), 1.0, 0.0, 0.5, 0.4, 0.1)
        sweep(sheet, turned, rim, opaque=True)
        sweep(sheet, turned, Brush(0.15 * half, tone, 1.0, 0.05, 0.5, 0.4, 0.1), opaque=True)
