"""A steep way up between two garden walls, its steps closer together the higher they are."""

import numpy as np

from workers.providers.local.painter import earth, groves, sky
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, Floats, along, sweep
from workers.providers.local.painter.cast import tree_of
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_TOP = 0.52
"""Where the way goes over the hill, a share of the height."""

_COPING = 0.12
"""The share of a wall's height that its tiles take."""


def slope(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.5, 0.6, 0.8)
    heavens(stage)
    behind(stage, horizon, 3, 0.28)
    sky.mist(stage.sheet, horizon + 0.02, 0.06)
    earth.earth(stage, _TOP - 0.01, 0.9, 0.02)
    _gardens(stage)
    _steps(stage)
    for side in (-1, 1):
        _wall(stage, side)


def _gardens(stage: Stage) -> None:
    """What looks over the walls: bushes, and the season's tree."""
    sheet = stage.sheet
    for number, share in enumerate(np.linspace(0.12, 1.2, 14)):
        side = 1 if number % 2 else -1
        x, y = _edge(stage, side, float(share))
        size = sheet.chance.uniform(5, 8) + 2 * share
        groves.bush(sheet, stage.light, x + 2 * side * sheet.unit, y - 0.93 * _rise(stage, float(share)), size * sheet.unit)
    tree_of(stage, _TREES.get(stage.view.season, "bare"))(sheet, stage.spot(-0.02, 0.8, 54))


_TREES = {"spring": "cherry", "summer": "pine", "autumn": "maple", "new year": "pine"}


def _edge(stage: Stage, side: int, near: float) -> tuple[float, float]:
    """A point of the way's edge, in pixels; `near` runs from 0 at the top to 1 at the lower edge."""
    half = 2.6 + 30 * near
    return stage.x(stage.focus) + side * half * stage.sheet.unit, stage.y(_TOP + (1.03 - _TOP) * near)


def _rise(stage: Stage, near: float) -> float:
    """How high the walls are, in pixels: a little higher than the eye."""
    return (4 + 63 * near) * stage.sheet.unit


def _steps(stage: Stage) -> None:
    sheet, light = stage.sheet, stage.light
    down = np.linspace(0, 1, 12)
    way = [_edge(stage, -1, near) for near in down] + [_edge(stage, 1, near) for near in down[::-1]]
    floor = shape(way, straight=True, soft=0.3 * sheet.unit)
    sheet.cover(floor, WHITE if stage.snowy else mixed(light.paper, light.ink, 0.16 + 0.3 * light.dark))
    nears = 0.02 + 0.98 * np.linspace(0, 1, 19) ** 1.35
    treads = np.array([[_edge(stage, -1, near), _edge(stage, 1, near)] for near in nears])
    treads += sheet.chance.normal(0, 0.15 * sheet.unit, treads.shape)
    sweep(sheet, treads, Brush(1.7 * sheet.unit, light.dark_ink, 0.75, 0.35, 0.02, 0.05, 0.4), 0.2 + nears)
    risers = treads + np.stack([np.zeros_like(nears), 1.3 * nears * sheet.unit], axis=1)[:, None]
    sweep(sheet, risers, Brush(2.6 * sheet.unit, light.ink, 0.4, 0.6, 0.05, 0.1, 0.4), 0.2 + nears)


def _wall(stage: Stage, side: int) -> None:
    """Stone below, plaster above, a coping of dark tiles; it grows towards the viewer."""
    sheet, way = stage.sheet, np.linspace(0, 2.2, 12)
    feet = np.array([_edge(stage, side, near) for near in way])
    rise = np.array([_rise(stage, near) for near in way])
    middle, eaves, top = (feet - np.stack([0 * rise, share * rise], axis=1) for share in (0.5, 1 - _COPING, 1.0))
    plaster = mixed(mixed(sheet.paper, PIGMENTS["ochre"], 0.25), stage.light.ink, 0.12 + 0.35 * stage.light.dark)
    _band(stage, middle, eaves, plaster)
    _posts(stage, middle, eaves)
    _band(stage, feet, middle, mixed(sheet.paper, stage.light.ink, 0.5))
    _courses(stage, feet, 0.5 * rise)
    over = np.stack([-side * 0.06 * rise, 0.02 * rise], axis=1)
    _band(stage, eaves + over, top, WHITE if stage.snowy else mixed(sheet.paper, stage.light.dark_ink, 0.75))
    _tiles(stage, eaves + over, top)


def _band(stage: Stage, lower: Floats, upper: Floats, colour: tuple[float, float, float]) -> None:
    """One layer of a wall, between two lines that run towards the viewer."""
    outline = [(float(x), float(y)) for x, y in (*lower, *upper[::-1])]
    tile = shape(outline, straight=True, soft=0.15 * stage.sheet.unit)
    stage.sheet.cover(tile, colour)
    down = np.linspace(0.1, 0.6, tile.mask.shape[0], dtype=np.float32)[:, None]
    stage.sheet.wash(stage.sheet.granulate(tile._replace(mask=tile.mask * down), 0.8), stage.light.ink, 0.5)


def _posts(stage: Stage, lower: Floats, upper: Floats) -> None:
    """Timber in the plaster, closer together further off."""
    places = np.geomspace(0.7, len(lower) - 1, 9)
    post = Brush(2.2 * stage.sheet.unit, mixed(PIGMENTS["brown"], stage.light.dark_ink, 0.5), 0.75, 0.4, 0.02, 0.02, 0.3)
    sweep(stage.sheet, np.stack([along(upper, places), along(lower, places)], axis=1), post, 0.15 + places / len(lower))


def _tiles(stage: Stage, eaves: Floats, top: Floats) -> None:
    """Rows of tiles across the coping, a dark line under it and one along its ridge."""
    sheet, ink = stage.sheet, stage.light.dark_ink
    places = np.geomspace(0.4, len(top) - 1, 46)
    tiles = np.stack([along(top, places), along(eaves, places)], axis=1)
    sweep(sheet, tiles, Brush(0.9 * sheet.unit, ink, 0.8, 0.4, 0.05, 0.1, 0.4), 0.25 + places / len(top))
    sweep(sheet, np.stack([eaves, top]), Brush(1.5 * sheet.unit, ink, 0.85, 0.35, 0.3, 0.05, 0.4))


def _courses(stage: Stage, feet: Floats, rise: Floats) -> None:
    """Joints between the stones: rows that run to the same point as the way, and upright ones between them."""
    sheet = stage.sheet
    shares = np.linspace(0.02, 0.98, 4)
    rows = np.stack([np.broadcast_to(feet[:, 0], (4, len(rise))), feet[:, 1] - shares[:, None] * rise], axis=2)
    ink = Brush(0.7 * sheet.unit, stage.light.dark_ink, 0.75, 0.45, 0.05, 0.1, 0.5)
    sweep(sheet, rows, ink, 1.0, sheet.chance.uniform(0.6, 1, 4))
    place, row = sheet.chance.uniform(0.6, len(rise) - 1.5, 60), sheet.chance.integers(0, 3, 60)
    foot, high = along(feet, place), np.interp(place, np.arange(len(rise)), rise)
    joints = np.stack([foot - np.stack([0 * high, high * shares[row + step]], axis=1) for step in (0, 1)], axis=1)
    sweep(sheet, joints, ink, 0.8, sheet.chance.uniform(0.4, 1, 60))
