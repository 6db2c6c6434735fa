"""Trees so far away that they are only dots: groves along a shore, bushes about a house."""

import numpy as np

from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.palette import WHITE, Light
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.washes import blur, disc

_DOTS = 26
"""Touches of the brush a tree."""


def grove(
    sheet: Sheet, light: Light, span: tuple[float, float], y: float, height: float, tone: float, *, snowy: bool = False
) -> None:
    """Conifers of horizontal dots (Mi Fu's), their feet in mist; `span` and `y` are shares, `height` is in units."""
    count = max(4, int((span[1] - span[0]) * 46 * 7 / max(height, 4)))
    clumps = sheet.chance.normal(0, 0.3, count) * np.sin(np.linspace(0, 9, count))
    x = np.sort(sheet.chance.uniform(*span, count)) * sheet.width
    tall = height * sheet.unit * np.clip(0.65 + clumps + sheet.chance.normal(0, 0.18, count), 0.25, 1.35)
    foot = y * sheet.height + sheet.chance.normal(0, 0.5 * sheet.unit, count)
    down = np.linspace(0, 1, _DOTS) ** 0.8
    spread = sheet.chance.uniform(-1, 1, (count, _DOTS)) * (0.05 + 0.26 * down) * tall[:, None]
    spots = np.stack([x[:, None] + spread, foot[:, None] - tall[:, None] * (1 - down)], axis=2).reshape(-1, 2)
    widths = np.repeat(tall / tall.max(), _DOTS)
    touch = Brush(0.1 * height * sheet.unit, light.dark_ink, 0.9 * tone, 0.2, 0.4, 0.5, 0.3)
    tones = (np.clip(1.1 - down**3 * 0.9, 0.1, 1) * sheet.chance.uniform(0.35, 1, (count, _DOTS))).ravel()
    sweep(sheet, _flat(spots - (0.1 * height * sheet.unit, 0), 0.2 * height * sheet.unit, sheet), touch, widths, tones)
    trunks = np.stack([np.stack([x, foot - tall * 1.02], 1), np.stack([x, foot - tall * 0.2], 1)], axis=1)
    sweep(sheet, trunks, Brush(0.05 * height * sheet.unit, light.dark_ink, 0.8 * tone, 0.4, 0.3, 0.5, 0.4))
    if snowy:
        caps = spots[::3] - (0, 0.06 * height * sheet.unit)
        sweep(
            sheet,
            _flat(caps, 0.1 * height * sheet.unit, sheet),
            Brush(0.09 * height * sheet.unit, WHITE, 0.85, 0.2, 0.4, 0.5),
            opaque=True,
        )


def _flat(
    spots: np.ndarray[tuple[int, int], np.dtype[np.float64]], length: float, sheet: Sheet
) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    return dabs(spots, length, sheet.chance.normal(0, 0.1 * length))


def bush(sheet: Sheet, light: Light, x: float, y: float, size: float) -> None:
    """A round of wet ink with dark touches in it; all in pixels."""
    round_ = disc(x, y - size * 0.35, size * 0.45, size * 0.55)
    sheet.wash(sheet.granulate(round_._replace(mask=blur(round_.mask, 0.3 * sheet.unit)), 0.7), light.dark_ink, 0.55)
    count = 46
    spots = np.stack([x + sheet.chance.normal(-0.1, 0.3, count) * size, y - np.abs(sheet.chance.normal(0, 0.4, count)) * size], 1)
    sweep(
        sheet,
        dabs(spots, 0.26 * size * sheet.chance.choice([-1, 1]), -0.14 * size),
        Brush(0.13 * size, light.dark_ink, 0.9, 0.2, 0.4, 0.5, 0.3),
        sheet.chance.uniform(0.4, 1.2, count),
        sheet.chance.uniform(0.3, 1, count),
    )
