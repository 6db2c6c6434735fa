"""An azalea clipped round, as gardens have."""

import numpy as np

from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import disc, shape


def clipped(stage: Stage, x: float, foot: float, half: float) -> None:
    """One dome of leaves, light above and dark below; all in pixels."""
    sheet, turn = stage.sheet, np.linspace(np.pi, 2 * np.pi, 9)
    rim = half * sheet.chance.uniform(0.93, 1.06, 9)
    dome = [(x + float(r * np.cos(a)), foot + 0.95 * float(r * np.sin(a))) for r, a in zip(rim, turn, strict=True)]
    # Below it is round as well: cut off straight it would float.
    below = [(x + share * half, foot + down * half) for share, down in ((0.8, 0.2), (0.35, 0.3), (-0.3, 0.28), (-0.78, 0.19))]
    shade = disc(x + 0.12 * half, foot + 0.2 * half, 0.8 * half, 0.5 * half)
    rows = np.abs(np.arange(len(shade.mask)) + shade.y - foot - 0.24 * half)[:, None] / (0.3 * half)
    sheet.wash(shade._replace(mask=(shade.mask * np.exp(-(rows**2))).astype(np.float32)), stage.light.dark_ink, 0.5)
    body = shape([*dome, *below], soft=0.15 * sheet.unit)
    green = mixed(PIGMENTS["moss"], stage.light.dark_ink, 0.2 + 0.4 * stage.light.dark)
    sheet.cover(sheet.granulate(body, 0.3), mixed(green, sheet.paper, 0.25))
    count = 90
    across, up = sheet.chance.uniform(-0.9, 0.9, count), sheet.chance.uniform(0, 1, count)
    spots = np.stack([x + across * half, foot + (0.22 - up * 1.12) * half * np.sqrt(1 - across**2)], axis=1)
    touch = Brush(0.16 * half, stage.light.dark_ink, 0.85, 0.2, 0.4, 0.5, 0.3)
    sweep(sheet, dabs(spots, 0.14 * half, -0.05 * half), touch, sheet.chance.uniform(0.4, 1, count), 1 - 0.75 * up)
    if stage.snowy:
        sheet.cover(disc(x - 0.1 * half, foot - 0.72 * half, 0.25 * half, 0.5 * half), WHITE, 0.9)
