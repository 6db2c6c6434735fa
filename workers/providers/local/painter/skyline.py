"""A city seen from within it: towers behind towers, their feet in haze, the nearest partly out of the picture."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter import sky
from workers.providers.local.painter.brush import Brush, Curves, dabs, sweep
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape


class Rank(Struct, frozen=True):
    """Towers side by side: where their feet are, a share of the height, how high and wide they may be, in units, how much ink."""

    foot: float
    high: float
    wide: tuple[float, float]
    tone: float


_RANKS = (
    Rank(0.78, 46, (4, 8), 0.2),
    Rank(0.86, 54, (7, 13), 0.38),
    Rank(1.03, 50, (10, 17), 0.6),
)
"""The far one first."""

_NEAREST = Rank(1.04, 84, (20, 26), 0.85)
"""At the edge across from the poem, so near that its side is out of the picture."""

Roof = tuple[tuple[float, float], ...]

_ROOFS: tuple[Roof, ...] = (
    ((0, 0), (0, 1), (1, 1), (1, 0)),
    ((0, 0), (0, 0.86), (0.16, 0.86), (0.16, 1), (0.84, 1), (0.84, 0.86), (1, 0.86), (1, 0)),
    ((0, 0), (0, 0.9), (0.55, 0.9), (0.55, 1), (1, 1), (1, 0)),
    ((0, 0), (0, 0.8), (0.14, 0.8), (0.14, 0.9), (0.28, 0.9), (0.28, 1), (0.72, 1), (0.72, 0.9), (0.86, 0.9), (0.86, 0), (1, 0)),
    ((0, 0), (0, 0.93), (1, 1), (1, 0)),
    ((0, 0), (0, 0.97), (0.1, 0.97), (0.1, 1), (0.5, 1), (0.5, 0.97), (1, 0.97), (1, 0)),
)
"""Outlines, in shares of width and height from the lower left corner."""


def skyline(stage: Stage) -> None:
    number = int(stage.sheet.chance.integers(len(_ROOFS)))
    for rank in _RANKS:
        number = _row(stage, rank, number)
        # The nearest stand below the lower edge.
        if rank.foot < 1:
            sky.mist(stage.sheet, rank.foot - 0.015, 0.05, 0.75)
    _nearest(stage, number)


def _row(stage: Stage, rank: Rank, number: int) -> int:
    """Lower towards the poem's side; no tower has its neighbour's roof. Answers the next one's number."""
    sheet, chance = stage.sheet, stage.sheet.chance
    x = -chance.uniform(0, rank.wide[1]) * sheet.unit
    while x < sheet.width:
        wide = chance.uniform(*rank.wide) * sheet.unit
        away = abs((x + wide / 2) / sheet.width - stage.share(stage.focus))
        tall = rank.high * sheet.unit * chance.uniform(0.45, 1.0) * (1 - 0.62 * min(1.0, away * 1.5))
        _tower(stage, (x, stage.y(rank.foot)), (wide, tall), rank.tone, number)
        x += wide * chance.uniform(0.96, 1.3)
        number += 1
    return number


def _nearest(stage: Stage, number: int) -> None:
    sheet, rank = stage.sheet, _NEAREST
    wide, tall = sheet.chance.uniform(*rank.wide) * sheet.unit, rank.high * sheet.unit * sheet.chance.uniform(0.75, 1.0)
    inside = wide * sheet.chance.uniform(0.45, 0.7)
    x = inside - wide if stage.lean > 0 else sheet.width - inside
    _tower(stage, (x, stage.y(rank.foot)), (wide, tall), rank.tone, number)


def _tower(stage: Stage, foot: tuple[float, float], size: tuple[float, float], tone: float, number: int) -> None:
    """From its lower left corner, broad and tall in pixels; darkest at its top, its side away from the light darker."""
    sheet, (x, y), (wide, tall) = stage.sheet, foot, size
    flipped = number % 4 > 1
    roof = _ROOFS[number % len(_ROOFS)]
    outline = [(x + (1 - a if flipped else a) * wide, y - b * tall) for a, b in roof]
    tile = shape(outline, straight=True, soft=0.12 * sheet.unit)
    sheet.cover(tile, mixed(sheet.paper, stage.light.sky, 0.25), 0.96)
    down = np.linspace(1.15, 0.2, tile.mask.shape[0], dtype=np.float32)[:, None]
    across = np.where(np.linspace(0, 1, tile.mask.shape[1], dtype=np.float32) > 0.7, 1.2, 0.88)[None, :]
    body = Tile(tile.x, tile.y, np.clip(tile.mask * down * across, 0, 1).astype(np.float32))
    sheet.wash(sheet.granulate(body, 0.35), mixed(stage.light.ink, stage.light.dark_ink, tone), tone)
    _edges(stage, outline, wide, tone)
    _windows(stage, (x, y), size, tone, number)
    if 0.3 < tone < 0.8 and number % len(_ROOFS) in (0, 1, 3):
        _on_the_roof(stage, (x + 0.5 * wide, y - tall), wide, tone, number)


def _edges(stage: Stage, outline: list[tuple[float, float]], wide: float, tone: float) -> None:
    """The crown in one dry line, the sides lost downwards, the corner between its two faces paler."""
    sheet, ink = stage.sheet, stage.light.dark_ink
    rim = np.array([outline[1:-1]])
    steps = np.stack([rim[0][:-1], rim[0][1:]], axis=1)
    sweep(sheet, steps, Brush(0.32 * sheet.unit, ink, 0.9 * tone, 0.45, 0.02, 0.05, 0.5))
    left, right = sorted((outline[1], outline[-2]))
    corner = (left[0] + 0.7 * wide, outline[-2][1] + 0.02 * wide)
    foot = outline[0][1]
    sides = np.array([[left, (left[0], foot)], [right, (right[0], foot)], [corner, (corner[0], foot)]])
    sweep(sheet, sides, Brush(0.3 * sheet.unit, ink, 0.75 * tone, 0.55, 0.02, 0.8, 0.5), (1.0, 1.0, 0.7), (1.0, 1.0, 0.5))


def _windows(stage: Stage, foot: tuple[float, float], size: tuple[float, float], tone: float, number: int) -> None:
    """In storeys, as panes or as bands by the tower's number, fainter downwards into the haze; by lamplight a third glow."""
    sheet, (x, y), (wide, tall) = stage.sheet, foot, size
    grain = max(1.0, wide / (10 * sheet.unit)) ** 0.5 * sheet.unit
    columns = np.arange(x + 0.12 * wide, x + (0.94 if tone > 0.8 else 0.64) * wide, (1.5, 1.9, 2.4)[number % 3] * grain)
    storeys = np.arange(y - 0.84 * tall, y - 0.28 * tall, (2.1, 1.7, 2.6)[number % 3] * grain)
    if not len(columns) or not len(storeys):
        return
    spots = np.stack(np.meshgrid(columns, storeys), axis=2).reshape(-1, 2)
    fading = np.repeat(np.linspace(1.0, 0.35, len(storeys)), len(columns))
    lit = sheet.chance.uniform(size=len(spots)) < (0.36 if stage.lamplit else 0.0)
    _panes(stage, spots[~lit], mixed(stage.light.dark_ink, sheet.paper, 0.2), 0.5 * tone, grain, fading[~lit])
    _panes(stage, spots[lit], PIGMENTS["glow"], 0.5 + 0.5 * tone, grain, fading[lit])


def _panes(stage: Stage, spots: Curves, colour: Colour, strength: float, grain: float, fading: Curves) -> None:
    brush = Brush(0.6 * grain, colour, strength, 0.15, 0.01, 0.01, 0.15)
    sweep(stage.sheet, dabs(spots, 0.0, 0.9 * grain), brush, 1.0, fading, opaque=True)


def _on_the_roof(stage: Stage, top: tuple[float, float], wide: float, tone: float, number: int) -> None:
    """A water tank, a hut or an aerial, each on every third roof."""
    sheet, (x, y), ink = stage.sheet, top, stage.light.dark_ink
    if number % 3 == 0:
        sweep(sheet, np.array([[(x, y), (x, y - 0.55 * wide)]]), Brush(0.34 * sheet.unit, ink, tone, 0.1, 0.02, 0.9, 0.1))
        return
    half, tall = (0.1 * wide, 0.15 * wide) if number % 3 == 1 else (0.18 * wide, 0.08 * wide)
    box = [(x - half, y + 1), (x - half, y - tall), (x + half, y - tall), (x + half, y + 1)]
    sheet.cover(shape(box, straight=True), mixed(sheet.paper, ink, 0.75 * tone))
