"""Paper that lies before one: pages with the light on them, and what is written there in columns."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, Points, sweep
from workers.providers.local.painter.palette import INK
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.washes import shape


def page(sheet: Sheet, outline: Points, colour: Colour, left: float, right: float) -> None:
    """A leaf, in pixels; `left` and `right` are how much shade lies on its two sides."""
    tile = shape(outline, straight=True, soft=0.12 * sheet.unit)
    sheet.cover(tile, colour)
    across = np.linspace(0, 1, tile.mask.shape[1], dtype=np.float32)
    shade = tile.mask * (left * (1 - across) ** 2 + right * across**2)
    sheet.wash(sheet.granulate(tile._replace(mask=shade.astype(np.float32)), 0.3), (0.36, 0.33, 0.34))
    ring = np.array([[*outline, outline[0]]], dtype=np.float64)
    edges = np.stack([ring[0, :-1], ring[0, 1:]], axis=1)
    sweep(sheet, edges, Brush(0.34 * sheet.unit, INK, 0.6, 0.45, 0.03, 0.05, 0.5))


def script(sheet: Sheet, corners: Points, columns: int) -> None:
    """Columns of small writing, from right to left; corners run from the upper left round by the right, in pixels."""
    upper_left, upper_right, lower_right, lower_left = np.array(corners, dtype=np.float64)
    characters = []
    for share in (np.arange(columns)[::-1] + 0.5) / columns:
        top, foot = upper_left + (upper_right - upper_left) * share, lower_left + (lower_right - lower_left) * share
        wide = 0.62 * float(np.linalg.norm(upper_right - upper_left)) / columns
        characters.append(_column(sheet, top, foot, wide))
    strokes = np.concatenate(characters)
    width = max(0.16 * sheet.unit, 0.09 * float(np.linalg.norm(upper_right - upper_left)) / columns)
    sweep(sheet, strokes, Brush(width, INK, 0.85, 0.25, 0.2, 0.4, 0.3), sheet.chance.uniform(0.7, 1.4, len(strokes)))


def _column(sheet: Sheet, top: Curves, foot: Curves, wide: float) -> Curves:
    """Each character four short strokes, none like another; most columns stop before the foot."""
    long = float(np.linalg.norm(foot - top))
    count = max(2, int(long / (0.95 * wide) * sheet.chance.uniform(0.6, 1.0)))
    middles = top + (foot - top) * (((np.arange(count) + 0.5) * 0.95 * wide / long)[:, None])
    starts = np.repeat(middles, 4, axis=0) + sheet.chance.uniform(-0.42, 0.1, (4 * count, 2)) * (wide, 0.62 * wide)
    level = np.tile((1.0, 1.0, 0.15, 0.5), count)[:, None]
    reach = np.concatenate([level, 0.75 * (1 - level)], axis=1) * sheet.chance.uniform(0.3, 0.7, (4 * count, 1)) * wide
    return np.stack([starts, starts + reach], axis=1)
