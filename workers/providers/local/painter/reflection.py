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
    depth = len(above)
    down = np.arange(depth, dtype=np.float32) / depth
    shift = ridge(sheet.chance, depth, 3 * sheet.unit, 3) * (still + down) * sway * sheet.unit
    places = np.arange(above.shape[1], dtype=np.float32) + shift[:, None]
    left = np.floor(places).astype(np.int32)
    part, last = (places - left)[..., None], above.shape[1] - 1
    # The further down, the longer each ripple draws everything out: points are lost, outlines soft.
    reach = ((0.15 + 1.1 * down) * sheet.unit).round().astype(np.int32)
    hanging = np.zeros_like(above)
    for tap in (-1.0, -0.4, 0.0, 0.4, 1.0):
        rows = np.clip(depth - 1 - np.arange(depth) + (tap * reach).astype(np.int32), 0, depth - 1)[:, None]
        hanging += (1 - part) * above[rows, left.clip(0, last)] + part * above[rows, (left + 1).clip(0, last)]
    return np.asarray(hanging / 5, dtype=np.float32)


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
    changed = sheet.rgb - before
    floor = _floor(changed, line, int(0.1 * height) + 1, sunk)
    if floor is None:
        return
    rows = np.arange(depth, dtype=np.int32)
    bend = np.full(sheet.width, line - 1, dtype=np.int32)
    bend[floor.left : floor.right] = floor.rows
    # Each column is turned over at its own foot, or daylight would lie between a round hull and its double.
    above = changed[(bend - rows[::-1, None]).clip(0, sheet.height - 1), np.arange(sheet.width)]
    hanging = hung(sheet, above, 0.8, 0.1) * np.linspace(0.6, 0.0, depth, dtype=np.float32)[:, None, None]
    into = bend + 1 + rows[:, None]
    inside = into < sheet.height
    columns = np.broadcast_to(np.arange(sheet.width), into.shape)
    sheet.rgb[into[inside], columns[inside]] += hanging[inside]
    _waterline(sheet, floor)


def _floor(changed: Plane, line: int, up: int, down: int) -> Floor | None:
    """The lowest rows that are the thing itself, near the row `line`; smooth, as its hull is."""
    much = np.abs(changed[line - up : line + down]).max(axis=2)
    about = much > max(_SEEN, 0.4 * float(np.quantile(much, 0.98)))
    there = np.flatnonzero(about.any(axis=0))
    if len(there) < 3:
        return None
    left, right = int(there[0]), int(there[-1]) + 1
    lowest = np.where(about.any(axis=0), len(about) - 1 - about[::-1].argmax(axis=0), len(about) - down)[left:right]
    reach = max(1, (right - left) // 24)
    padded = np.pad(lowest.astype(np.float32), reach, mode="edge")
    smooth = np.convolve(padded, np.full(2 * reach + 1, 1 / (2 * reach + 1)), "valid")
    return Floor(left, (line - up + smooth).round().astype(np.int32).astype(np.float32))


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
