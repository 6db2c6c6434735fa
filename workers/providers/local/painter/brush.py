"""The brush: strokes as wet, ragged, drying ribbons of ink, many in one sweep."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.sheet import Colour, Sheet, Tile

Curves = npt.NDArray[np.float64]
"""Strokes by points by (x, y), in pixels; every stroke of one sweep has equally many points."""

Floats = npt.NDArray[np.float64]

Points = Sequence[tuple[float, float]]

_FINE = 2
"""Strokes are laid down on a grid this many times finer than the picture."""


class Brush(Struct, frozen=True):
    """`width` in pixels, `thin` what is left of it at the end; `dry` from 0 (dripping) to 1 (kasure).

    `tip` and `tail` are the shares of the way it swells and lifts.
    """

    width: float
    ink: Colour
    strength: float = 0.9
    dry: float = 0.15
    tip: float = 0.12
    tail: float = 0.25
    ragged: float = 0.12
    thin: float = 1.0


def stroke(sheet: Sheet, points: Points, brush: Brush) -> None:
    """One stroke through `points`, in pixels."""
    sweep(sheet, np.array([points], dtype=np.float64), brush)


def moved(places: Curves, x: float, y: float) -> Curves:
    """The same places or strokes, by so many pixels to the right and down."""
    return np.asarray(places + np.array((x, y)))


def along(line: Curves, places: Floats) -> Curves:
    """Points of a line at `places`: 0 is its first point, 1 its second, and so on."""
    at = np.arange(len(line))
    return np.stack([np.interp(places, at, line[:, axis]) for axis in (0, 1)], axis=1)


def dabs(spots: Curves, x: float, y: float) -> Curves:
    """A short stroke from each spot, by so many pixels to the right and down."""
    return np.stack([spots, moved(spots, x, y)], axis=1)


def sweep(
    sheet: Sheet, curves: Curves, brush: Brush, widths: npt.ArrayLike = 1.0, tones: npt.ArrayLike = 1.0, *, opaque: bool = False
) -> None:
    """Many strokes at once; `widths` and `tones` are each stroke's share of the brush's own."""
    if not len(curves):
        return
    tile = ribbons(sheet, curves, brush, _each(widths, curves), _each(tones, curves))
    (sheet.cover if opaque else sheet.wash)(tile, brush.ink, brush.strength)


def _each(shares: npt.ArrayLike, curves: Curves) -> Floats:
    return np.broadcast_to(np.asarray(shares, dtype=np.float64), len(curves))


def ribbons(sheet: Sheet, curves: Curves, brush: Brush, widths: Floats, tones: Floats) -> Tile:
    """The mask that `sweep` lays down."""
    count = len(curves)
    # More samples than grid cells, on the longest way between two points too, or bare cells show as a weave.
    longest = float(np.linalg.norm(np.diff(curves, axis=1), axis=2).max()) * (curves.shape[1] - 1)
    steps = int(np.clip(longest * _FINE * 1.35, 6, 4000))
    across = int(np.clip(brush.width * float(widths.max()) * _FINE * 1.4, 3, 800))
    centre = smooth(curves, steps).astype(np.float32)
    forward = np.gradient(centre, axis=1)
    forward /= np.linalg.norm(forward, axis=2, keepdims=True) + 1e-6
    way = np.linspace(0, 1, steps, dtype=np.float32)
    rows = sheet.chance.integers(0, 256, (count, 1), dtype=np.int32)
    along = np.arange(steps, dtype=np.int32) // 3 + sheet.chance.integers(0, 1024, (count, 1), dtype=np.int32)
    pressure = _pressure(way, brush) * (1 + brush.ragged * 2 * (sheet.bristles[rows, (along // 2) % 1024] - 0.5))
    half = (brush.width / 2 * widths[:, None] * pressure).astype(np.float32)
    side = np.linspace(-1, 1, across, dtype=np.float32)
    x = centre[:, :, 0, None] - (forward[:, :, 1] * half)[:, :, None] * side
    y = centre[:, :, 1, None] + (forward[:, :, 0] * half)[:, :, None] * side
    lanes = ((side + 1) / 2 * min(250, max(4, brush.width * 1.6))).astype(np.int32)
    hair = sheet.bristles[(rows[:, :, None] + lanes) % 256, along[:, :, None] % 1024]
    return _settle(x, y, _ink(hair, way[None, :, None], side, brush.dry) * tones[:, None, None].astype(np.float32))


def _pressure(way: Plane, brush: Brush) -> Plane:
    swell = np.clip(way / max(brush.tip, 1e-3), 0, 1)
    lift = np.clip((1 - way) / max(brush.tail, 1e-3), 0, 1)
    thinner = 1 + (brush.thin - 1) * way
    return np.asarray((0.25 + 0.75 * np.sqrt(swell)) * (0.08 + 0.92 * lift**0.8) * thinner, dtype=np.float32)


def _ink(hair: Plane, way: Plane, side: Plane, dry: float) -> Plane:
    """Ink pools at the ribbon's edges and runs out along the way, hair by hair."""
    thirst = dry * (0.35 + 0.75 * way) + dry * 0.25 * np.abs(side) - 0.12
    flow = np.clip((hair - thirst) * np.float32(1 / 0.16), 0, 1)
    flow *= 0.8 + 0.2 * np.abs(side) ** 3
    flow *= 0.68 + 0.32 * hair
    return np.asarray(flow, dtype=np.float32)


def _settle(x: Plane, y: Plane, ink: Plane) -> Tile:
    left, top = int(np.floor(x.min())) - 1, int(np.floor(y.min())) - 1
    width, height = int(x.max()) - left + 2, int(y.max()) - top + 2
    grid = np.zeros(width * height * _FINE**2, dtype=np.float32)
    at = ((y - top) * _FINE).astype(np.int32)
    at *= width * _FINE
    at += ((x - left) * _FINE).astype(np.int32)
    grid[at] = np.maximum(grid[at], ink)
    fine = grid.reshape(height, _FINE, width, _FINE)
    mask = (fine[:, 0, :, 0] + fine[:, 1, :, 0] + fine[:, 0, :, 1] + fine[:, 1, :, 1]) * np.float32(1 / _FINE**2)
    return Tile(left, top, mask)


def smooth(curves: Curves, steps: int) -> Curves:
    """Catmull and Rom's spline through the points, `steps` samples of each stroke."""
    padded = np.concatenate([2 * curves[:, :1] - curves[:, 1:2], curves, 2 * curves[:, -1:] - curves[:, -2:-1]], axis=1)
    place = np.linspace(0, curves.shape[1] - 1, steps)
    first = np.minimum(place.astype(np.int64), curves.shape[1] - 2)
    t = (place - first)[:, None]
    a, b, c, d = (padded[:, first + shift] for shift in range(4))
    return np.asarray(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
