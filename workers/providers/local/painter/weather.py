"""What falls and flies through the picture: rain, snow, petals, leaves, soap bubbles, fireflies."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.palette import PIGMENTS, WHITE, Light, mixed, seen_in
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.washes import disc

_BUBBLES = 9


def rain(sheet: Sheet, slant: float, *, hard: bool = False, dark: bool = False) -> None:
    """Long thin strokes that break, in gusts: near ones dark and long, far ones pale."""
    for count, length, width, strength in ((150, 9, 0.22, 0.3), (60 if not hard else 110, 20, 0.34, 0.5)):
        x = sheet.chance.uniform(-0.2, 1.2, count) * sheet.width
        y = sheet.chance.uniform(-0.15, 1.0, count) * sheet.height
        long = length * sheet.unit * sheet.chance.uniform(0.5, 1.5, count)
        curves = np.stack(
            [np.stack([x, y], 1), np.stack([x + slant * long / 2, y + long / 2], 1), np.stack([x + slant * long, y + long], 1)],
            axis=1,
        )
        tones = sheet.chance.uniform(0.25, 1, count)
        ink: Colour = (0.88, 0.9, 0.94) if dark else (0.3, 0.33, 0.38)
        sweep(sheet, curves, Brush(width * sheet.unit, ink, strength, 0.45, 0.3, 0.5, 0.2), 1.0, tones, opaque=dark)


def snow(sheet: Sheet, *, wind: float = 0.0, fine: bool = False) -> None:
    """Shell white, spattered: small far flakes, and a few large soft ones near the eye; of `fine` snow all are small."""
    for count, size in ((900, 0.42), (340, 0.55)) if fine else ((260, 0.45), (120, 0.85)):
        spots = sheet.chance.uniform((0, 0), (sheet.width, sheet.height), (count, 2))
        drops = dabs(spots, 0.2 * wind * sheet.unit, 0.12 * sheet.unit)
        sweep(
            sheet,
            drops,
            Brush(size * sheet.unit, WHITE, 0.95, 0, 0.5, 0.5),
            sheet.chance.uniform(0.4, 1.5, count),
            sheet.chance.uniform(0.5, 1, count),
            opaque=True,
        )
    for x, y in sheet.chance.uniform((0, 0), (sheet.width, sheet.height), (0 if fine else 16, 2)):
        # Any larger would be a blot on whatever they are before.
        sheet.cover(disc(float(x), float(y), sheet.chance.uniform(0.3, 0.55) * sheet.unit, 0.5 * sheet.unit), WHITE, 0.85)


def petals(sheet: Sheet, count: int = 46) -> None:
    spots = _drift(sheet, count)
    angles = sheet.chance.uniform(0, 6.3, (count, 1))
    strokes = trees.rays(spots, angles, 0, np.full((count, 1), 1.25 * sheet.unit))
    sweep(sheet, strokes, Brush(0.95 * sheet.unit, WHITE, 0.8, 0, 0.6, 0.4), opaque=True)
    sweep(
        sheet, strokes, Brush(0.95 * sheet.unit, (0.92, 0.60, 0.66), 0.9, 0.2, 0.6, 0.4), 1.0, sheet.chance.uniform(0.4, 1, count)
    )


def maple_leaves(sheet: Sheet, light: Light, *, lean: int, many: bool = False) -> None:
    for colour in (seen_in(light, PIGMENTS["red"]), seen_in(light, PIGMENTS["rust"])):
        spots = _blown(sheet, 15, lean) if many else _drift(sheet, 4)
        trees.maple_leaves(sheet, spots, (2.2 if many else 1.7) * sheet.unit, colour)


def ginkgo_leaves(sheet: Sheet, *, lean: int, many: bool = False) -> None:
    spots = _blown(sheet, 40, lean) if many else _drift(sheet, 10)
    trees.leaves(sheet, spots, 2.3 * sheet.unit, PIGMENTS["gold"])


def dry_leaves(sheet: Sheet) -> None:
    trees.leaves(sheet, _drift(sheet, 22), 2.2 * sheet.unit, PIGMENTS["brown"])


def wind(sheet: Sheet) -> None:
    """The breath itself: long dry sweeps of almost nothing."""
    y = sheet.chance.uniform(0.2, 0.8, 5) * sheet.height
    shares = np.linspace(0, 1, 6)
    wave = np.sin(shares * 4 + sheet.chance.uniform(0, 6, (5, 1))) * 3 * sheet.unit
    x = sheet.chance.uniform(-0.1, 0.3, (5, 1)) * sheet.width + shares * sheet.width * 0.6
    sweep(sheet, np.stack([x, y[:, None] + wave], axis=2), Brush(2.6 * sheet.unit, PIGMENTS["grey"], 0.32, 0.95, 0.4, 0.5, 0.5))


def fireflies(sheet: Sheet) -> None:
    for x, y in sheet.chance.uniform((0.08, 0.4), (0.75, 0.92), (26, 2)) * (sheet.width, sheet.height):
        size = sheet.chance.uniform(0.35, 0.7) * sheet.unit
        glow = disc(float(x), float(y), size * 2, size * 7)
        sheet.cover(glow._replace(mask=glow.mask**2), (0.86, 0.88, 0.46), 0.5)
        sheet.cover(disc(float(x), float(y), size, size), (0.99, 0.97, 0.72), 1.0)


def bubbles(sheet: Sheet) -> None:
    """Thin rounds of nothing with a glint, smaller as they rise."""
    for number in range(_BUBBLES):
        high = (number + 0.5) / _BUBBLES
        x = sheet.width * (0.3 + 0.34 * high + sheet.chance.normal(0, 0.09))
        y = sheet.height * (0.76 - 0.42 * high + sheet.chance.normal(0, 0.03))
        _bubble(sheet, x, y, sheet.unit * (1.4 + 3.2 * (1 - high)) * sheet.chance.uniform(0.75, 1.2))


def _bubble(sheet: Sheet, x: float, y: float, radius: float) -> None:
    soft = 0.25 * sheet.unit
    sheet.cover(disc(x, y, radius, soft), WHITE, 0.3)
    for colour, start, turn in ((PIGMENTS["blue"], 0.0, 6.4), (PIGMENTS["pink"], 0.2, 1.6), (PIGMENTS["violet"], 3.3, 1.4)):
        angles = start + np.linspace(0, turn, 24)
        rim = np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)
        sweep(sheet, rim[None], Brush(0.42 * sheet.unit, colour, 0.75, 0.1, 0.05, 0.1), opaque=True)
    sheet.cover(disc(x - 0.38 * radius, y - 0.42 * radius, 0.17 * radius, soft), WHITE, 0.95)


def fireworks(sheet: Sheet, x: float, y: float, size: float, colour: Colour) -> None:
    """A chrysanthemum of falling sparks about (x, y), all in pixels: thin at the heart, bright, then gone."""
    halo = disc(x, y, size * 0.2, size * 1.5)
    sheet.cover(halo._replace(mask=halo.mask**2), colour, 0.3)
    centre = np.array([[x, y]])
    for reach, count, tone in ((1.0, 34, 0.8), (0.72, 26, 1.0), (0.4, 16, 0.9)):
        angles = sheet.chance.uniform(0, 2 * np.pi, (1, count))
        lengths = size * reach * sheet.chance.uniform(0.8, 1.08, (1, count))
        curves = trees.rays(centre, angles, size * 0.3 * reach, lengths)
        curves[:, 2, 1] += size * 0.12 * reach
        tones = tone * sheet.chance.uniform(0.5, 1, count)
        sweep(sheet, curves, Brush(0.42 * sheet.unit, mixed(colour, WHITE, 0.3), 0.95, 0.1, 0.8, 0.55), 1.0, tones, opaque=True)
        sparks = curves[:, 2] + sheet.chance.normal(0, size * 0.04, (count, 2))
        spark = Brush(0.5 * sheet.unit, (1.0, 0.95, 0.8), 0.95, 0, 0.5, 0.5)
        sweep(sheet, dabs(sparks, 0.1 * sheet.unit, 0.1 * sheet.unit), spark, sheet.chance.uniform(0.3, 1, count), opaque=True)


def _blown(sheet: Sheet, count: int, lean: int) -> trees.Spots:
    """Away from the tree that stands at the side it leans from: many about it, fewer the further, lower there."""
    out = sheet.chance.beta(1.1, 1.5, count)
    x = 0.25 + 0.72 * out
    y = 0.16 + 0.3 * out + sheet.chance.normal(0, 0.2, count)
    return np.asarray(np.stack([(x if lean > 0 else 1 - x) * sheet.width, y.clip(0.05, 0.97) * sheet.height], axis=1))


def _drift(sheet: Sheet, count: int) -> trees.Spots:
    """Along a slanting current, thick in the middle, thin at its sides."""
    along = sheet.chance.uniform(0, 1, count)
    x = along * 0.8 + sheet.chance.normal(0, 0.12, count)
    y = 0.2 + 0.7 * along + sheet.chance.normal(0, 0.13, count)
    return np.asarray(np.stack([x * sheet.width, y * sheet.height], axis=1))
