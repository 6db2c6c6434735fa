"""A street of wooden houses that draws together in the mist, lanterns at its doors."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.ink import At, Part, lay
from workers.providers.local.painter.palette import INK, WHITE
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sketch import draw, sketches
from workers.providers.local.painter.sky import mist
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import blur, shape

Corner = Callable[[float, float, float], tuple[float, float]]
"""From how far out, how high and how deep a point lies, to its place in pixels."""

_DEPTHS = (6.4, 4.2, 2.9, 2.0, 1.4, 0.95, 0.6, 0.3)
"""How far the corners of the houses stand away; 1 is where a house is half as high as the picture."""


def street(stage: Stage, eye: float, *, lanterns: bool) -> None:
    """Its houses run to a point at the height `eye`, a share of the picture's."""
    vanishing = (stage.x(0.46), stage.y(eye))
    _paving(stage, vanishing)
    for far, near in pairwise(_DEPTHS):
        for side in (-1, 1):
            _front(stage, vanishing, side, far, near, lanterns=lanterns)
        if near > 1.9:
            mist(stage.sheet, eye + 0.03, 0.1 / near + 0.02, 0.35)


def _corner(stage: Stage, vanishing: tuple[float, float], side: float, up: float, depth: float) -> tuple[float, float]:
    """A point of the street: `side` from its middle, `up` from eye level, both in units at depth 1."""
    unit = stage.sheet.unit / depth
    return vanishing[0] + side * unit, vanishing[1] - up * unit


def _front(stage: Stage, vanishing: tuple[float, float], side: int, far: float, near: float, *, lanterns: bool) -> None:
    sheet, chance = stage.sheet, stage.sheet.chance
    eaves = chance.uniform(4.5, 8)
    at = At(0, 0, 10 * sheet.unit, stage.turned, stage.lamplit, stage.snowy)

    def corner(out: float, up: float, depth: float) -> tuple[float, float]:
        return _corner(stage, vanishing, side * out, up, depth)

    gap = near + (far - near) * 0.06
    tone = float(np.clip(1.15 - 0.13 * far, 0.3, 0.95))
    front = [corner(17, eaves, far), corner(17, eaves, gap), corner(17, -14, gap), corner(17, -14, far)]
    lay(sheet, "wall", Part(("brown", f"{0.6 * tone}"), front), at)
    lay(sheet, "under", Part(("ink", f"{0.6 * tone}"), front), at)
    _lattice(stage, corner, (far, gap), eaves, tone, at)
    ridge = chance.uniform(11, 15)
    slope = [
        corner(20, eaves + ridge, far),
        corner(20, eaves + ridge, near),
        corner(13.5, eaves - 1, near),
        corner(13.5, eaves - 1, far),
    ]
    lay(sheet, "tiles", Part((f"{tone}",), slope), at)
    if lanterns and near > 0.5:
        middle = (far * near) ** 0.5
        x, y = corner(14, eaves - 7, middle)
        draw(sheet, sketches()["lantern"], At(x, y, 6.5 * sheet.unit / middle, stage.turned, True))


def _lattice(stage: Stage, corner: Corner, depths: tuple[float, float], eaves: float, tone: float, at: At) -> None:
    """Upright bars before paper windows, closer together further off."""
    far, near = depths
    places = 1 / np.linspace(1 / far, 1 / near, 9)
    pane = [
        corner(17, eaves * 0.1, places[2]),
        corner(17, eaves * 0.1, places[6]),
        corner(17, -11, places[6]),
        corner(17, -11, places[2]),
    ]
    lay(stage.sheet, "pane", Part(("window", f"{0.5 * tone}"), pane), at)
    bars = np.array([[corner(17, eaves * 0.5, depth), corner(17, -14, depth)] for depth in places])
    sweep(stage.sheet, bars, Brush(0.7 * stage.sheet.unit / near, INK, 0.85 * tone, 0.45, 0.05, 0.3, 0.4), near / places)


def _paving(stage: Stage, vanishing: tuple[float, float]) -> None:
    sheet = stage.sheet
    edge = [_corner(stage, vanishing, 17 * side, -14, 0.16) for side in (-1, 1)]
    floor = shape([vanishing, edge[1], edge[0]], straight=True, soft=0.6 * sheet.unit)
    sheet.cover(floor, WHITE if stage.snowy else sheet.paper, 0.7)
    if not stage.snowy:
        down = np.linspace(0.3, 1.0, floor.mask.shape[0], dtype=np.float32)[:, None]
        sheet.wash(sheet.granulate(floor._replace(mask=floor.mask * down), 0.8), stage.light.ink, 0.5 + 0.3 * stage.light.dark)
    depths = np.array((0.75, 1.0, 1.4, 2.0, 3.0))
    joints = np.array([[_corner(stage, vanishing, -12, -14, d), _corner(stage, vanishing, 12, -14, d)] for d in depths])
    sweep(sheet, joints, Brush(0.7 * sheet.unit, stage.light.dark_ink, 0.4, 0.8, 0.3, 0.5, 0.5), 1 / depths**0.5)


def wet_ground(sheet: Sheet, top: float, strength: float = 0.5) -> None:
    """After rain the ground below `top`, a share of the height, holds what is above it: soft upright streaks."""
    first = int(top * sheet.height)
    depth = min(sheet.height - first, first)
    above = sheet.rgb[first - depth : first][::-1]
    streaks = np.stack([blur(above[..., c], 2.2 * sheet.unit) for c in range(3)], axis=2)
    mask = (
        np.linspace(strength, 0.1, depth, dtype=np.float32)[:, None, None]
        * np.clip(sheet.mottle[first : first + depth] * 1.6, 0, 1)[..., None]
    )
    sheet.rgb[first : first + depth] += mask * (streaks - sheet.rgb[first : first + depth])
