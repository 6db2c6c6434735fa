"""A fire in the open: light on the earth about it, smoke out of its tongues, the tongues drawn one by one with a dry brush."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, dabs, sweep
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.washes import blur, disc

_LAYERS: tuple[tuple[int, float, float, float, Colour], ...] = (
    (15, 1.0, 1.0, 0.17, (0.74, 0.27, 0.13)),
    (12, 0.78, 0.8, 0.15, (0.90, 0.50, 0.18)),
    (9, 0.56, 0.6, 0.12, (0.97, 0.76, 0.36)),
    (5, 0.34, 0.36, 0.1, (1.0, 0.94, 0.72)),
)
"""From the outermost in: how many tongues, how high, how far apart, how thick, all beside the outermost, and their colour."""

_HALF = 0.3
"""How far from its middle the outermost tongue stands, in heights of the fire."""


def blaze(sheet: Sheet, x: float, y: float, size: float, *, dark: bool) -> None:
    """Tongues from (x, y), `size` high, in pixels; in the `dark` its light reaches further."""
    _light(sheet, x, y, size, 0.75 if dark else 0.5)
    _smoke(sheet, x, y - 0.45 * size, size)
    _body(sheet, x, y, size)
    for count, high, wide, thick, colour in _LAYERS:
        tongues = _tongues(sheet, count, (x, y), (_HALF * wide * size, high * size))
        brush = Brush(1.15 * thick * size, colour, 0.9, 0.38, 0.35, 0.85, 0.45, 0.45)
        sweep(sheet, tongues, brush, sheet.chance.uniform(0.6, 1.15, count), sheet.chance.uniform(0.6, 1, count), opaque=True)
    _sparks(sheet, x, y, size)


def _tongues(sheet: Sheet, count: int, foot: tuple[float, float], reach: tuple[float, float]) -> Curves:
    """Each leans to the middle and licks back from it, the middle ones highest; no two fires have the same."""
    (x, y), (half, high), chance = foot, reach, sheet.chance
    out = np.linspace(-1, 1, count) + chance.normal(0, 0.12, count)
    tall = high * np.clip(1.05 - 0.62 * out**2 + chance.normal(0, 0.16, count), 0.25, 1.2)
    up = np.array([0.0, 0.28, 0.55, 0.8, 1.0])
    lick = chance.uniform(-0.2, 0.2, (count, 1)) * np.sin(up * np.pi * 1.7) + chance.normal(0.05, 0.1, (count, 1)) * up**2
    across = out[:, None] * half * (1 - 0.55 * up) * (1 + 0.5 * np.sin(up * np.pi)) + lick * tall[:, None]
    return np.asarray(np.stack([x + across, y - tall[:, None] * up], axis=2))


def _body(sheet: Sheet, x: float, y: float, size: float) -> None:
    """The wet wash the tongues are drawn on, or one would look through the fire."""
    for up, half, colour in ((0.3, 0.3, (0.86, 0.42, 0.17)), (0.24, 0.22, (0.97, 0.72, 0.32)), (0.17, 0.13, (1.0, 0.92, 0.66))):
        wet = disc(x, y - up * size, 0.45 * half * size, 1.1 * half * size)
        sheet.cover(sheet.granulate(wet, 0.8), colour, 0.8)


def _light(sheet: Sheet, x: float, y: float, size: float, strength: float) -> None:
    """Warm air about it, and the earth lit far to either side, lost unevenly."""
    air = disc(x, y - 0.4 * size, 0.3 * size, 2.1 * size)
    sheet.cover(sheet.granulate(air._replace(mask=air.mask**2.4), 0.5), PIGMENTS["glow"], 0.7 * strength)
    rows, columns = np.ogrid[int(y - size) : int(y + 1.1 * size), int(x - 3 * size) : int(x + 3 * size)]
    deep = np.where(rows < y, 0.32, 0.5) * size
    pool = np.exp(-(((columns - x) / (1.45 * size)) ** 2) - ((rows - y) / deep) ** 2)
    lit = sheet.granulate(Tile(int(x - 3 * size), int(y - size), pool.astype(np.float32)), 0.9)
    sheet.cover(lit, (0.97, 0.74, 0.40), strength)


def _smoke(sheet: Sheet, x: float, y: float, size: float) -> None:
    """Out of the middle of the fire, wider and paler as it drifts up."""
    up, chance = np.linspace(0, 1, 7), sheet.chance
    rise = 2.3 * size * up
    drift = size * (chance.uniform(0.25, 0.6) * up**1.4 + 0.16 * up * np.sin(up * 7 + chance.uniform(0, 6)))
    pale = float(sheet.rgb[max(0, int(y - size)) : max(1, int(y)), max(0, int(x) - 5) : max(1, int(x) + 5)].mean()) < 0.62
    left, top = int(x - 2 * size), int(y - 2.9 * size)
    rows, columns = np.ogrid[top : int(y), left : int(x + 2.6 * size)]
    middle, wide = x + np.interp(y - rows, rise, drift), size * (0.1 + 0.34 * np.interp(y - rows, rise, up))
    gone = np.clip(1.15 - np.interp(y - rows, rise, up) ** 0.8, 0, 1) * np.clip((y - rows) / (0.2 * size), 0, 1)
    plume = np.exp(-(((columns - middle) / wide) ** 2)) * gone
    tile = sheet.granulate(Tile(left, top, plume.astype(np.float32)), 0.9)
    sheet.cover(tile._replace(mask=blur(tile.mask, 0.3 * sheet.unit)), (0.80, 0.80, 0.82) if pale else (0.50, 0.49, 0.51), 0.62)


def _sparks(sheet: Sheet, x: float, y: float, size: float) -> None:
    count = 9
    spots = np.array((x, y)) + sheet.chance.normal((0.05, -1.15), (0.22, 0.3), (count, 2)) * size
    spark = Brush(0.035 * size, (0.98, 0.66, 0.28), 0.95, 0, 0.4, 0.5)
    sweep(sheet, dabs(spots, 0.02 * size, -0.05 * size), spark, sheet.chance.uniform(0.5, 1.2, count), opaque=True)
