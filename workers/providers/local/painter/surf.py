"""The foot of a headland in the sea: its dark in the water, fallen rocks here and there, and foam about them."""

import numpy as np

from workers.providers.local.painter import rocks
from workers.providers.local.painter.brush import Brush, Floats, sweep
from workers.providers.local.painter.noise import ridge
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.sheet import Tile
from workers.providers.local.painter.stage import Stage


def surf(stage: Stage, tip: float, foot: float) -> None:
    """From its point, at `tip`, along its `foot`, both in pixels, to the sheet's edge."""
    left, right = (tip, float(stage.sheet.width)) if stage.lean < 0 else (0.0, tip)
    _dark(stage, left, right, foot)
    unit, chance = stage.sheet.unit, stage.sheet.chance
    fallen = chance.uniform(left, right, max(4, int((right - left) / (5 * unit))))
    for x in fallen:
        size = float(chance.uniform(0.6, 1.0) * chance.choice((0.9, 1.4, 2.4)))
        rocks.rock(stage.sheet, float(x), foot + (0.2 + 0.35 * size) * unit, size * unit, snowy=stage.snowy)
    _foam(stage, np.concatenate([fallen.repeat(2), chance.uniform(left, right, len(fallen))]), foot)


def _dark(stage: Stage, left: float, right: float, foot: float) -> None:
    """Of the rock in the water, its lower edge uneven, gone at both ends."""
    sheet, unit = stage.sheet, stage.sheet.unit
    columns, rows = np.arange(sheet.width, dtype=np.float32), np.arange(sheet.height, dtype=np.float32)[:, None]
    deep = foot + (1.4 + 1.3 * ridge(sheet.chance, sheet.width, 7 * unit, 5)) * unit
    under = np.clip((right - columns) / (3 * unit), 0, 1) * np.clip((columns - left) / (3 * unit), 0, 1)
    dark = under * np.clip((deep - rows) / (0.8 * unit), 0, 1) * np.clip((rows - foot) / unit + 1, 0, 1)
    sheet.wash(sheet.granulate(Tile(0, 0, dark.astype(np.float32)), 1.0), stage.light.dark_ink, 0.7)


def _foam(stage: Stage, places: Floats, foot: float) -> None:
    """Short threads of it about the `places`, in pixels."""
    sheet, unit, chance, count = stage.sheet, stage.sheet.unit, stage.sheet.chance, len(places)
    x, long = places + chance.normal(0, 1.6 * unit, count), chance.uniform(1.2, 4.5, count) * unit
    y, shares = foot + chance.uniform(0.5, 2.2, count) * unit, np.linspace(-1, 1, 5)
    lift = chance.normal(0, 0.18 * unit, (count, 5)) + 0.35 * unit * shares**2
    threads = np.stack([x[:, None] + long[:, None] * shares, y[:, None] + lift], axis=2)
    white = Brush(0.9 * unit, PIGMENTS["white"], 0.9, 0.5, 0.3, 0.5, 0.8)
    sweep(sheet, threads, white, chance.uniform(0.5, 1.3, count), opaque=True)
