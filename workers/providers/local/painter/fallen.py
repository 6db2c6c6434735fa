"""Leaves that lie on the ground."""

import numpy as np

from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.stage import Stage

_COLOURS = ((60, "brown"), (50, "rust"), (40, "ochre"), (22, "red"))
"""How many of each."""

_DRIFTS = 7


def fallen(stage: Stage) -> None:
    """Flat as the ground is seen: thick about a few places, smaller further off."""
    sheet, chance, top = stage.sheet, stage.sheet.chance, stage.middle + 0.02
    for count, colour in _COLOURS:
        drift = chance.integers(0, _DRIFTS, count)
        down = np.clip(np.linspace(0.03, 0.95, _DRIFTS)[drift] + chance.normal(0, 0.05, count), 0.0, 1.0)
        across = chance.uniform(0, 1, _DRIFTS)[drift] + chance.normal(0, 0.13, count)
        spots = np.stack([across * sheet.width, (top + (1 - top) * down) * sheet.height], axis=1)
        size = (0.45 + 1.15 * down) * sheet.unit * chance.uniform(0.7, 1.2, count)
        turn = chance.uniform(0, 2 * np.pi, count)
        way = np.stack([np.cos(turn), 0.35 * np.sin(turn)], axis=1) * size[:, None]
        blades = np.stack([spots - way, spots + (0, 0.05) * size[:, None], spots + way], axis=1)
        touch = Brush(0.85 * sheet.unit, PIGMENTS[colour], 1, 0.05, 0.5, 0.6, 0.15)
        sweep(sheet, blades, touch, 0.75 * size / sheet.unit, opaque=True)
