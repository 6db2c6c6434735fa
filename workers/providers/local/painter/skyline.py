"""A city from afar: towers behind towers, pale at the foot where the haze lies, some windows lit."""

import numpy as np

from workers.providers.local.painter import groves, sky
from workers.providers.local.painter.brush import Brush, Curves, dabs, sweep
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_RANKS = ((0.70, 30.0, 0.22), (0.75, 38.0, 0.4), (0.80, 22.0, 0.66))
"""Where the feet of each rank are, how high its highest tower is (in units), and how much ink it is given; the far one first."""


def skyline(stage: Stage) -> None:
    for foot, high, tone in _RANKS:
        _rank(stage, foot, high, tone)
        sky.mist(stage.sheet, foot + 0.01, 0.06, 0.7)
    groves.grove(stage.sheet, stage.light, (0.0, 1.0), 0.83, 5, 0.7, snowy=stage.snowy)


def _rank(stage: Stage, foot: float, high: float, tone: float) -> None:
    """Lower towards the poem's side; no tower has its neighbour's height."""
    sheet, chance = stage.sheet, stage.sheet.chance
    x = -chance.uniform(0, 6) * sheet.unit
    while x < sheet.width:
        wide = chance.uniform(5, 11) * sheet.unit
        away = abs(x / sheet.width - stage.share(stage.focus))
        tall = high * sheet.unit * chance.uniform(0.35, 1.0) * (1 - 0.55 * min(1.0, away * 1.5))
        _tower(stage, (x, stage.y(foot)), (wide, tall), tone)
        x += wide * chance.uniform(1.0, 1.7)


def _tower(stage: Stage, foot: tuple[float, float], size: tuple[float, float], tone: float) -> None:
    """From its lower left corner, broad and tall in pixels; every third one steps back at the top."""
    sheet, (x, y), (wide, tall) = stage.sheet, foot, size
    step = wide * 0.18 if sheet.chance.uniform() < 0.35 else 0.0
    crown = y - tall
    outline = [(x, y), (x, crown + 2 * step), (x + step, crown + 2 * step), (x + step, crown), (x + wide - step, crown)]
    outline += [(x + wide - step, crown + 2 * step), (x + wide, crown + 2 * step), (x + wide, y)]
    tile = shape(outline, straight=True, soft=0.12 * sheet.unit)
    sheet.cover(tile, mixed(sheet.paper, stage.light.sky, 0.25), 0.92)
    down = np.linspace(1.0, 0.25, tile.mask.shape[0], dtype=np.float32)[:, None]
    across = np.linspace(0.8, 1.1, tile.mask.shape[1], dtype=np.float32)[None, :]
    body = Tile(tile.x, tile.y, np.clip(tile.mask * down * across, 0, 1).astype(np.float32))
    sheet.wash(sheet.granulate(body, 0.35), mixed(stage.light.ink, stage.light.dark_ink, tone), tone)
    sides = np.array([[outline[1], outline[0]], [outline[-2], outline[-1]]])
    sweep(sheet, sides, Brush(0.35 * sheet.unit, stage.light.dark_ink, tone, 0.55, 0.05, 0.7, 0.6))
    _windows(stage, (x, y), size, tone)


def _windows(stage: Stage, foot: tuple[float, float], size: tuple[float, float], tone: float) -> None:
    """In storeys, fainter downwards into the haze; by lamplight a third of them glow."""
    sheet, (x, y), (wide, tall) = stage.sheet, foot, size
    columns = np.arange(x + 0.2 * wide, x + 0.86 * wide, 1.5 * sheet.unit)
    storeys = np.arange(y - 0.9 * tall, y - 0.35 * tall, 2.1 * sheet.unit)
    if not len(columns) or not len(storeys):
        return
    spots = np.stack(np.meshgrid(columns, storeys), axis=2).reshape(-1, 2)
    lit = sheet.chance.uniform(size=len(spots)) < (0.36 if stage.lamplit else 0.0)
    _panes(stage, spots[~lit], mixed(stage.light.dark_ink, sheet.paper, 0.2), 0.5 * tone)
    _panes(stage, spots[lit], PIGMENTS["glow"], 0.5 + 0.5 * tone)


def _panes(stage: Stage, spots: Curves, colour: Colour, strength: float) -> None:
    unit = stage.sheet.unit
    sweep(stage.sheet, dabs(spots, 0.0, 0.9 * unit), Brush(0.6 * unit, colour, strength, 0.15, 0.01, 0.01, 0.15), opaque=True)
