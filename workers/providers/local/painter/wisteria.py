"""Wisteria: an old vine that leans in along the top of the picture, and the long clusters that hang from it."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, Curves, Floats, dabs, smooth, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot

_VIOLET: tuple[Colour, ...] = ((0.80, 0.74, 0.90), (0.64, 0.54, 0.80), (0.47, 0.37, 0.66))
"""Open at the top of a cluster, buds at its tip."""


def wisteria(sheet: Sheet, spot: Spot) -> None:
    """Clusters further off first, paler and shorter, then the vine, its leaves, and those before it."""
    vine = _vine(sheet, spot)
    _clusters(sheet, vine, 9, 0.7, 0.45)
    bark = Brush(0.046 * spot.size * sheet.unit, mixed(INK, PIGMENTS["brown"], 0.25), 0.95, 0.3, 0.02, 0.3, 0.5, 0.25)
    sweep(sheet, vine[None], bark, opaque=True)
    twist = vine[::6] + sheet.chance.normal(0, 0.5 * sheet.unit, vine[::6].shape)
    sweep(sheet, twist[None], Brush(0.012 * spot.size * sheet.unit, INK, 0.9, 0.4, 0.02, 0.4, 0.5, 0.3))
    _leaves(sheet, vine)
    _clusters(sheet, vine, 12, 1.0, 1.0)
    _leaves(sheet, vine[::2])


def _vine(sheet: Sheet, spot: Spot) -> Curves:
    """Up from its root at the picture's side and over, sinking a little towards its end."""
    reach = 0.74 * sheet.width if spot.fence is None else abs(spot.fence.x - spot.x) - 0.05 * sheet.width
    rise = sheet.chance.uniform(0.1, 0.15) * sheet.height
    ways = ((0.0, spot.y), (0.03, 0.7 * spot.y), (-0.01, 0.36 * spot.y), (0.14, rise), (0.42, 0.8 * rise), (0.75, 1.1 * rise))
    knots = np.array([(spot.x + spot.lean * share * reach, y) for share, y in (*ways, (1.0, 1.7 * rise))])
    return np.asarray(smooth(knots[None] + sheet.chance.normal(0, 0.9 * sheet.unit, knots.shape), 120)[0])


def _clusters(sheet: Sheet, vine: Curves, count: int, share: float, tone: float) -> None:
    """Each broad above and pointed below, none as long as its neighbour."""
    chance, unit = sheet.chance, sheet.unit
    along = np.linspace(52, 118, count) + chance.normal(0, 2.0, count)
    for place in along.clip(50, 119).astype(int):
        top, long = vine[place], chance.uniform(17, 34) * share * unit
        _cluster(sheet, np.add(top, (chance.normal(0, unit), 1.2 * unit)), long, tone)


def _cluster(sheet: Sheet, top: Floats, long: float, tone: float) -> None:
    chance, unit, count = sheet.chance, sheet.unit, int(9 * long / sheet.unit)
    down = np.sort(chance.uniform(0, 1, count))
    half = (0.12 * long + 0.6 * unit) * np.sin(np.pi * (0.18 + 0.82 * down).clip(0, 1)) ** 0.8 * (1.05 - 0.55 * down)
    bend = chance.normal(0, 0.06) * long
    aside = bend * down**2 + half * chance.uniform(-1, 1, count)
    spots = top + np.stack([aside, down * long + chance.normal(0, 0.3 * unit, count)], axis=1)
    stem = top + np.array([(0, 0), (bend * 0.3, 0.55 * long), (bend, long)])
    sweep(sheet, stem[None], Brush(0.4 * unit, PIGMENTS["moss"], 0.8 * tone, 0.2, 0.05, 0.5))
    which = (down * 2.2 + chance.normal(0, 0.45, count)).clip(0, 2).round().astype(int)
    sizes = chance.uniform(0.7, 1.25, count) * (1.15 - 0.6 * down)
    for number, colour in enumerate(_VIOLET):
        here = which == number
        petals = dabs(spots[here], 0.55 * unit, 0.75 * unit)
        faded = mixed(sheet.paper, colour, 0.35 + 0.65 * tone)
        sweep(sheet, petals, Brush(1.15 * unit, faded, 0.95, 0.12, 0.45, 0.45, 0.2), sizes[here], opaque=True)


def _leaves(sheet: Sheet, vine: Curves) -> None:
    """Sprays of narrow leaves, fresh green, over the vine."""
    roots = vine[len(vine) // 3 :: 4] + sheet.chance.normal(0, 1.4 * sheet.unit, vine[len(vine) // 3 :: 4].shape)
    spots = np.repeat(roots, 4, axis=0) + sheet.chance.normal(0, 1.7 * sheet.unit, (4 * len(roots), 2))
    for share, colour in ((0, PIGMENTS["green"]), (1, PIGMENTS["moss"])):
        trees.leaves(sheet, spots[share::2], 2.4 * sheet.unit, colour, droop=0.9, spread=0.8)
