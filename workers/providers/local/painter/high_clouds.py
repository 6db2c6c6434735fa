"""Clouds too thin for a body: a ceiling of small ones, streaks that trail on the wind; and what shade clouds lay on the land."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, Floats, ribbons
from workers.providers.local.painter.noise import Plane, clouds
from workers.providers.local.painter.palette import WHITE
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.washes import blur

_SHADE = (0.60, 0.63, 0.70)

_ROWS = 22
"""Of small clouds, between the top of the picture and their furthest."""

_NEAR, _FAR = 6.4, 1.3
"""How wide a small cloud is overhead and where they end, in units."""


def rippled(sheet: Sheet, floor: float) -> None:
    """A mackerel sky down to `floor`, a share of the height: small clouds side by side in rows, finer the further off."""
    flakes, widths = _flakes(sheet, floor)
    # The furthest first, in parts: one sweep takes as long for each of its strokes as for the widest.
    for part in np.array_split(np.arange(len(flakes))[::-1], 5):
        most = float(widths[part].max())
        brush = Brush(0.86 * most * _NEAR * sheet.unit, WHITE, 1, 0.1, 0.4, 0.5, 0.5)
        tile = ribbons(sheet, flakes[part], brush, widths[part] / most, np.ones(len(part)))
        body = blur(tile.mask, 0.5 * sheet.unit)
        sheet.cover(tile._replace(mask=np.clip(body * 1.25, 0, 1)), WHITE, 0.92)
        under = np.clip(body - np.roll(body, -int(0.8 * sheet.unit), axis=0), 0, 1)
        sheet.wash(tile._replace(mask=under), _SHADE, 0.6)


def _flakes(sheet: Sheet, floor: float) -> tuple[Curves, Floats]:
    """A short stroke for each, and how wide it is beside the nearest; bare sky is left between their sheets."""
    sizes = np.geomspace(_NEAR, _FAR, _ROWS) * sheet.unit
    heights = (np.cumsum(sizes) - 1.5 * sizes[0]) / sizes.sum() * floor * sheet.height
    thick = clouds(sheet.chance, sheet.width, int(floor * sheet.height) + 1, 26 * sheet.unit, 3, stretched=2.4)
    rows = [_row(sheet, size, height, thick) for size, height in zip(sizes, heights, strict=True)]
    return np.concatenate([row for row, _ in rows]), np.concatenate([shares for _, shares in rows]) / sizes[0]


def _row(sheet: Sheet, size: float, height: float, thick: Plane) -> tuple[Curves, Floats]:
    """Side by side across the picture, up and down a little, where the sheet of cloud is thick; how wide each is, in pixels."""
    chance = sheet.chance
    x = np.arange(-size, sheet.width + size, 1.2 * size)
    x = x + chance.normal(0, 0.24 * size, len(x))
    y = height + 0.9 * size * np.sin(x / (9 * size) + chance.uniform(0, 6)) + chance.normal(0, 0.16 * size, len(x))
    here = thick[np.clip(y, 0, len(thick) - 1).astype(int), np.clip(x, 0, sheet.width - 1).astype(int)]
    share = np.clip((here - 0.28) * 4, 0, 1) * chance.uniform(0.55, 1.15, len(x))
    long = 0.85 * size * chance.uniform(0.7, 1.3, len(x))
    strokes = np.stack([np.stack([x + way * long / 2, y + way * 0.08 * size], axis=1) for way in (-1, 0, 1)], axis=1)
    return strokes[share > 0.2], (share * size)[share > 0.2]


def trailing(sheet: Sheet, floor: float) -> None:
    """Long streaks that the wind has combed out, above `floor`, a share of the height."""
    height = int(floor * sheet.height)
    rows = np.arange(height, dtype=np.float32)[:, None]
    columns = np.arange(sheet.width, dtype=np.float32)
    combed = clouds(sheet.chance, sheet.width, 2 * height, 5 * sheet.unit, 4, stretched=14)
    sheets = clouds(sheet.chance, sheet.width, height, 24 * sheet.unit, 3, stretched=3)
    bend = 0.25 * height * (columns / sheet.width) ** 2
    at = np.clip(rows + bend, 0, 2 * height - 1).astype(int)
    body = np.clip((combed[at, columns.astype(int)] - 0.46) * 3, 0, 1) * np.clip((sheets - 0.42) * 4, 0, 1)
    body *= np.clip((1 - rows / height) * 4, 0, 1)
    sheet.cover(Tile(0, 0, body.astype(np.float32)), WHITE, 0.9)


def shade(sheet: Sheet, line: float) -> None:
    """What clouds lay on a plain that begins at `line`, a share of the height: broad flat patches, narrower further off."""
    top = int(line * sheet.height)
    small = clouds(sheet.chance, sheet.width, sheet.height - top, 20 * sheet.unit, 3, stretched=4.5)
    patches: Plane = np.clip((small - 0.52) * 4.5, 0, 1)
    patches *= np.clip((np.arange(sheet.height - top, dtype=np.float32) / (3 * sheet.unit)), 0, 1)[:, None]
    sheet.wash(Tile(0, top, patches.astype(np.float32)), (0.55, 0.62, 0.68), 0.5)
