"""The light about what stands in the dark."""

import numpy as np

from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.washes import disc


def moonlit(sheet: Sheet, x: float, y: float, reach: float) -> None:
    """Pale air behind whoever stands in the dark."""
    air = disc(x, y, reach * 0.4, reach * 1.4)
    sheet.cover(air._replace(mask=air.mask**2), PIGMENTS["pale"], 0.5)


def lamplight(sheet: Sheet, x: float, y: float, size: float) -> None:
    """What stands about a lantern at (x, y) is warm, the paler the more, and so is the ground at its foot; pixels."""
    for aside, down, far, flat in ((x, y - 0.6 * size, 2.3 * size, 1.0), (x, y, 1.1 * size, 0.3)):
        rows, columns = np.arange(sheet.height)[:, None], np.arange(sheet.width)
        near = np.clip(1 - np.hypot(columns - aside, (rows - down) / flat) / far, 0, 1)[..., None]
        sheet.rgb[:] = np.minimum(sheet.rgb * (1 + near**1.3 * (0.62, 0.34, 0.02)), 1.0)
