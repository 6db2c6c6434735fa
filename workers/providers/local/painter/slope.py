"""Steep stone stairs between two garden walls, up to a gate."""

from itertools import pairwise

import numpy as np

from workers.providers.local.painter import earth, groves, sky
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, Curves, Floats, along, sweep
from workers.providers.local.painter.cast import tree_of
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.sketch import At, draw, sketches
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_TOP = 0.4
"""Where the stairs end, a share of the height."""

_STEPS = 17

_GATE = 21.0
"""How high the gate is that stands at their end, in units."""

_COPING = 0.12
"""The share of a wall's height that its tiles take."""


def slope(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.42, 0.6, 0.8)
    heavens(stage)
    behind(stage, horizon, 2, 0.26)
    sky.mist(stage.sheet, horizon, 0.06)
    earth.earth(stage, _TOP - 0.005, 0.9, 0.01)
    _gardens(stage)
    x, y = stage.x(stage.focus), stage.y(_TOP + 0.006)
    draw(stage.sheet, sketches()["gate"], At(x, y, _GATE * stage.sheet.unit, stage.turned, stage.lamplit, stage.snowy))
    _steps(stage)
    for side in (-1, 1):
        _wall(stage, side)


def _gardens(stage: Stage) -> None:
    """What looks over the walls: a wood, bushes, and the season's tree."""
    sheet = stage.sheet
    trees = groves.kind(sheet, stage.view.season)
    trees(sheet, stage.light, (-0.05, 1.05), _TOP + 0.06, 14, 0.6, snowy=stage.snowy)
    sky.mist(sheet, _TOP + 0.07, 0.02, 0.6)
    for number, share in enumerate(np.linspace(0.1, 0.75, 7)):
        side = 1 if number % 2 else -1
        x, y = _edge(stage, side, float(share))
        size = sheet.chance.uniform(6, 9) + 3 * share
        groves.bush(sheet, stage.light, x + 2 * side * sheet.unit, y - 0.93 * _rise(stage, float(share)), size * sheet.unit)
    tree_of(stage, _TREES.get(stage.view.season, "bare"))(sheet, stage.spot(-0.02, 0.8, 54))


_TREES = {"spring": "cherry", "summer": "pine", "autumn": "maple", "new year": "pine"}


def _edge(stage: Stage, side: int, near: float) -> tuple[float, float]:
    """A point of the way's edge, in pixels; `near` runs from 0 at the top to 1 at the lower edge."""
    half = 7.5 + 20 * near
    return stage.x(stage.focus) + side * half * stage.sheet.unit, stage.y(_TOP + (1.03 - _TOP) * near)


def _rise(stage: Stage, near: float) -> float:
    """How high the walls are, in pixels: a little higher than the eye."""
    return (9 + 44 * near) * stage.sheet.unit


def _steps(stage: Stage) -> None:
    """From the highest to the lowest, each before the one above it: its worn tread, then its riser."""
    nears = np.linspace(0, 1, _STEPS + 1) ** 1.15 * 1.06
    risers = []
    for upper, lower in pairwise(nears):
        # The nearer, the more is seen from above; the highest show nothing but their risers.
        edge = upper + (lower - upper) * (0.1 + 0.34 * lower)
        _tread(stage, float(upper), float(edge))
        risers.append(_riser(stage, float(edge), float(lower)))
    _joints(stage, np.stack(risers), nears[1:])


def _across(stage: Stage, upper: float, lower: float, *, upright: bool) -> Floats:
    """The corners of one side of a step, clockwise from its upper left; a riser is as wide above as below."""
    above = [_edge(stage, side, lower if upright else upper) for side in (-1, 1)]
    high = _edge(stage, 1, upper)[1]
    corners = [(x, high) for x, _ in above] + [_edge(stage, side, lower) for side in (1, -1)]
    return np.array(corners) + stage.sheet.chance.normal(0, 0.12 * stage.sheet.unit, (4, 2))


def _filled(stage: Stage, corners: Floats, colour: Colour) -> Tile:
    face = shape([(float(x), float(y)) for x, y in corners], straight=True)
    stage.sheet.cover(stage.sheet.granulate(face, 0.12), colour)
    return face


def _tread(stage: Stage, upper: float, lower: float) -> None:
    """Pale, and darkest where the next riser stands on it."""
    light = stage.light
    stone = WHITE if stage.snowy else mixed(mixed(light.paper, PIGMENTS["pale"], 0.45), light.ink, 0.04 + 0.3 * light.dark)
    face = _filled(stage, _across(stage, upper, lower, upright=False), stone)
    shade = np.linspace(0.8, 0, len(face.mask), dtype=np.float32)[:, None] ** 2
    stage.sheet.wash(stage.sheet.granulate(face._replace(mask=face.mask * shade), 0.6), light.ink, 0.7)


def _riser(stage: Stage, upper: float, lower: float) -> Floats:
    """In shadow, its foot lost in the dark; answers its corners."""
    sheet, light = stage.sheet, stage.light
    corners = _across(stage, upper, lower, upright=True)
    face = _filled(stage, corners, mixed(mixed(PIGMENTS["pale"], PIGMENTS["grey"], 0.6), light.ink, 0.1 + 0.35 * light.dark))
    down = np.linspace(0.25, 0.95, len(face.mask), dtype=np.float32)[:, None]
    sheet.wash(sheet.granulate(face._replace(mask=face.mask * down), 0.9), light.dark_ink, 0.5)
    return corners


def _joints(stage: Stage, risers: Curves, nears: Floats) -> None:
    """Each riser has a line along its foot, a thinner one along its worn edge, and is of two to four blocks."""
    sheet, chance = stage.sheet, stage.sheet.chance
    left, right, far_right, far_left = risers.transpose(1, 0, 2)
    ink = Brush(0.95 * sheet.unit, stage.light.dark_ink, 0.85, 0.45, 0.03, 0.05, 0.4)
    widths = (0.35 + 0.6 * nears) / 0.95
    for one, other, share in ((far_left, far_right, 1.0), (left, right, 0.55)):
        sweep(sheet, np.stack([one, (one + other) / 2, other], axis=1), ink, widths * share, 0.4 + 0.6 * share)
    shares = ((np.arange(1, 4) + chance.uniform(-0.3, 0.3, (len(nears), 3))) / 4)[..., None]
    upright = [one[:, None] + (other - one)[:, None] * shares for one, other in ((left, right), (far_left, far_right))]
    kept = chance.uniform(size=(len(nears), 3)) < 0.75
    sweep(sheet, np.stack(upright, axis=2)[kept], ink, (0.6 * widths).repeat(3)[kept.ravel()], 0.8)


def _wall(stage: Stage, side: int) -> None:
    """Stone below, plaster above, a coping of dark tiles; it grows towards the viewer."""
    sheet, way = stage.sheet, np.linspace(0, _reach(stage, side), 16)
    feet = np.array([_edge(stage, side, near) for near in way])
    rise = np.array([_rise(stage, near) for near in way])
    middle, eaves, top = (feet - np.stack([0 * rise, share * rise], axis=1) for share in (0.5, 1 - _COPING, 1.0))
    plaster = mixed(mixed(sheet.paper, PIGMENTS["ochre"], 0.25), stage.light.ink, 0.12 + 0.35 * stage.light.dark)
    _band(stage, middle, eaves, plaster)
    _posts(stage, middle, eaves)
    low = way < 1.8
    _band(stage, feet[low], middle[low], mixed(sheet.paper, stage.light.ink, 0.5))
    _courses(stage, feet[low], 0.5 * rise[low])
    over = np.stack([-side * 0.06 * rise, 0.02 * rise], axis=1)
    _band(stage, eaves + over, top, WHITE if stage.snowy else mixed(sheet.paper, stage.light.dark_ink, 0.75))
    _tiles(stage, eaves + over, top)


def _reach(stage: Stage, side: int) -> float:
    """How near it comes before it leaves the picture on its side, as for `_edge`."""
    room = stage.x(stage.focus) if side < 0 else stage.sheet.width - stage.x(stage.focus)
    return max(1.9, (room / stage.sheet.unit - 7.5) / 20 + 0.4)


def _band(stage: Stage, lower: Floats, upper: Floats, colour: tuple[float, float, float]) -> None:
    """One layer of a wall, between two lines that run towards the viewer."""
    outline = [(float(x), float(y)) for x, y in (*lower, *upper[::-1])]
    tile = shape(outline, straight=True)
    stage.sheet.cover(tile, colour)
    down = np.linspace(0.1, 0.6, tile.mask.shape[0], dtype=np.float32)[:, None]
    stage.sheet.wash(stage.sheet.granulate(tile._replace(mask=tile.mask * down), 0.8), stage.light.ink, 0.5)


def _posts(stage: Stage, lower: Floats, upper: Floats) -> None:
    """Timber in the plaster, closer together further off."""
    places = np.geomspace(0.7, len(lower) - 1, 11)
    post = Brush(2.2 * stage.sheet.unit, mixed(PIGMENTS["brown"], stage.light.dark_ink, 0.5), 0.75, 0.4, 0.02, 0.02, 0.3)
    sweep(stage.sheet, np.stack([along(upper, places), along(lower, places)], axis=1), post, 0.15 + places / len(lower))


def _tiles(stage: Stage, eaves: Floats, top: Floats) -> None:
    """Rows of tiles across the coping, a dark line under it and one along its ridge."""
    sheet, ink = stage.sheet, stage.light.dark_ink
    places = np.geomspace(0.4, len(top) - 1, 38)
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
    place, row = sheet.chance.uniform(0.6, len(rise) - 1.5, 44), sheet.chance.integers(0, 3, 44)
    foot, high = along(feet, place), np.interp(place, np.arange(len(rise)), rise)
    joints = np.stack([foot - np.stack([0 * high, high * shares[row + step]], axis=1) for step in (0, 1)], axis=1)
    sweep(sheet, joints, ink, 0.8, sheet.chance.uniform(0.4, 1, 44))
