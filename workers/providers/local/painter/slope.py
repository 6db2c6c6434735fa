"""A steep way up between two walls, its steps closer together the higher they are."""

import numpy as np

from workers.providers.local.painter import land, sky
from workers.providers.local.painter.brush import Brush, Floats, sweep
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import WHITE, mixed
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_TOP = 0.5
"""Where the way goes over the hill, a share of the height."""


def slope(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.5, 0.6, 0.8)
    heavens(stage)
    land.mountains(stage.sheet, stage.light, horizon, 3, 0.28, snowy=stage.snowy)
    sky.mist(stage.sheet, horizon, 0.05)
    land.ground(stage.sheet, stage.light, _TOP - 0.01, 0.9, 0.02)
    _steps(stage)
    for side in (-1, 1):
        _wall(stage, side)


def _edge(stage: Stage, side: int, near: float) -> tuple[float, float]:
    """A point of the way's edge, in pixels; `near` runs from 0 at the top to 1 at the lower edge."""
    half = 2.0 + 30 * near
    return stage.x(stage.focus) + side * half * stage.sheet.unit, stage.y(_TOP + (1.03 - _TOP) * near)


def _steps(stage: Stage) -> None:
    sheet, light = stage.sheet, stage.light
    down = np.linspace(0, 1, 12)
    way = [_edge(stage, -1, near) for near in down] + [_edge(stage, 1, near) for near in down[::-1]]
    floor = shape(way, straight=True, soft=0.3 * sheet.unit)
    sheet.cover(floor, WHITE if stage.snowy else mixed(light.paper, light.ink, 0.14 + 0.3 * light.dark))
    nears = 0.02 + 0.98 * np.linspace(0, 1, 17) ** 1.35
    treads = np.array([[_edge(stage, -1, near), _edge(stage, 1, near)] for near in nears])
    treads += sheet.chance.normal(0, 0.15 * sheet.unit, treads.shape)
    sweep(sheet, treads, Brush(1.5 * sheet.unit, light.dark_ink, 0.7, 0.5, 0.05, 0.1, 0.4), 0.25 + nears)


def _wall(stage: Stage, side: int) -> None:
    """Stone below, a dark coping above; it grows towards the viewer."""
    sheet, way = stage.sheet, np.linspace(0, 1.9, 8)
    feet = np.array([_edge(stage, side, near) for near in way])
    rise = (6 + 62 * way) * sheet.unit
    tops = feet - np.stack([np.zeros_like(rise), rise], axis=1)
    outer = float(feet[-1, 0]) + side * sheet.width
    body = [*map(tuple, tops), (outer, tops[-1, 1]), (outer, 1.1 * sheet.height), *map(tuple, feet[::-1])]
    tile = shape(body, straight=True, soft=0.2 * sheet.unit)
    sheet.cover(tile, mixed(sheet.paper, stage.light.ink, 0.25))
    down = np.linspace(0.35, 0.9, tile.mask.shape[0], dtype=np.float32)[:, None]
    sheet.wash(sheet.granulate(tile._replace(mask=tile.mask * down), 0.45), stage.light.ink, 0.8)
    _courses(stage, feet, rise)
    coping = [*map(tuple, tops - np.stack([np.zeros_like(rise), 0.09 * rise], axis=1)), *map(tuple, tops[::-1])]
    coping = [(float(x), float(y)) for x, y in coping]
    sheet.cover(shape(coping, straight=True, soft=0.15 * sheet.unit), WHITE if stage.snowy else stage.light.dark_ink, 0.85)


def _courses(stage: Stage, feet: Floats, rise: Floats) -> None:
    """Joints between the stones: rows that run to the same point as the way, and upright ones between them."""
    sheet = stage.sheet
    shares = np.linspace(0.14, 0.86, 6)
    rows = np.stack([np.broadcast_to(feet[:, 0], (6, len(rise))), feet[:, 1] - shares[:, None] * rise], axis=2)
    ink = Brush(0.7 * sheet.unit, stage.light.dark_ink, 0.7, 0.55, 0.05, 0.1, 0.5)
    sweep(sheet, rows, ink, 1.0, sheet.chance.uniform(0.5, 1, 6))
    place, row = sheet.chance.uniform(0.6, 5.5, 70), sheet.chance.integers(0, 5, 70)
    x, y, high = (np.interp(place, np.arange(len(rise)), line) for line in (feet[:, 0], feet[:, 1], rise))
    ends = [np.stack([x, y - high * shares[row + step]], axis=1) for step in (0, 1)]
    sweep(sheet, np.stack(ends, axis=1), ink, 0.8, sheet.chance.uniform(0.3, 1, 70))
