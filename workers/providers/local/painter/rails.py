"""A railway across the picture: ballast, sleepers, two rails."""

import numpy as np

from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, mixed
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_FAR, _NEAR = 0.0, 2.3
"""Where the two rails lie below the far one, in units: seen from a little above."""


def track(stage: Stage, y: float) -> None:
    """From edge to edge; the far rail at `y`, in pixels."""
    sheet, unit, wide = stage.sheet, stage.sheet.unit, float(stage.sheet.width)
    bed = [(-9.0, y - unit), (wide + 9, y - unit), (wide + 9, y + 4.2 * unit), (-9.0, y + 4.2 * unit)]
    ballast = sheet.granulate(shape(bed, straight=True, soft=0.5 * unit), 0.5)
    sheet.cover(ballast, mixed(sheet.paper, stage.light.dark_ink, 0.3 + 0.3 * stage.light.dark), 0.85)
    places = np.arange(-2 * unit, wide + 2 * unit, 2.3 * unit)
    sleepers = dabs(np.stack([places, np.full_like(places, y - 0.5 * unit)], axis=1), 0.5 * unit, 3.5 * unit)
    wood = Brush(0.85 * unit, mixed(PIGMENTS["brown"], INK, 0.55), 0.85, 0.35, 0.05, 0.05, 0.3)
    sweep(sheet, sleepers, wood, sheet.chance.uniform(0.8, 1.1, len(places)), opaque=True)
    _iron(stage, y)


def _iron(stage: Stage, y: float) -> None:
    """Both rails unbroken, a thin shine along their heads."""
    sheet, unit = stage.sheet, stage.sheet.unit
    across = np.linspace(-3 * unit, sheet.width + 3 * unit, 5)
    for colour, lift, width in ((INK, 0.0, 0.55), (PIGMENTS["pale"], 0.22, 0.2)):
        lines = [np.stack([across, np.full_like(across, y + (down - lift) * unit)], axis=1) for down in (_FAR, _NEAR)]
        sweep(sheet, np.stack(lines), Brush(width * unit, colour, 0.95, 0.05, 0.01, 0.01, 0.1), (0.8, 1.1), opaque=True)
