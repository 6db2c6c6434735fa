"""What floats hangs in the water under it, blurred and broken by the ripples."""

import numpy as np

from workers.providers.local.painter.noise import Plane, ridge
from workers.providers.local.painter.sheet import Sheet


def reflect(sheet: Sheet, before: Plane, y: float, height: float) -> None:
    """`before` is the sheet as it was; what has changed above the row `y`, `height` high, is mirrored below it, in pixels."""
    line = int(y)
    depth = min(int(height), sheet.height - line, line)
    if depth < 2:
        return
    changed = (sheet.rgb - before)[line - depth : line][::-1]
    rows = np.arange(depth)
    shift = (ridge(sheet.chance, depth, 2 * sheet.unit, 3) * (0.2 + rows / depth) * 0.8 * sheet.unit).astype(np.int64)
    columns = (np.arange(sheet.width)[None, :] + shift[:, None]).clip(0, sheet.width - 1)
    hanging = changed[rows[:, None], columns]
    hanging = (hanging + np.roll(hanging, 1, axis=0) + np.roll(hanging, -1, axis=0)) / 3
    fading = np.linspace(0.6, 0.1, depth, dtype=np.float32)[:, None, None]
    sheet.rgb[line : line + depth] += fading * hanging
