"""Trees so far away that they are only dots: groves along a shore, bushes about a house."""

from typing import Protocol

import numpy as np

from core.contracts.haiku import Season
from workers.providers.local.painter.brush import Brush, Floats, dabs, sweep
from workers.providers.local.painter.palette import WHITE, Light
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.washes import blur, disc

_DOTS = 26
"""Touches of the brush a tree."""

_LEAF = 1.1
"""The longest touch of leaves, in units: on a tree behind a house a longer one would be a disc."""


class Grove(Protocol):
    """Trees side by side; `span` and `y` are shares, `height` is in units."""

    def __call__(
        self, sheet: Sheet, light: Light, span: tuple[float, float], y: float, height: float, tone: float, *, snowy: bool = False
    ) -> None: ...


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
        _capped(sheet, spots, height)


def _stand(sheet: Sheet, span: tuple[float, float], y: float, height: float, apart: float) -> tuple[Floats, Floats, Floats]:
    """Where trees stand, how tall each is and where its foot is, in pixels; `apart` in their own heights."""
    count = max(2, int((span[1] - span[0]) * sheet.width / (apart * height * sheet.unit)))
    x = np.sort(sheet.chance.uniform(*span, count)) * sheet.width
    tall = height * sheet.unit * sheet.chance.uniform(0.6, 1.2, count)
    return x, tall, y * sheet.height + sheet.chance.normal(0, 0.3 * sheet.unit, count)


def broadleaves(
    sheet: Sheet, light: Light, span: tuple[float, float], y: float, height: float, tone: float, *, snowy: bool = False
) -> None:
    """Round crowns on thin stems, as for `grove`."""
    x, tall, foot = _stand(sheet, span, y, height, 0.5)
    stems = np.stack([np.stack([x, foot - 0.6 * tall], axis=1), np.stack([x, foot - 0.04 * tall], axis=1)], axis=1)
    sweep(sheet, stems, Brush(0.06 * height * sheet.unit, light.dark_ink, 0.8 * tone, 0.3, 0.5, 0.4, 0.3))
    for at, high, low in zip(x, tall, foot, strict=True):
        crown = disc(float(at), float(low - 0.62 * high), 0.3 * float(high), 0.32 * float(high))
        sheet.wash(sheet.granulate(crown._replace(mask=blur(crown.mask, 0.1 * float(high))), 0.6), light.dark_ink, 0.6 * tone)
    leaf = min(0.1 * height, _LEAF)
    spots, reach = _crowns(sheet, x, tall, foot, round(0.22 * (height / leaf) ** 2))
    touch = Brush(1.1 * leaf * sheet.unit, light.dark_ink, 0.75 * tone, 0.2, 0.4, 0.5, 0.3)
    sweep(sheet, _flat(spots, leaf * sheet.unit, sheet), touch, 1.0, sheet.chance.uniform(0.3, 1, len(spots)))
    if snowy:
        _capped(sheet, spots[reach > 0.5], height)


def _crowns(sheet: Sheet, x: Floats, tall: Floats, foot: Floats, touches: int) -> tuple[Floats, Floats]:
    """So many places in each round crown, in pixels, and how far out each lies, 0 to 1."""
    turn, reach = sheet.chance.uniform(0, 6.3, (len(x), touches)), np.sqrt(sheet.chance.uniform(0, 1, (len(x), touches)))
    across = x[:, None] + 0.42 * reach * np.cos(turn) * tall[:, None]
    down = (foot - 0.62 * tall)[:, None] + 0.34 * reach * np.sin(turn) * tall[:, None]
    return np.stack([across, down], axis=2).reshape(-1, 2), reach.ravel()


def poplars(
    sheet: Sheet, light: Light, span: tuple[float, float], y: float, height: float, tone: float, *, snowy: bool = False
) -> None:
    """Slender ones with many upright twigs, leafless or nearly so, as for `grove`."""
    x, tall, foot = _stand(sheet, span, y, 1.25 * height, 0.34)
    stems = np.stack([np.stack([x, foot], axis=1), np.stack([x, foot - tall], axis=1)], axis=1)
    sweep(sheet, stems, Brush(0.07 * height * sheet.unit, light.dark_ink, 0.9 * tone, 0.3, 0.0, 0.7, 0.3))
    twigs = 12
    up = sheet.chance.uniform(0.25, 0.85, (len(x), twigs))
    root = np.stack([np.repeat(x, twigs), np.repeat(foot, twigs) - (up * tall[:, None]).ravel()], axis=1)
    out = np.tile([-1, 1], len(root) // 2) * np.repeat(tall, twigs) * 0.16 * (1.1 - up.ravel())
    tips = root + np.stack([out, -0.24 * np.repeat(tall, twigs)], axis=1)
    sweep(
        sheet, np.stack([root, tips], axis=1), Brush(0.035 * height * sheet.unit, light.dark_ink, 0.8 * tone, 0.3, 0.1, 0.7, 0.3)
    )
    if snowy:
        _capped(sheet, root, 0.5 * height)


def _capped(sheet: Sheet, spots: Floats, height: float) -> None:
    caps = _flat(spots[::3] - (0, 0.06 * height * sheet.unit), 0.1 * height * sheet.unit, sheet)
    sweep(sheet, caps, Brush(0.09 * height * sheet.unit, WHITE, 0.85, 0.2, 0.4, 0.5), opaque=True)


def kind(sheet: Sheet, season: Season) -> Grove:
    """What stands far off in one picture: firs at any time, leafless ones in the cold half of the year."""
    other = poplars if season in ("winter", "new year") else broadleaves
    kinds = (grove, other, poplars if season == "autumn" else other)
    return kinds[int(sheet.chance.integers(len(kinds)))]


def _flat(
    spots: np.ndarray[tuple[int, int], np.dtype[np.float64]], length: float, sheet: Sheet
) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    return dabs(spots, length, sheet.chance.normal(0, 0.1 * length))


def bush(sheet: Sheet, light: Light, x: float, y: float, size: float) -> None:
    """A round of wet ink with dark touches in it; all in pixels."""
    round_ = disc(x, y - size * 0.35, size * 0.45, size * 0.55)
    sheet.wash(sheet.granulate(round_._replace(mask=blur(round_.mask, 0.3 * sheet.unit)), 0.7), light.dark_ink, 0.55)
    count = 46
    # Within the round: leaves beyond it would float.
    turn, reach = sheet.chance.uniform(0, 2 * np.pi, count), 0.52 * np.sqrt(sheet.chance.uniform(0, 1, count)) * size
    spots = np.stack([x - 0.12 * size + reach * np.cos(turn), y - 0.3 * size + 0.95 * reach * np.sin(turn)], axis=1)
    sweep(
        sheet,
        dabs(spots, 0.26 * size * sheet.chance.choice([-1, 1]), -0.14 * size),
        Brush(0.13 * size, light.dark_ink, 0.9, 0.2, 0.4, 0.5, 0.3),
        sheet.chance.uniform(0.4, 1.2, count),
        sheet.chance.uniform(0.3, 1, count),
    )
