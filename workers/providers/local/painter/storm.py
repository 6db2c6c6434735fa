"""Storm clouds: decks that hang one before the other, bellied below; and lightning from them."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, Floats, sweep
from workers.providers.local.painter.noise import Plane, clouds, ridge
from workers.providers.local.painter.palette import WHITE, Light, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile

_INK: Colour = (0.25, 0.28, 0.34)

_DECKS = ((0.88, 0.3, 7.0, 7.0), (0.62, 0.5, 9.0, 3.0), (0.36, 0.78, 11.0, 1.4))
"""Where each hangs down to, a share of the horizon's height, how much ink it is given, how broad its bellies are and how far
their edge runs out, both in units; the furthest first: a sharp one over the horizon would be a range of snow."""


def storm(sheet: Sheet, light: Light, horizon: float) -> None:
    """The sky above `horizon`, a share of the height: dark above, grey distance below the last cloud."""
    down = np.linspace(0, 1, max(1, int(horizon * sheet.height)), dtype=np.float32)[:, None]
    sheet.wash(Tile(0, 0, np.broadcast_to(np.clip(2.2 * down - 0.9, 0, 1), (len(down), sheet.width))), _INK, 0.05)
    for hangs, tone, broad, soft in _DECKS:
        _deck(sheet, light, _belly(sheet, hangs * horizon, broad), tone, soft)


def _belly(sheet: Sheet, down: float, broad: float) -> Plane:
    """The lower edge of a deck: bellies side by side and through each other, no two alike."""
    chance, unit = sheet.chance, sheet.unit
    drift = ridge(chance, sheet.width, 45 * unit, 3) * 5.5 * unit
    count = int(2.6 * sheet.width / (broad * unit))
    middle = np.linspace(-0.05, 1.05, count) * sheet.width + chance.normal(0, 0.16 * broad, count) * unit
    reach = broad * unit * chance.uniform(0.5, 1.1, count)
    across = (np.arange(sheet.width) - middle[:, None]) / reach[:, None]
    hangs = 0.62 * reach[:, None] * np.sqrt(np.clip(1 - across**2, 0, None)) + chance.normal(0, 0.9, (count, 1)) * unit
    lowest = np.where(np.abs(across) < 1, hangs, -1.5 * unit).max(axis=0)
    return np.asarray(down * sheet.height + drift + lowest, dtype=np.float32)


def _deck(sheet: Sheet, light: Light, edge: Plane, tone: float, soft: float) -> None:
    """Wettest along its bellies, paler where it rolls back above them; it hides what hangs behind it. `soft` is in units."""
    rows = np.arange(int(max(1, edge.max() + 2)), dtype=np.float32)[:, None]
    up = edge - rows
    wet = clouds(sheet.chance, sheet.width, len(rows), 22 * sheet.unit, 5, stretched=1.8)
    inside = np.clip(up / (soft * sheet.unit), 0, 1)
    sheet.cover(Tile(0, 0, (0.8 * inside).astype(np.float32)), mixed(sheet.paper, light.sky, 0.6))
    body = inside * (0.42 + 0.58 * np.exp(-np.clip(up, 0, None) / (9 * sheet.unit))) * (0.45 + 1.1 * wet)
    sheet.wash(Tile(0, 0, np.clip(body, 0, 1).astype(np.float32)), mixed(_INK, light.ink, 0.25), tone)


def lightning(sheet: Sheet, x: float, top: float, foot: float) -> None:
    """One bolt from `top` down to `foot`, about `x`; all in pixels."""
    trunk = _jagged(sheet, (x, top), (x + sheet.chance.normal(0, 5) * sheet.unit, foot))
    forks = [_fork(sheet, trunk, place) for place in sheet.chance.permutation(np.linspace(0.18, 0.62, 5))[:3]]
    for width, colour, strength in ((4.4, (0.93, 0.93, 0.98), 0.2), (1.7, (0.97, 0.96, 0.99), 0.45), (0.55, WHITE, 1.0)):
        glow = Brush(width * sheet.unit, colour, strength, 0.0, 0.35, 0.4, 0.0, 0.6)
        sweep(sheet, trunk[None], glow, opaque=True)
        for fork in forks:
            sweep(sheet, fork[None], glow, 0.5, 0.8, opaque=True)


def _fork(sheet: Sheet, trunk: Curves, place: float) -> Curves:
    """It leaves the bolt at this share of its length, and ends in the air."""
    start = trunk[int(place * (len(trunk) - 1))]
    long = 0.36 * float(np.ptp(trunk[:, 1])) * sheet.chance.uniform(0.6, 1.1)
    turn = sheet.chance.choice((-1, 1)) * sheet.chance.uniform(0.5, 0.95)
    return _jagged(sheet, (start[0], start[1]), (start[0] + long * np.sin(turn), start[1] + long * np.cos(turn)))


def _jagged(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> Curves:
    """Straight pieces that turn back and forth: a line halved again and again, every middle thrown aside."""
    points: Floats = np.array((start, end), dtype=np.float64)
    for _ in range(4):
        way = np.diff(points, axis=0)
        aside = np.stack([-way[:, 1], way[:, 0]], axis=1) * sheet.chance.uniform(-0.24, 0.24, (len(way), 1))
        middles = (points[:-1] + points[1:]) / 2 + aside
        points = np.insert(points, np.arange(1, len(points)), middles, axis=0)
    # Given twice, a corner stays one: a brush would round it.
    return np.asarray(np.repeat(points, 2, axis=0))
