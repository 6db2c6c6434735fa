"""Hydrangeas: round heads of many small flowers over broad leaves, which hide what is behind them."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.noise import clouds
from workers.providers.local.painter.palette import INK, PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.washes import pooled, shape

_HEADS = ((-0.36, 0.42, 0.17), (0.42, 0.36, 0.16), (0.04, 0.7, 0.19))
"""Across and up from the root and half as wide, in shares of the bush's size; the nearest last."""

_COLOURS: tuple[Colour, ...] = ((0.44, 0.54, 0.82), (0.56, 0.50, 0.80), (0.50, 0.62, 0.86))


def hydrangea(sheet: Sheet, spot: Spot) -> None:
    size = spot.size * sheet.unit
    heads = [(spot.x + across * size * spot.lean, spot.y - up * size, half * size) for across, up, half in _HEADS]
    _stems(sheet, spot, heads)
    for number, (x, y, half) in enumerate(heads):
        _leaves(sheet, x, y, half)
        _head(sheet, x, y, half, _COLOURS[(number + int(sheet.chance.integers(3))) % 3])


def _stems(sheet: Sheet, spot: Spot, heads: list[tuple[float, float, float]]) -> None:
    stems = np.array([[(spot.x, spot.y), ((spot.x + x) / 2, (2 * spot.y + y) / 3), (x, y)] for x, y, _ in heads])
    sweep(sheet, stems, Brush(1.1 * sheet.unit, PIGMENTS["moss"], 0.95, 0.1, 0.02, 0.05), opaque=True)


def _leaves(sheet: Sheet, x: float, y: float, half: float) -> None:
    """A ruff of leaves under a head, pointing out and down."""
    for angle in np.linspace(-0.15, np.pi + 0.15, 6) + sheet.chance.normal(0, 0.14, 6):
        away = np.array((np.cos(angle), 0.75 * np.sin(angle)))
        _leaf(sheet, np.array((x, y + 0.25 * half)) + 0.45 * half * away, away, half * float(sheet.chance.uniform(1.15, 1.5)))


def _leaf(sheet: Sheet, stalk: trees.Spots, away: trees.Spots, length: float) -> None:
    """Broad and pointed, darker to one side of its rib."""
    across = np.array((-away[1], away[0]))
    ends = [stalk + along * length * away + aside * length * across for along, aside in _BLADE]
    blade = shape([(float(a), float(b)) for a, b in ends], soft=0.05 * sheet.unit)
    colour = mixed(PIGMENTS["green"], (0.20, 0.30, 0.22), float(sheet.chance.uniform(0.15, 0.8)))
    sheet.cover(blade, mixed(colour, WHITE, 0.25))
    sheet.wash(pooled(sheet, blade, 0.5), colour, 0.85)
    rib = np.array([[stalk, stalk + 0.5 * length * away + 0.03 * length * across, stalk + 0.95 * length * away]])
    veins = [[stalk + at * length * away, stalk + length * ((at + 0.2) * away + 0.2 * side * across)] for at, side in _VEINS]
    sweep(sheet, rib, Brush(0.5 * sheet.unit, INK, 0.55, 0.35, 0.1, 0.6))
    sweep(sheet, np.array(veins), Brush(0.35 * sheet.unit, INK, 0.4, 0.4, 0.1, 0.7))


_BLADE = ((0.0, 0.0), (0.22, 0.2), (0.55, 0.25), (0.86, 0.1), (1.0, 0.0), (0.86, -0.1), (0.55, -0.25), (0.22, -0.2))
"""A leaf's outline: along its rib and to its side, in shares of its length."""

_VEINS = ((0.2, 1), (0.42, 1), (0.62, 0.6), (0.2, -1), (0.42, -1), (0.62, -0.6))


def _head(sheet: Sheet, x: float, y: float, half: float, colour: Colour) -> None:
    """A dome of florets: pale where the light falls, violet in the shade below."""
    turn = np.linspace(0, 2 * np.pi, 15)[:-1]
    out = half * sheet.chance.uniform(0.94, 1.06, 14)
    dome = shape([(float(x + r * np.cos(a)), float(y + 0.82 * r * np.sin(a))) for a, r in zip(turn, out, strict=True)])
    sheet.cover(dome, mixed(colour, WHITE, 0.42))
    sheet.wash(_shaded(sheet, dome), mixed(colour, (0.34, 0.26, 0.55), 0.45), 0.8)
    angle, away = sheet.chance.uniform(0, 2 * np.pi, 70), np.sqrt(sheet.chance.uniform(0, 1.05, 70)) * half
    florets = np.stack([x + away * np.cos(angle), y + 0.82 * away * np.sin(angle)], axis=1)
    trees.blossoms(sheet, florets[np.argsort(-florets[:, 1])], 0.2 * half, colour, PIGMENTS["paper"])


def _shaded(sheet: Sheet, dome: Tile) -> Tile:
    height, width = dome.mask.shape
    down, across = np.linspace(0, 1, height, dtype=np.float32)[:, None], np.linspace(0, 1, width, dtype=np.float32)
    grain = clouds(sheet.chance, width, height, max(3.0, 0.2 * width), 4) - 0.5
    return dome._replace(mask=dome.mask * np.clip(down**1.5 * 0.75 + 0.25 * across + 0.6 * grain, 0, 1))
