"""Hydrangeas: a low bush, all leaf, with round heads of many small flowers that hide what is behind them."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.washes import disc, shape

_HEADS = ((-0.1, 0.8, 0.16), (0.3, 0.66, 0.17), (-0.44, 0.54, 0.16), (0.52, 0.38, 0.14), (0.04, 0.46, 0.18), (-0.28, 0.26, 0.14))
"""Across and up from the root and half as wide, in shares of the bush's size; the nearest last."""

_COLOURS: tuple[Colour, ...] = ((0.40, 0.50, 0.82), (0.54, 0.50, 0.82), (0.48, 0.62, 0.88))

_DARK: Colour = (0.15, 0.23, 0.18)

_FLORETS = 46


def hydrangea(sheet: Sheet, spot: Spot) -> None:
    size = spot.size * sheet.unit
    _ground(sheet, spot, size)
    _mass(sheet, spot, size)
    first = int(sheet.chance.integers(3))
    for number, (across, up, half) in enumerate(_HEADS, first):
        x, y = spot.x + across * size * spot.lean, spot.y - up * size
        half *= size * float(sheet.chance.uniform(0.85, 1.12))
        _leaves(sheet, np.full((5, 2), (x, y)), np.linspace(-0.2, 3.4, 5), 1.45 * half, PIGMENTS["green"])
        _head(sheet, x, y, half, _COLOURS[number % 3])


def _ground(sheet: Sheet, spot: Spot, size: float) -> None:
    """Moss at its foot, darkest under the leaves."""
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    reach = size * sheet.chance.uniform(0.68, 0.82, 12)
    ring = zip(spot.x + reach * np.cos(turn), spot.y + 0.09 * size + 0.12 * reach * np.sin(turn), strict=True)
    bed = shape([(float(a), float(b)) for a, b in ring], soft=0.5 * sheet.unit)
    sheet.cover(sheet.granulate(bed, 0.3), mixed(PIGMENTS["moss"], spot.light.ground, 0.4), 0.9)
    sheet.wash(sheet.granulate(bed, 0.8), spot.light.dark_ink, 0.35)


def _mass(sheet: Sheet, spot: Spot, size: float) -> None:
    """The bush itself: a dark round, then leaves from its back to its front, paler where the light falls."""
    middle = np.array((spot.x, spot.y - 0.4 * size))
    turn = np.linspace(0, 2 * np.pi, 15)[:-1]
    out = size * sheet.chance.uniform(0.92, 1.05, 14)
    ring = np.stack([0.42 * out * np.cos(turn), 0.33 * out * np.sin(turn)], axis=1) + middle
    sheet.cover(shape([(float(a), float(b)) for a, b in ring], soft=0.3 * sheet.unit), _DARK)
    for count, reach, colour in (
        (46, 1.0, mixed(_DARK, PIGMENTS["moss"], 0.4)),
        (30, 0.95, PIGMENTS["moss"]),
        (16, 0.8, PIGMENTS["green"]),
    ):
        angle, away = sheet.chance.uniform(0, 2 * np.pi, count), reach * np.sqrt(sheet.chance.uniform(0.1, 1, count))
        stalks = middle + size * np.stack([0.48 * away * np.cos(angle), 0.36 * away * np.sin(angle)], axis=1)
        ways = np.arctan2(np.sin(angle) + 0.3, np.cos(angle))
        # Of the leaves behind only their colour is seen between the others: each stroke more would cost as much as a head.
        _leaves(sheet, stalks, ways + sheet.chance.normal(0, 0.35, count), 0.19 * size, colour, ribbed=count < 20)


def _leaves(
    sheet: Sheet,
    stalks: trees.Spots,
    angles: np.ndarray[tuple[int], np.dtype[np.float64]],
    size: float,
    colour: Colour,
    *,
    ribbed: bool = True,
) -> None:
    """Broad and pointed, each in one touch; the near ones with a rib and a dark rim."""
    lengths = size * sheet.chance.uniform(0.75, 1.2, (len(stalks), 1))
    blades = trees.rays(stalks, angles[:, None], 0.1 * size, lengths)
    widths = sheet.chance.uniform(0.8, 1.15, len(blades))
    if not ribbed:
        tones = sheet.chance.uniform(0.72, 1.0, len(blades))
        sweep(sheet, blades, Brush(0.5 * size, mixed(colour, INK, 0.12), 1.0, 0.1, 0.45, 0.75, 0.12), widths, tones, opaque=True)
        return
    sweep(sheet, blades, Brush(0.56 * size, mixed(colour, INK, 0.5), 1.0, 0.0, 0.45, 0.75, 0.1), widths * 1.1, opaque=True)
    sweep(sheet, blades, Brush(0.5 * size, mixed(colour, WHITE, 0.08), 1.0, 0.1, 0.45, 0.75, 0.12), widths, opaque=True)
    sweep(sheet, blades, Brush(0.05 * size, INK, 0.5, 0.4, 0.1, 0.6))


def _head(sheet: Sheet, x: float, y: float, half: float, colour: Colour) -> None:
    """A ball of florets in three tones: deep in the shade below, pale where the light falls, none of it bald."""
    deep, pale = mixed(colour, (0.26, 0.20, 0.50), 0.5), mixed(colour, WHITE, 0.35)
    ball = disc(x, y, 0.86 * half, 0.16 * half)
    sheet.cover(ball, mixed(deep, PIGMENTS["indigo"], 0.3))
    turn = np.arange(_FLORETS) * 2.39996
    away = np.sqrt((np.arange(_FLORETS) + 0.5) / _FLORETS)
    across, down = away * np.cos(turn), 0.92 * away * np.sin(turn)
    spots = np.stack([x + half * across, y + half * down], axis=1) + sheet.chance.normal(0, 0.03 * half, (_FLORETS, 2))
    shade = across * 0.5 + down + sheet.chance.normal(0, 0.28, _FLORETS)
    for tone, chosen in ((deep, shade > 0.35), (colour, (shade <= 0.35) & (shade > -0.35)), (pale, shade <= -0.35)):
        trees.blossoms(sheet, spots[chosen], 0.27 * half, tone, PIGMENTS["paper"])
