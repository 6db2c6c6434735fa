"""A street between tall buildings: they stand on its pavements left and right and draw together far off."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from workers.providers.local.painter.brush import Brush, Curves, Floats, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour
from workers.providers.local.painter.sky import mist
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_DEPTHS = (7.0, 5.0, 3.6, 2.6, 1.85, 1.3, 0.9, 0.6)
"""How far the corners of the buildings stand away; at 1 a unit is a hundredth of the picture's side."""

_KERB, _WALL, _GROUND = 22.0, 29.0, -17.0
"""How far from the middle of the street the pavement and the buildings begin, and how far below the eye the ground is."""


def boulevard(stage: Stage, eye: float) -> None:
    """Runs to a point at the height `eye`, a share of the picture's."""
    vanishing = np.array((stage.x(0.5), stage.y(eye)))
    _pavement(stage, vanishing)
    for far, near in pairwise(_DEPTHS):
        for side in (-1, 1):
            _building(stage, vanishing, side, (far, near))
        if near > 1.8:
            mist(stage.sheet, eye + 0.02, 0.09 / near + 0.02, 0.3)
    _lines(stage, vanishing)


def _seen(stage: Stage, vanishing: Floats, points: Floats) -> Floats:
    """Points by how far out, how high above the eye and how deep they lie, to pixels."""
    return np.asarray(vanishing + points[..., :2] * (1, -1) * stage.sheet.unit / points[..., 2:])


def _fill(stage: Stage, corners: Floats, colour: Colour, grain: float = 0.25) -> None:
    tile = shape([(float(x), float(y)) for x, y in corners], straight=True, soft=0.08 * stage.sheet.unit)
    stage.sheet.cover(tile, colour)
    stage.sheet.wash(stage.sheet.granulate(tile, grain), stage.light.ink, 0.12)


def _pavement(stage: Stage, vanishing: Floats) -> None:
    """The ground from wall to wall, the roadway darker between its kerbs."""
    ground = mixed(stage.sheet.paper, stage.light.ink, 0.16)
    for out, colour in ((400.0, ground), (_KERB, mixed(ground, stage.light.ink, 0.35))):
        corners = np.array([(-out, _GROUND, 30.0), (out, _GROUND, 30.0), (out, _GROUND, 0.3), (-out, _GROUND, 0.3)])
        _fill(stage, _seen(stage, vanishing, corners), colour)


def _building(stage: Stage, vanishing: Floats, side: int, depths: tuple[float, float]) -> None:
    """The wall along the street and the one that looks at us, from the ground to the roof."""
    chance, (far, near) = stage.sheet.chance, depths
    near += (far - near) * 0.08
    high, out = chance.uniform(34, 78), side * (_WALL + chance.uniform(0, 3))
    paler = float(np.clip(0.1 * far, 0.0, 0.65))
    along = mixed(mixed(PIGMENTS["grey"], stage.light.ink, 0.3 + 0.6 * stage.light.dark), stage.sheet.paper, paler)
    front = mixed(along, INK, 0.25 * (1 - paler))
    broad = out + side * chance.uniform(26, 40)
    for colour, wall in (
        (front, [(out, near), (broad, near)]),
        (along, [(out, far), (out, near)]),
    ):
        (a, c), (b, d) = wall
        corners = _seen(stage, vanishing, np.array([(a, high, c), (b, high, d), (b, _GROUND, d), (a, _GROUND, c)]))
        _fill(stage, corners, colour)
        _edges(stage, corners, near)
        _windows(stage, vanishing, np.array([(a, c), (b, d)]), high, paler)


def _edges(stage: Stage, corners: Floats, near: float) -> None:
    ring = np.stack([corners, np.roll(corners, -1, axis=0)], axis=1)
    sweep(stage.sheet, ring, Brush(0.6 * stage.sheet.unit / near**0.5, INK, 0.75, 0.5, 0.05, 0.1, 0.5))


def _windows(stage: Stage, vanishing: Floats, wall: Floats, high: float, paler: float) -> None:
    """Upright panes in storeys, closer together further off; by lamplight many are lit."""
    sheet, storeys = stage.sheet, np.arange(_GROUND + 9, high - 3, 5.5)
    # Evenly spaced on the wall is evenly spaced in one over the depth only seen from the front.
    shares = np.linspace(0.14, 0.86, 5)[:, None]
    places = wall[0] + (wall[1] - wall[0]) * shares
    feet = np.stack([np.broadcast_to(each[:, None], (5, len(storeys))) for each in places.T], axis=2).reshape(-1, 2)
    up = np.tile(storeys, 5)
    panes = np.stack(
        [_seen(stage, vanishing, np.stack([feet[:, 0], up + rise, feet[:, 1]], axis=1)) for rise in (0.0, 3.2)], axis=1
    )
    inside = (panes[:, 0, 0] > -5) & (panes[:, 0, 0] < sheet.width + 5) & (panes[:, 0, 1] > -5)
    panes, deep = panes[inside], feet[inside, 1]
    lit = (sheet.chance.uniform(size=len(panes)) < (0.4 if stage.lamplit else 0.0)) & ~_behind_the_poem(stage, panes[:, 0])
    _glaze(stage, panes[~lit], deep[~lit], mixed(mixed(INK, stage.light.ink, 0.4), sheet.paper, paler), 0.8)
    _glaze(stage, panes[lit], deep[lit], mixed(PIGMENTS["glow"], sheet.paper, 0.4 * paler), 0.95)


def _behind_the_poem(stage: Stage, places: Floats) -> npt.NDArray[np.bool_]:
    """No lamp shines through its strokes."""
    x, y = places[:, 0] / stage.sheet.width, places[:, 1] / stage.sheet.height
    aside = 1 - x if stage.turned else x
    return np.asarray((aside > 0.8) & (y < 0.56)) if stage.roomy else np.zeros(len(places), dtype=bool)


def _glaze(stage: Stage, panes: Curves, deep: Floats, colour: Colour, strength: float) -> None:
    if len(panes):
        nearest = float(deep.min())
        brush = Brush(2.4 * stage.sheet.unit / nearest, colour, strength, 0.1, 0.01, 0.01, 0.15)
        sweep(stage.sheet, panes, brush, nearest / deep, opaque=True)


def _lines(stage: Stage, vanishing: Floats) -> None:
    """Both kerbs, and the broken line down the middle."""
    kerbs = np.array([[(side * _KERB, _GROUND, depth) for depth in (0.35, 0.7, 1.5, 6.0)] for side in (-1, 1)])
    ink = Brush(1.1 * stage.sheet.unit, stage.light.dark_ink, 0.75, 0.5, 0.02, 0.8, 0.5)
    sweep(stage.sheet, _seen(stage, vanishing, kerbs), ink)
    starts = np.array((0.42, 0.58, 0.85, 1.3, 2.1, 3.4))
    dashes = np.array([[(0.0, _GROUND, start), (0.0, _GROUND, start * 1.17)] for start in starts])
    white = Brush(1.6 * stage.sheet.unit, PIGMENTS["paper"], 0.8, 0.4, 0.05, 0.1, 0.4)
    sweep(stage.sheet, _seen(stage, vanishing, dashes), white, starts[0] / starts, opaque=True)
