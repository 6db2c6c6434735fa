"""Roofs: straw or tiles stroke by stroke from ridge to eave, and the black of their rims."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Brush, Curves, Floats, Points, moved, sweep
from workers.providers.local.painter.palette import INK, WHITE
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.washes import graded, pooled, shape


class Cover(Struct, frozen=True):
    """What lies on a roof: its strokes are `gap` units apart, their ends as uneven as it is `shaggy`."""

    colour: Colour
    gap: float
    shaggy: float


THATCH = Cover((0.40, 0.35, 0.30), 0.55, 1.1)
TILES = Cover((0.27, 0.30, 0.35), 0.9, 0.15)


def roof(sheet: Sheet, points: Points, tone: float, made: Cover, *, snowy: bool) -> None:
    """Points are ridge left, ridge right, eave right, eave left, in pixels; strokes run from ridge to eave."""
    gap = made.gap
    rows = _slope(points, max(5, int(abs(points[2][0] - points[3][0]) / (gap * sheet.unit))))
    outline = [(float(x), float(y)) for x, y in np.concatenate([rows[0], rows[-1][::-1]])]
    tile = shape(outline, straight=True, soft=0.2 * sheet.unit)
    sheet.cover(tile, WHITE if snowy else sheet.paper)
    snow = 0.3 if snowy else 1.0
    sheet.wash(graded(pooled(sheet, tile, 0.25), 0.62, 1.15), made.colour, tone * snow)
    strokes = rows + sheet.chance.normal(0, 0.12 * sheet.unit, rows.shape) * (1, 0)
    fringe = min(sheet.unit, 0.06 * float(np.ptp(rows[..., 1])))
    strokes[:, -1, 1] += sheet.chance.uniform(-0.8, 0.5, len(rows)) * made.shaggy * fringe
    straw = Brush(gap * 0.75 * sheet.unit, INK, 0.8 * tone, 0.62, 0.2, 0.3, 0.5)
    sweep(
        sheet,
        strokes[1:-1],
        straw,
        sheet.chance.uniform(0.3, 1.2, len(rows) - 2),
        sheet.chance.uniform(0.1, 0.75, len(rows) - 2) * snow,
    )
    _rims(sheet, rows, tone, snowy=snowy)


def _slope(points: Points, count: int) -> Curves:
    """Lines down a roof that is steep at the ridge and swings out at the eaves; the leftmost first."""
    ridge_left, ridge_right, eave_right, eave_left = np.array(points)
    shares, down = np.linspace(0, 1, count)[:, None, None], np.linspace(0, 1, 6)[None, :, None]
    tops = ridge_left * (1 - shares) + ridge_right * shares
    feet = eave_left * (1 - shares) + eave_right * shares
    return np.asarray(tops + (feet - tops) * np.concatenate([down**1.35, down**0.9], axis=2))


def _rims(sheet: Sheet, rows: Curves, tone: float, *, snowy: bool) -> None:
    """The ridge and the eaves each in one black stroke, the eaves' as broad as thatch is thick; all on the roof's own outline."""
    width = max(0.05 * float(np.ptp(rows[..., 1])), 0.5 * sheet.unit)
    ridge, eave = (_by_hand(sheet, rows[0, end], rows[-1, end], 0.1 * width) for end in (0, -1))
    sweep(sheet, np.stack([rows[0], rows[-1]]), Brush(width * 0.8, INK, 0.85 * tone, 0.5, 0.1, 0.1, 0.3))
    sweep(sheet, moved(eave, 0, width * 0.1), Brush(width * 1.2, INK, 0.9 * tone, 0.35, 0.02, 0.03, 0.25))
    cap = Brush(width * 1.6, WHITE if snowy else INK, 0.95 if snowy else 0.95 * tone, 0.15, 0.05, 0.08, 0.3)
    sweep(sheet, moved(ridge, 0, -width * 0.3), cap, opaque=snowy)


def _by_hand(sheet: Sheet, start: Floats, end: Floats, tremble: float) -> Curves:
    """One line from end to end that leaves the straight by no more than a trembling hand does; in pixels."""
    line = start + (end - start) * np.linspace(0, 1, 7)[:, None]
    line[1:-1, 1] += np.clip(sheet.chance.normal(0, tremble, 5), -2 * tremble, 2 * tremble)
    return line[None]
