"""The foot of a trunk; `trunk` is its line from there up, `wide` its width, in pixels."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Floats, sweep
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.washes import shape

UNDER_BARK: Colour = (0.42, 0.41, 0.41)
"""What bark is laid on, so that no hill shows through it."""

_FLARE = ((0.3, 1.5), (0.44, 1.0), (0.66, 0.5), (1.15, 0.02), (1.3, -0.14), (0.6, -0.16), (0.2, -0.34))
"""The right side of a swelling foot, from the trunk down: out and up, in widths of the trunk."""


def toes(sheet: Sheet, trunk: Floats, wide: float, ink: Colour) -> None:
    """Where a trunk takes hold: two toes that run out over the ground."""
    foot = trunk[0]
    up = (trunk[1] - foot) / np.linalg.norm(trunk[1] - foot)
    run = np.array(
        [[1.7 * up + np.array((side * 0.15, 0)), 0.4 * up + np.array((side * 0.4, 0)), (side * 1.2, 0.25)] for side in (-1, 1)]
    )
    curves = foot + run * wide * sheet.chance.uniform(0.85, 1.15, (2, 1, 1))
    sweep(sheet, curves, Brush(0.7 * wide, ink, 0.85, 0.3, 0.7, 0.6, 0.3))


def flare(sheet: Sheet, trunk: Floats, wide: float, ink: Colour) -> None:
    """It is wood all through: between two toes alone one would see the ground."""
    foot, way, right = trunk[0], trunk[1] - trunk[0], np.array(_FLARE)
    outline = np.concatenate([right, (right * (-1, 1))[::-1]]) * sheet.chance.uniform(0.9, 1.1, (2 * len(right), 1))
    leaning = outline[:, 1:].clip(0) * np.clip(way[0] / max(-way[1], 1.0), -0.35, 0.35)
    at = foot + np.hstack([outline[:, :1] + leaning, -outline[:, 1:]]) * wide
    body = shape([(float(x), float(y)) for x, y in at], soft=0.06 * wide)
    sheet.cover(body, UNDER_BARK)
    sheet.wash(sheet.granulate(body, 0.3), ink, 0.8)
