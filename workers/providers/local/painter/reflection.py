"""What hangs in still water below whatever stands over it: joined to it, blurred and broken by the ripples, lost further down."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.noise import Plane, ridge
from workers.providers.local.painter.palette import WHITE
from workers.providers.local.painter.sheet import Colour, Sheet, Tile

_SEEN = 0.06
"""How much a colour has to change at least to be the floating thing and not the air about it."""

_DARK: Colour = (0.10, 0.11, 0.15)


def hung(sheet: Sheet, above: Plane, sway: float, still: float) -> Plane:
    """`above` upside down, its lowest row first: swung aside by `sway` units, at the waterline only by its share `still`."""
    depth, last = len(above), above.shape[1] - 1
    down = np.arange(depth, dtype=np.float32) / depth
    shift = _rounded(ridge(sheet.chance, depth, 3 * sheet.unit, 3), sheet.unit) * (still + down) * sway * sheet.unit
    # The further down, the longer each ripple draws everything out: points are lost, outlines soft.
    reach = ((0.15 + 1.1 * down) * sheet.unit).round().astype(np.int32)
    hanging = np.zeros_like(above)
    for tap in (-1.0, -0.35, 0.35, 1.0):
        columns = np.arange(last + 1) + ((1 + 0.3 * tap) * shift).round().astype(np.int32)[:, None]
        rows = np.clip(depth - 1 - np.arange(depth) + (tap * reach).astype(np.int32), 0, depth - 1)[:, None]
        hanging += above[rows, columns.clip(0, last)]
    return np.asarray(hanging / 4, dtype=np.float32)


def _rounded(line: Plane, unit: float) -> Plane:
    """Without its corners: water has none."""
    bell = np.hanning(2 * int(unit) + 3)[1:-1]
    padded = np.pad(line, len(bell) // 2, mode="edge")
    return np.asarray(np.convolve(padded, bell / bell.sum(), "valid"), dtype=np.float32)


class Floor(Struct, frozen=True):
    """Where a thing meets the water: a row for each of its columns, the first of which is `left`; all in pixels."""

    left: int
    rows: Plane

    @property
    def right(self) -> int:
        return self.left + len(self.rows)


def reflect(sheet: Sheet, before: Plane, y: float, height: float) -> None:
    """`before` is the sheet as it was; what has changed about the row `y`, `height` high, hangs below it; all in pixels."""
    line, sunk = int(y), int(0.05 * height) + 1
    depth = min(int(height), sheet.height - line, line)
    if depth < 2 * sunk:
        return
    top, up = line - depth, int(0.1 * height) + 1
    near = slice(line - up, line + sunk)
    floor = _floor(sheet.rgb[near] - before[near], line - up, sunk)
    if floor is None:
        return
    # Nothing of it hangs wider than it is high.
    left, right = max(0, floor.left - int(height)), min(sheet.width, floor.right + int(height))
    rows, columns = np.arange(depth, dtype=np.int32)[:, None], np.arange(right - left)
    changed = sheet.rgb[top : line + sunk, left:right] - before[top : line + sunk, left:right]
    bend = np.full(right - left, depth - 1, dtype=np.int32)
    bend[floor.left - left : floor.right - left] = floor.rows - top
    # Each column is turned over at its own foot, or daylight would lie between a round hull and its double.
    above = changed[(bend - rows[::-1]).clip(0, len(changed) - 1), columns]
    hanging = hung(sheet, above, 0.8, 0.1) * np.linspace(0.6, 0.0, depth, dtype=np.float32)[:, None, None]
    into = top + bend + 1 + rows
    inside = into < sheet.height
    sheet.rgb[into[inside], np.broadcast_to(left + columns, into.shape)[inside]] += hanging[inside]
    _waterline(sheet, floor)


def _floor(changed: Plane, first: int, down: int) -> Floor | None:
    """The lowest rows of `changed` that are the thing itself, `first` being its first; smooth, as its hull is."""
    much = np.abs(changed).max(axis=2)
    about = much > max(_SEEN, 0.4 * float(np.quantile(much, 0.98)))
    there = np.flatnonzero(about.any(axis=0))
    if len(there) < 3:
        return None
    left, right = int(there[0]), int(there[-1]) + 1
    lowest = np.where(about.any(axis=0), len(about) - 1 - about[::-1].argmax(axis=0), len(about) - down)[left:right]
    reach = max(1, (right - left) // 24)
    padded = np.pad(lowest.astype(np.float32), reach, mode="edge")
    smooth = np.convolve(padded, np.full(2 * reach + 1, 1 / (2 * reach + 1)), "valid")
    return Floor(left, (first + smooth).round().astype(np.int32).astype(np.float32))


def _waterline(sheet: Sheet, floor: Floor) -> None:
    """The dark where it lies in the water, and the two or three ripples it makes there."""
    top, unit = int(floor.rows.min()) - 2, sheet.unit
    rows = np.arange(top, int(floor.rows.max() + 1.2 * unit) + 2, dtype=np.float32)[:, None]
    deep = rows - floor.rows
    ends = np.clip(np.minimum(np.arange(len(floor.rows)), np.arange(len(floor.rows))[::-1]) / (0.8 * unit), 0, 1)
    dark = ends * np.clip(deep + 1, 0, 1) * np.exp(-np.clip(deep, 0, None) / (0.35 * unit))
    sheet.wash(Tile(floor.left, top, dark.astype(np.float32)), _DARK, 0.55)
    wide, middle = floor.right - floor.left, (floor.left + floor.right) / 2
    aside, long = sheet.chance.uniform(-0.5, 0.5, 4) * wide, sheet.chance.uniform(0.12, 0.3, 4) * wide
    y = float(floor.rows.max()) + sheet.chance.uniform(0.4, 1.3, 4) * unit
    shares = np.linspace(-1, 1, 5)
    threads = np.stack([middle + aside[:, None] + long[:, None] * shares, np.broadcast_to(y[:, None], (4, 5))], axis=2)
    sweep(sheet, threads, Brush(0.35 * unit, WHITE, 0.4, 0.5, 0.4, 0.5, 0.5), opaque=True)
