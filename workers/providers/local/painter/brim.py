"""The mouth of what is turned: its lip, the wall within, and what it holds."""

import numpy as np
from PIL import Image, ImageDraw

from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.noise import Plane, clouds
from workers.providers.local.painter.palette import INK, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.turned import FINE, SEEN
from workers.providers.local.painter.washes import as_mask


def brim(sheet: Sheet, x: float, y: float, radius: float, inside: Colour, filling: Colour | None, down: float) -> None:
    """The mouth of a vessel, its middle at (x, y): the lip, the wall within, and what is `down` pixels below the lip."""
    lip = max(0.055 * radius, 0.3 * sheet.unit)
    within = _ellipse(x, y, radius - lip)
    sheet.cover(_ellipse(x, y, radius), mixed(inside, WHITE, 0.35))
    across = (np.arange(within.mask.shape[1]) + within.x - x) / radius
    sheet.cover(within, inside)
    shade = (within.mask * np.clip(0.55 - 0.6 * across, 0, 1)).astype(np.float32)
    # An empty dish is shallow: little of it is in its own shadow.
    sheet.wash(within._replace(mask=shade), INK, 0.35 if filling is None else 0.85)
    if filling is not None:
        _filling(sheet, x, y + down, radius - lip, within, filling)
    rim(sheet, x, y, radius)


def rim(sheet: Sheet, x: float, y: float, radius: float) -> None:
    """The lip alone, in one turn of the brush, with light on its near edge."""
    lip = max(0.055 * radius, 0.3 * sheet.unit)
    turn = np.linspace(-0.15, 2 * np.pi + 0.1, 40)
    ring = np.stack([x + radius * np.cos(turn), y + SEEN * radius * np.sin(turn)], axis=1)
    sweep(sheet, ring[None], Brush(0.5 * lip, INK, 0.75, 0.45, 0.05, 0.3, 0.6))
    front = np.linspace(0.75 * np.pi, 0.35 * np.pi, 12)
    edge = np.stack([x + (radius - 0.4 * lip) * np.cos(front), y + SEEN * (radius - 0.4 * lip) * np.sin(front)], axis=1)
    sweep(sheet, edge[None], Brush(0.6 * lip, WHITE, 0.7, 0.4, 0.3, 0.4, 0.4), opaque=True)


def _filling(sheet: Sheet, x: float, y: float, radius: float, within: Tile, colour: Colour) -> None:
    """Level, darker at its rim, with a gleam of sky on it; seen only through the mouth."""
    level = _ellipse(x, y, radius)
    mask = _clipped(level, within)
    height, width = mask.shape
    sheet.cover(Tile(level.x, level.y, mask), colour)
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    rim = np.clip(np.hypot(rows, columns) - 0.55, 0, 1) * 1.6
    sheet.wash(Tile(level.x, level.y, (mask * rim).astype(np.float32)), mixed(colour, INK, 0.6), 0.75)
    gleam = np.exp(-(((columns + 0.28) / 0.34) ** 2) - ((rows + 0.05) / 0.3) ** 2)
    broken = np.clip((clouds(sheet.chance, width, height, 0.3 * width, 4, 2.5) - 0.35) * 3, 0, 1)
    sheet.cover(Tile(level.x, level.y, (mask * gleam * broken).astype(np.float32)), mixed(colour, WHITE, 0.7), 0.7)


def _clipped(tile: Tile, within: Tile) -> Plane:
    """What of a tile lies in another."""
    mask = np.zeros_like(tile.mask)
    top, left = within.y - tile.y, within.x - tile.x
    height, width = mask.shape
    rows, columns = (
        slice(max(0, top), min(height, top + within.mask.shape[0])),
        slice(max(0, left), min(width, left + within.mask.shape[1])),
    )
    mask[rows, columns] = within.mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    return tile.mask * mask


def _ellipse(x: float, y: float, radius: float) -> Tile:
    left, top = int(x - radius) - 2, int(y - SEEN * radius) - 2
    size = (int(2 * radius) + 6, int(2 * SEEN * radius) + 6)
    image = Image.new("L", (size[0] * FINE, size[1] * FINE))
    box = (x - left - radius, y - top - SEEN * radius, x - left + radius, y - top + SEEN * radius)
    ImageDraw.Draw(image).ellipse([FINE * corner for corner in box], fill=255)
    return Tile(left, top, as_mask(image.reduce(FINE)))
