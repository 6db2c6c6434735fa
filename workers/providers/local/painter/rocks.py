"""Rocks in the foreground, where the blackest ink of the picture is."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Floats, Points, sweep
from workers.providers.local.painter.noise import Plane, clouds
from workers.providers.local.painter.palette import INK, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.washes import blur, pooled, shape

_CROWN = ((-1.09, 0.12), (-1.06, 0.4), (-0.72, 0.76), (-0.2, 0.97), (0.34, 0.9), (0.8, 0.66), (1.08, 0.36), (1.13, 0.12))
"""A boulder's upper outline, in sizes, from left to right: broad shoulders and a flat head, not a tent."""

_FOOT = ((1.06, -0.03), (0.86, 0.08), (0.2, 0.15), (-0.5, 0.14), (-0.88, 0.07), (-1.03, -0.02))
"""The lower edge, from right to left: round, as what lies on the ground is, with no corner where the sides come down."""

_FOLD = ((0.42, 0.9), (0.3, 0.62), (0.48, 0.36), (0.34, -0.2))
"""Where the side in the light turns into the side in the shade, from the crown down."""

_STONE: Colour = (0.13, 0.14, 0.16)


def rock(sheet: Sheet, x: float, y: float, size: float, *, tone: float = 0.3, snowy: bool = False) -> None:
    """One boulder, black at its foot and in its shade; `tone` is its top's, `size` its height; all in pixels."""
    crown = np.array(_CROWN) * (1, -sheet.chance.uniform(0.85, 1.12)) + sheet.chance.normal(0, 0.065, (len(_CROWN), 2))
    fold = np.array(_FOLD) * (1, -1) + sheet.chance.normal(0, 0.06, (len(_FOLD), 2))
    crown, fold, foot = ((x, y) + line * size for line in (_worn(crown), fold, np.array(_FOOT)))
    body = _sunk(sheet, shape(_points(crown, foot), straight=True, soft=0.12 * sheet.unit), size)
    sheet.cover(body, mixed(sheet.paper, _STONE, 0.2 * tone))
    dark = _darkness(body, fold, tone)
    sheet.wash(pooled(sheet, body._replace(mask=body.mask * dark), 0.15), _STONE, 0.6)
    sheet.wash(body._replace(mask=body.mask * _scumble(sheet, dark, size)), INK, 0.72)
    if snowy:
        _snow(sheet, body, size)
    _contour(sheet, crown, size, snowy=snowy)


def _sunk(sheet: Sheet, body: Tile, size: float) -> Tile:
    """Its foot is lost in what it stands in, here more and there less: none is cut off straight."""
    height, width = body.mask.shape
    lost = 0.17 * clouds(sheet.chance, width, 8, max(3.0, 0.35 * size), 3)[4]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return body._replace(mask=body.mask * np.clip((1.02 - lost - down) / 0.05, 0, 1))


def _worn(corners: Floats) -> Floats:
    """The same line with its corners cut, as water and frost do (Chaikin)."""
    before, after = corners[:-1], corners[1:]
    cut = np.stack([0.8 * before + 0.2 * after, 0.2 * before + 0.8 * after], axis=1).reshape(-1, 2)
    return np.concatenate([corners[:1], cut[1:-1], corners[-1:]])


def _points(*lines: Floats) -> Points:
    return [(float(x), float(y)) for line in lines for x, y in line]


def _darkness(body: Tile, fold: Floats, tone: float) -> Plane:
    """How much ink each place is given: the light comes from the upper left, and turns away at the fold."""
    height, width = body.mask.shape
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    rows = np.arange(height) + body.y
    turn = np.interp(rows, fold[:, 1], fold[:, 0])[:, None] - body.x
    away = np.clip((np.arange(width)[None, :] - turn) / (0.06 * width) + 0.5, 0, 1)
    return np.asarray(np.clip(0.75 * tone + 0.55 * down**1.6 + (0.52 - 0.2 * down) * away, 0, 1), dtype=np.float32)


def _scumble(sheet: Sheet, dark: Plane, size: float) -> Plane:
    """Axe-cut texture (fuheki-shun): a dry brush dragged down the stone catches the more of its grain the darker it is."""
    height, width = dark.shape
    grain = clouds(sheet.chance, width + height, height, max(3.0, 0.24 * size), 5, stretched=0.4)
    slanted = np.arange(width)[None, :] + (np.arange(height)[:, None] * 0.45).astype(int)
    return np.asarray(np.clip((dark - 0.12 - grain[np.arange(height)[:, None], slanted]) * 3.2 + 0.25, 0, 1), dtype=np.float32)


def _contour(sheet: Sheet, crown: Floats, size: float, *, snowy: bool) -> None:
    """A line from the head down either shoulder, thin in the light and broad in the shade; fine over snow."""
    width, half = max(0.1 * size, 0.4 * sheet.unit), len(crown) // 2
    ink = Brush(width * (0.45 if snowy else 1.0), INK, 0.55 if snowy else 0.92, 0.45, 0.15, 0.35, 0.6)
    sweep(sheet, np.stack([crown[: half + 1][::-1], crown[half - 1 :]]), ink, (0.65, 1.1))


def _snow(sheet: Sheet, body: Tile, size: float) -> None:
    """It lies on the crown as deep as a hand, its lower edge uneven."""
    height, width = body.mask.shape
    first = np.argmax(body.mask > 0.5, axis=0).astype(np.float32)
    deep = 0.22 * size * (0.5 + clouds(sheet.chance, width, 8, 0.5 * size, 3)[4])
    down = np.arange(height, dtype=np.float32)[:, None] - first + 0.05 * size
    lies = np.clip((deep - down) / (0.05 * size + 0.5), 0, 1) * (body.mask > 0.02)
    sheet.cover(body._replace(mask=blur(lies.astype(np.float32), 0.1 * sheet.unit)), WHITE, 0.97)


def heap(sheet: Sheet, side: int, y: float, size: float) -> list[tuple[float, float, float]]:
    """Where a few rocks at the picture's corner stand and how high each is, in pixels, the nearest last.

    `side` -1 is the left, `y` a share of the height, `size` in units. The nearest runs out of the picture below.
    """
    edge, unit = 0 if side < 0 else sheet.width, size * sheet.unit
    places = ((1.0, -0.75, 0.66), (2.1, 0.1, 0.4), (0.1, 1.6, 1.05))
    return [(edge - side * out * unit, y * sheet.height + 0.3 * down * unit, share * unit) for out, down, share in places]
