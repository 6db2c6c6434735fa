"""Flowers all over a field: touches of colour far off, open blooms on their stems before the viewer."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour
from workers.providers.local.painter.stage import Stage

_FAR, _NEAR = 420, 70
"""How many of each there are."""

_DRIFTS = 16


_PETALS: dict[str, Colour] = {
    "red": PIGMENTS["red"],
    "blue": PIGMENTS["blue"],
    "white": (0.93, 0.93, 0.90),
    "yellow": PIGMENTS["gold"],
}


def blooms(stage: Stage, top: float) -> None:
    """From `top`, a share of the height, to where the clumps in front stand: in drifts, smaller the further off; pink if
    no colour is told."""
    colour = next((petal for name, petal in _PETALS.items() if name in stage.view.words), PIGMENTS["pink"])
    _touches(stage, top, colour)
    _open(stage, top, colour)


def _touches(stage: Stage, top: float, colour: Colour) -> None:
    sheet, chance = stage.sheet, stage.sheet.chance
    drift = chance.integers(0, _DRIFTS, _FAR)
    down = np.clip(chance.uniform(0.0, 0.75, _DRIFTS)[drift] ** 1.2 + chance.normal(0, 0.035, _FAR), 0.0, 0.85)
    x = chance.uniform(-0.05, 1.05, _DRIFTS)[drift] + chance.normal(0, 0.13, _FAR)
    spots = np.stack([x * sheet.width, (top + (1 - top) * down) * sheet.height], axis=1)
    sizes = (0.5 + 1.5 * down) * sheet.unit * chance.uniform(0.6, 1.2, _FAR)
    width = float(sizes.max())
    touch = Brush(width, mixed(colour, WHITE, 0.25), 0.95, 0.1, 0.5, 0.5, 0.3)
    stalks = np.stack([spots, spots + np.stack([np.zeros(_FAR), 1.5 * sizes], axis=1)], axis=1)
    sweep(sheet, stalks, Brush(0.3 * sheet.unit, PIGMENTS["moss"], 0.5, 0.4, 0.1, 0.6), 1.0, 0.3 + 0.7 * down)
    sweep(sheet, dabs(spots, 0.55 * width, 0.0), touch, sizes / width, chance.uniform(0.6, 1, _FAR), opaque=True)
    sweep(sheet, dabs(spots, 0.2 * width, 0.1 * width), Brush(0.4 * width, colour, 0.7, 0.2, 0.4, 0.5), sizes / width)


def _open(stage: Stage, top: float, colour: Colour) -> None:
    sheet, chance = stage.sheet, stage.sheet.chance
    down = np.sort(chance.uniform(0.5, 1.0, _NEAR))
    x = chance.uniform(-0.02, 1.02, _NEAR)
    root = np.stack([x * sheet.width, (top + (1 - top) * down) * sheet.height + 3 * sheet.unit], axis=1)
    rise = (2.5 + 8 * (down - 0.5)) * sheet.unit * chance.uniform(0.7, 1.3, _NEAR)
    bend = stage.lean * rise * chance.uniform(0.0, 0.4, _NEAR)
    shares = np.array((0.0, 0.5, 1.0))
    stems = np.stack([root[:, :1] + bend[:, None] * shares**2, root[:, 1:] - rise[:, None] * shares], axis=2)
    sweep(sheet, stems, Brush(0.36 * sheet.unit, PIGMENTS["moss"], 0.85, 0.25, 0.1, 0.3))
    for first, last, size in ((0, 35, 1.15), (35, _NEAR, 1.75)):
        trees.blossoms(sheet, stems[first:last, 2], size * sheet.unit, colour, PIGMENTS["ochre"])
