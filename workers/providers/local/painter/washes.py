"""Washes: shapes filled with wet ink that pools at the edge, bleeds or fades into mist."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from workers.providers.local.painter.brush import Floats, Points, smooth
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.sheet import Sheet, Tile

_FINE = 2


def shape(points: Points, *, soft: float = 0.0, straight: bool = False) -> Tile:
    """A closed outline, filled; `soft` is how far its edge bleeds, in pixels."""
    outline = np.array(points, dtype=np.float64) if straight else _closed(points)
    margin = int(soft * 2.5) + 2
    left, top = (int(low) - margin for low in np.floor(outline.min(axis=0)))
    width, height = int(outline[:, 0].max()) - left + margin + 1, int(outline[:, 1].max()) - top + margin + 1
    image = Image.new("L", (width * _FINE, height * _FINE))
    corners = [(float(x), float(y)) for x, y in (outline - (left, top)) * _FINE]
    ImageDraw.Draw(image).polygon(corners, fill=255)
    return Tile(left, top, blur(as_mask(image.reduce(_FINE)), soft))


def as_mask(image: Image.Image) -> Plane:
    """White is 1."""
    return np.asarray(np.asarray(image, dtype=np.float32) / np.float32(255), dtype=np.float32)


def disc(x: float, y: float, radius: float, soft: float = 0.7) -> Tile:
    """A round; `soft` is the width of its edge in pixels."""
    margin = int(radius + soft * 3) + 2
    left, top = int(x) - margin, int(y) - margin
    rows, columns = np.ogrid[: 2 * margin, : 2 * margin]
    away = np.hypot(columns + left - x, rows + top - y)
    return Tile(left, top, np.clip((radius - away) / max(soft, 0.1) + 0.5, 0, 1).astype(np.float32))


def blur(mask: Plane, radius: float) -> Plane:
    """Wide blurs are made small first: they cost nothing then, and no one can tell."""
    if radius < 0.3:
        return mask
    height, width = mask.shape
    shrink = max(1, int(radius / 3))
    image = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8))
    small = image.resize((max(1, width // shrink), max(1, height // shrink)), Image.Resampling.BOX)
    blurred = small.filter(ImageFilter.GaussianBlur(radius / shrink))
    back = Image.fromarray(np.asarray(blurred, dtype=np.float32) / 255)
    return np.asarray(back.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def pooled(sheet: Sheet, tile: Tile, edge: float = 0.35, width: float | None = None) -> Tile:
    """A wash that dried: darker along its rim, paler and uneven inside."""
    inner = blur(tile.mask, width or sheet.unit * 0.9)
    rim = tile.mask * np.clip(1.6 * (1 - inner), 0, 1)
    return sheet.granulate(Tile(tile.x, tile.y, tile.mask * (1 - edge) + rim * edge), 0.32)


def graded(tile: Tile, top: float, bottom: float) -> Tile:
    """Ink runs down a wet wash: `top` and `bottom` are what its first and last row keep."""
    down = np.linspace(top, bottom, tile.mask.shape[0], dtype=np.float32)[:, None]
    return tile._replace(mask=np.clip(tile.mask * down, 0, 1).astype(np.float32))


def _closed(points: Points) -> Floats:
    looped = np.array([[*points[-1:], *points, *points[:2]]], dtype=np.float64)
    steps = 12 * (looped.shape[1] - 1) + 1
    return np.asarray(smooth(looped, steps)[0, 12:-12])
