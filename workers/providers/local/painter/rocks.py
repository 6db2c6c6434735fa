"""Rocks in the foreground, where the blackest ink of the picture is."""

import numpy as np

from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.palette import INK, WHITE
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.washes import pooled, shape

_FOOT = ((1.12, 0.02), (0.8, 0.14), (0.2, 0.2), (-0.5, 0.18), (-0.95, 0.1))
"""The lower edge, in sizes, from right to left: round, as what lies on the ground is."""

_STONE: Colour = (0.13, 0.14, 0.16)


def rock(sheet: Sheet, x: float, y: float, size: float, *, tone: float = 0.3, snowy: bool = False) -> None:
    """One boulder, black at its foot, cut with a slanted dry brush; `tone` is its top's, `size` its height; all in pixels."""
    corners = np.array([(-1.1, 0.1), (-0.9, 0.5), (-0.45, 0.85), (0.05, 1.0), (0.5, 0.7), (0.9, 0.5), (1.25, 0.05)])
    corners += sheet.chance.normal(0, 0.11, corners.shape)
    top = np.array([(x + a * size, y - b * size) for a, b in corners])
    body = shape(
        [*((float(a), float(b)) for a, b in top), *((x + a * size, y + b * size) for a, b in _FOOT)],
        straight=True,
        soft=0.15 * sheet.unit,
    )
    sheet.cover(body, sheet.paper)
    down = np.linspace(tone, max(tone, 1.1), body.mask.shape[0], dtype=np.float32)[:, None] ** 1.2
    sheet.wash(pooled(sheet, body._replace(mask=body.mask * down), 0.3), _STONE, 0.8)
    _cuts(sheet, top, size)
    edges = np.stack([top[:-1], (top[:-1] + top[1:]) / 2 - (0, 0.03 * size), top[1:]], axis=1)
    sweep(sheet, edges, Brush(0.12 * size, INK, 0.92, 0.5, 0.2, 0.4, 0.7), sheet.chance.uniform(0.5, 1.3, len(edges)))
    sweep(sheet, top[None, 2:5] + (0.1 * size, 0.12 * size), Brush(0.09 * size, INK, 0.8, 0.6, 0.2, 0.5, 0.6))
    if snowy:
        sweep(sheet, top[None, 1:6] + (0, 0.03 * size), Brush(0.22 * size, WHITE, 0.95, 0.3, 0.2, 0.3, 0.5), opaque=True)


def _cuts(sheet: Sheet, top: np.ndarray[tuple[int, int], np.dtype[np.float64]], size: float) -> None:
    """Axe-cut strokes (fuheki-shun) and moss."""
    count = 26
    starts = top[sheet.chance.integers(2, 7, count)] + np.abs(sheet.chance.normal(0, 0.25 * size, (count, 2))) * (0.15, 0.8)
    sweep(
        sheet,
        dabs(starts, 0.16 * size, 0.34 * size),
        Brush(0.2 * size, INK, 0.75, 0.72, 0.2, 0.7, 0.5),
        sheet.chance.uniform(0.4, 1.1, count),
        sheet.chance.uniform(0.2, 0.8, count),
    )
    moss = top[sheet.chance.integers(0, 6, 14)] + sheet.chance.normal(0, 0.05 * size, (14, 2))
    sweep(sheet, dabs(moss, 0.03 * size, -0.05 * size), Brush(0.1 * size, INK, 0.9, 0.1, 0.5, 0.5))


def bank(sheet: Sheet, side: int, y: float, size: float, *, snowy: bool = False) -> None:
    """A few rocks at the picture's corner; `side` -1 is the left, `y` a share of the height, `size` in units."""
    edge = 0 if side < 0 else sheet.width
    for out, down, share in ((0.6, -1.2, 0.62), (1.9, 0.0, 0.4), (0.1, 0.6, 1.0)):
        rock(
            sheet,
            edge - side * out * size * sheet.unit,
            y * sheet.height + down * size * 0.3 * sheet.unit,
            share * size * sheet.unit,
            snowy=snowy,
        )
