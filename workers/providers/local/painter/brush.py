"""The brush: strokes as wet, ragged, drying ribbons of ink, many in one sweep."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.sheet import Colour, Sheet, Tile

Curves = npt.NDArray[np.float64]
"""Strokes by points by (x, y), in pixels; every stroke of one sweep has equally many points."""

Points = Sequence[tuple[float, float]]

_FINE = 2
"""Strokes are laid down on a grid this many times finer than the picture."""


class Brush(Struct, frozen=True):
    """`width` in pixels; `dry` from 0 (dripping) to 1 (kasure); `tip` and `tail` are the shares of the way it swells and lifts."""

    width: float
    ink: Colour
    strength: float = 0.9
    dry: float = 0.15
    tip: float = 0.12
    tail: float = 0.25
    ragged: float = 0.12


def stroke(sheet: Sheet, points: Points, brush: Brush) -> None:
    """One stroke through `points`, in pixels."""
    sweep(sheet, np.array([points], dtype=np.float64), brush)


def sweep(
    sheet: Sheet, curves: Curves, brush: Brush, widths: npt.ArrayLike = 1.0, tones: npt.ArrayLike = 1.0, *, opaque: bool = False
) -> None:
    """Many strokes at once; `widths` and `tones` are each stroke's share of the brush's own."""
    if not len(curves):
        return
    tile = ribbons(sheet, curves, brush, np.broadcast_to(widths, len(curves)), np.broadcast_to(tones, len(curves)))
    (sheet.cover if opaque else sheet.wash)(tile, brush.ink, brush.strength)


def ribbons(sheet: Sheet, curves: Curves, brush: Brush, widths: npt.NDArray[np.float64], tones: npt.NDArray[np.float64]) -> Tile:
    """The mask that `sweep` lays down."""
    count = len(curves)
    longest = np.abs(np.diff(curves, axis=1)).sum(axis=(1, 2)).max()
    steps = int(np.clip(longest * _FINE * 0.9, 8, 3000))
    across = int(np.clip(brush.width * widths.max() * _FINE * 1.25, 3, 600))
    centre = smooth(curves, steps)
    forward = np.gradient(centre, axis=1)
    forward /= np.linalg.norm(forward, axis=2, keepdims=True) + 1e-9
    way = np.linspace(0, 1, steps, dtype=np.float32)
    rows = sheet.chance.integers(0, 256, (count, 1))
    along = (np.arange(steps) * 0.5 + sheet.chance.integers(0, 1024, (count, 1))).astype(np.int64)
    pressure = _pressure(way, brush) * (1 + brush.ragged * 2 * (sheet.bristles[rows, (along // 3) % 1024] - 0.5))
    half = brush.width / 2 * widths[:, None] * pressure
    side = np.linspace(-1, 1, across, dtype=np.float32)
    offset = half[:, :, None] * side
    x = centre[:, :, 0, None] - forward[:, :, 1, None] * offset
    y = centre[:, :, 1, None] + forward[:, :, 0, None] * offset
    lanes = ((side + 1) / 2 * min(250, max(4, brush.width * 1.6))).astype(np.int64)
    hair = sheet.bristles[(rows[:, :, None] + lanes) % 256, along[:, :, None] % 1024]
    return _settle(x, y, _ink(hair, way[None, :, None], side, brush.dry) * tones[:, None, None].astype(np.float32))


def _pressure(way: Plane, brush: Brush) -> Plane:
    swell = np.clip(way / max(brush.tip, 1e-3), 0, 1)
    lift = np.clip((1 - way) / max(brush.tail, 1e-3), 0, 1)
    return np.asarray((0.25 + 0.75 * np.sqrt(swell)) * (0.08 + 0.92 * lift**0.8), dtype=np.float32)


def _ink(hair: Plane, way: Plane, side: Plane, dry: float) -> Plane:
    """Ink pools at the ribbon's edges and runs out along the way, hair by hair."""
    thirst = dry * (0.35 + 0.75 * way) + dry * 0.25 * np.abs(side) - 0.12
    flow = np.clip((hair - thirst) / 0.16, 0, 1)
    pooled = 0.8 + 0.2 * np.abs(side) ** 3
    return np.asarray(flow * pooled * (0.84 + 0.32 * (hair - 0.5)), dtype=np.float32)


def _settle(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], ink: Plane) -> Tile:
    left, top = int(np.floor(x.min())) - 1, int(np.floor(y.min())) - 1
    width, height = int(x.max()) - left + 2, int(y.max()) - top + 2
    grid = np.zeros(width * height * _FINE**2, dtype=np.float32)
    at = ((y - top) * _FINE).astype(np.int64) * (width * _FINE) + ((x - left) * _FINE).astype(np.int64)
    grid[at] = np.maximum(grid[at], ink)
    mask = grid.reshape(height, _FINE, width, _FINE).mean(axis=(1, 3))
    return Tile(left, top, mask)


def smooth(curves: Curves, steps: int) -> Curves:
    """Catmull and Rom's spline through the points, `steps` samples of each stroke."""
    padded = np.concatenate([2 * curves[:, :1] - curves[:, 1:2], curves, 2 * curves[:, -1:] - curves[:, -2:-1]], axis=1)
    place = np.linspace(0, curves.shape[1] - 1, steps)
    first = np.minimum(place.astype(np.int64), curves.shape[1] - 2)
    t = (place - first)[:, None]
    a, b, c, d = (padded[:, first + shift] for shift in range(4))
    return np.asarray(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
