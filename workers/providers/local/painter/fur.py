"""Coats: a wet body without an outline, and the hairs of a split brush that lie on it and stand out along its edge."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, Points, smooth, sweep
from workers.providers.local.painter.noise import clouds
from workers.providers.local.painter.palette import INK, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.washes import shape

_LIES = 0.85
"""How much a hair lies downwards, beside outwards."""


def fur(sheet: Sheet, outline: Points, colour: Colour, long: float) -> None:
    """One round of fur, in pixels, its hairs so `long`, 1 as a rule: pale at the upper left, deep at the lower right."""
    body = shape(outline, soft=0.12 * sheet.unit)
    size = float(np.sqrt(body.mask.sum()))
    sheet.cover(body, mixed(colour, sheet.paper, 0.25))
    sheet.cover(body._replace(mask=_lit(sheet, body)), mixed(colour, INK, 0.35), 0.85)
    inside, around = _inside(sheet, body, 260), _around(outline, 90)
    middle = np.array(outline, dtype=np.float64).mean(axis=0)
    tones = sheet.chance.uniform(0.25, 1, 260)
    brush = Brush(max(0.022 * size, 0.3 * sheet.unit), INK, 0.42, 0.5, 0.2, 0.7, 0.3, 0.4)
    sweep(sheet, _hairs(sheet, inside[:170], middle, 0.1 * size * long), brush, 1.0, tones[:170])
    pale = Brush(max(0.018 * size, 0.25 * sheet.unit), mixed(colour, WHITE, 0.6), 0.5, 0.5, 0.2, 0.7, 0.3, 0.4)
    sweep(sheet, _hairs(sheet, inside[170:], middle, 0.1 * size * long), pale, 1.0, tones[170:], opaque=True)
    edge = Brush(max(0.02 * size, 0.28 * sheet.unit), mixed(colour, INK, 0.55), 0.85, 0.35, 0.1, 0.7, 0.3, 0.4)
    sweep(sheet, _hairs(sheet, around, middle, 0.05 * size * long), edge, 1.0, sheet.chance.uniform(0.4, 1, len(around)))


def _lit(sheet: Sheet, body: Tile) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    height, width = body.mask.shape
    across, down = np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32)[:, None]
    settled = clouds(sheet.chance, width, height, max(4.0, 0.4 * max(width, height)), 4)
    shade = body.mask * np.clip(0.1 + 0.55 * across**1.4 + 0.35 * down + 0.8 * (settled - 0.5), 0, 1)
    return np.asarray(shade, dtype=np.float32)


def _inside(sheet: Sheet, body: Tile, count: int) -> Curves:
    rows, columns = np.nonzero(body.mask > 0.9)
    chosen = sheet.chance.integers(0, max(1, len(rows)), count)
    return np.stack([columns[chosen] + body.x, rows[chosen] + body.y], axis=1).astype(np.float64)


def _around(outline: Points, count: int) -> Curves:
    return np.asarray(smooth(np.array([[*outline, outline[0]]], dtype=np.float64), count)[0])


def _hairs(sheet: Sheet, roots: Curves, middle: Curves, long: float) -> Curves:
    """They lie outwards and down, each a little bent."""
    away = roots - middle
    away = away / (np.linalg.norm(away, axis=1, keepdims=True) + 1e-6) + (0, _LIES)
    away = away / (np.linalg.norm(away, axis=1, keepdims=True) + 1e-6)
    reach = away * long * sheet.chance.uniform(0.5, 1.2, (len(roots), 1))
    bend = np.stack([-reach[:, 1], reach[:, 0]], axis=1) * sheet.chance.normal(0, 0.15, (len(roots), 1))
    return np.stack([roots, roots + 0.5 * reach + bend, roots + reach], axis=1)
