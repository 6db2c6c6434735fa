"""The feet of hills that a river comes out between: each runs in from one side, nearer and darker than the one before it."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter import groves
from workers.providers.local.painter.bed import Bed
from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.noise import Plane, clouds, ridge
from workers.providers.local.painter.palette import WHITE, mixed
from workers.providers.local.painter.sheet import Tile
from workers.providers.local.painter.stage import Stage

_DISTANCES = (19.0, 11.0, 6.6)
"""How far off each ends at the water, as for `Bed`."""


class Spur(Struct, frozen=True):
    """`tip` is the column at which it ends, `foot` the row it stands on, in pixels; `side` is where it comes from."""

    tip: float
    foot: float
    side: int
    high: float
    tone: float


def spurs(stage: Stage, bed: Bed, half: float, high: float) -> None:
    """Three by turns from either side, over the river's far bends; `high` is the nearest's height in units."""
    sheet, first = stage.sheet, 1 if stage.sheet.chance.uniform() < 0.5 else -1
    for number, distance in enumerate(_DISTANCES):
        side = first if number % 2 == 0 else -first
        near = (number + 1) / len(_DISTANCES)
        row = float(bed.centre(np.array(distance))[1]) * sheet.height
        banks = bed.reach(sheet, half, row)
        # It hides a part of the water behind it: that is how one sees that the river comes from there.
        tip = banks[1] - 0.25 * (banks[1] - banks[0]) if side > 0 else banks[0] + 0.25 * (banks[1] - banks[0])
        tall = high * sheet.unit * (0.55 + 0.45 * near) * sheet.chance.uniform(0.85, 1.15)
        _spur(stage, Spur(tip, row, side, tall, 0.35 + 0.4 * near))


def _spur(stage: Stage, spur: Spur) -> None:
    sheet = stage.sheet
    out = (np.arange(sheet.width, dtype=np.float32) - spur.tip) * spur.side
    reach = sheet.chance.uniform(0.28, 0.5) * sheet.width
    back = np.clip(out / reach, 0, 1) ** 0.8
    rough = (1 + 0.34 * ridge(sheet.chance, sheet.width, 0.55 * reach, 6)).clip(0.3, None)
    high = np.where(out > 0, spur.high * back * rough + 0.3 * sheet.unit, 0).astype(np.float32)
    _body(stage, spur, high)
    _wooded(stage, spur, high)


def _body(stage: Stage, spur: Spur, high: Plane) -> None:
    """Dark along its back, its foot in the mist that lies over the plain."""
    sheet, unit = stage.sheet, stage.sheet.unit
    top = max(0, int(spur.foot - high.max()) - 1)
    rows = np.arange(top, int(spur.foot + 2 * unit), dtype=np.float32)[:, None]
    depth = rows - (spur.foot - high)
    solid = np.clip(depth + 0.5, 0, 1) * np.clip((spur.foot + 0.6 * unit - rows) / (1.1 * unit), 0, 1) * (high > 0)
    sheet.cover(Tile(0, top, solid.astype(np.float32)), mixed(sheet.paper, stage.light.ground, 0.5))
    wet = clouds(sheet.chance, sheet.width, len(rows), 9 * unit, 4)
    fading = np.exp(-np.clip(depth, 0, None) / (0.25 * unit + 0.6 * high.clip(unit, None)))
    ink = mixed(stage.light.ink, stage.light.dark_ink, 0.35 + 0.5 * spur.tone)
    dark = (solid * fading * (0.7 + 0.6 * wet)).clip(0, 1).astype(np.float32)
    sheet.wash(sheet.granulate(Tile(0, top, dark), 0.4), ink, spur.tone)
    if stage.snowy and not stage.thawing:
        deep = np.clip((0.4 * high + unit - depth) / unit, 0, 1) * solid * (0.4 + wet).clip(0, 1)
        sheet.cover(Tile(0, top, deep.astype(np.float32)), mixed(WHITE, stage.light.sky, 0.12), 0.8)


def _wooded(stage: Stage, spur: Spur, high: Plane) -> None:
    """Dots of wood along its back, thicker where it is high, and a few trees near its end."""
    sheet, unit, chance = stage.sheet, stage.sheet.unit, stage.sheet.chance
    here = np.flatnonzero(high > 0)
    if len(here) < 4 * unit:
        return
    at = here[chance.integers(0, len(here), int(2.2 * len(here) / unit))]
    down = chance.exponential(0.22, len(at)) * high[at]
    spots = np.stack([at, spur.foot - high[at] + down.clip(0, 0.8 * high[at])], axis=1).astype(np.float64)
    touch = Brush(0.8 * unit, stage.light.dark_ink, spur.tone, 0.15, 0.4, 0.5, 0.3)
    tones = chance.uniform(0.2, 0.9, len(at)) * np.exp(-down / (0.5 * high[at] + 1))
    sweep(sheet, dabs(spots, 1.0 * unit, -0.3 * unit), touch, chance.uniform(0.4, 1.3, len(at)), tones)
    start, end = sorted((spur.tip + spur.side * 3 * unit, spur.tip + spur.side * chance.uniform(9, 20) * unit))
    span = (max(0.0, start) / sheet.width, min(float(sheet.width), end) / sheet.width)
    if span[1] - span[0] > 0.03:
        trees, foot = groves.kind(sheet, stage.view.season), (spur.foot + 0.2 * unit) / sheet.height
        trees(sheet, stage.light, span, foot, 2.2 + 2.6 * spur.tone, spur.tone, snowy=stage.snowy)
