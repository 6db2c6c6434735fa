"""What belongs to a house or a gate: trees behind it, bushes at its corners, a gate's walls, the way to its door."""

import numpy as np

from workers.providers.local.painter import groves, land, named, placing, sizes, sky
from workers.providers.local.painter.azalea import clipped
from workers.providers.local.painter.brush import Brush, Curves, dabs, sweep
from workers.providers.local.painter.course import through
from workers.providers.local.painter.ink import At, Part, lay
from workers.providers.local.painter.palette import INK
from workers.providers.local.painter.sketch import draw, sketches
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import verges

GATES = frozenset({"gate", "new_year_gate"})

_DOORSTEP = 0.012
"""Half the width of the way at a door, a share of the width."""


def homestead(stage: Stage) -> None:
    """Laid before what stands there, which is painted with it."""
    here = [name for name in named.named_on(stage) if name in GATES or name == "house"]
    if not here:
        return
    x, y = placing.door(stage)
    size = sizes.size_of(stage, here[0])
    _trees(stage, x, y, size)
    walled_gate(stage)
    placing.stand_far(stage)
    _bushes(stage, x, y, size)
    if not stage.snowy and "grass" not in stage.view.plants:
        _way(stage, x, y)


def walled_gate(stage: Stage) -> bool:
    """Lays the walls of a gate named in a garden from edge to edge; answers whether there is one."""
    if not GATES.intersection(named.named_on(stage)):
        return False
    x, y = placing.door(stage)
    _roof_beyond(stage, x, y, sizes.size_of(stage, "gate"))
    _walls(stage, y, sizes.size_of(stage, "gate"))
    return True


def _trees(stage: Stage, x: float, y: float, size: float) -> None:
    """A grove at its back, higher on one side of it; sizes and places in pixels."""
    sheet, kind = stage.sheet, groves.kind(stage.sheet, stage.view.season)
    foot, unit = (y - 0.03 * size) / sheet.height, size / sheet.unit
    for left, right, tall, tone in ((-1.75, -0.3, 0.62, 0.5), (0.35, 1.5, 0.5, 0.4)):
        near, far = (x + stage.lean * reach * size for reach in (left, right))
        span = (min(near, far) / sheet.width, max(near, far) / sheet.width)
        kind(sheet, stage.light, span, foot, tall * unit, tone, snowy=stage.snowy)


def _roof_beyond(stage: Stage, x: float, y: float, size: float) -> None:
    """What the gate leads to, its roof pale above the wall."""
    name = "temple" if "temple" in stage.view.words else "house"
    aside, tall = (1.5, 1.25) if name == "temple" else (1.3, 0.8)
    at = At(x + stage.lean * aside * size, y - 0.3 * size, tall * size, stage.turned, stage.lamplit, stage.snowy)
    draw(stage.sheet, sketches()[name], at)
    sky.mist(stage.sheet, (y - 0.42 * size) / stage.sheet.height, 0.1, 0.35)


def _walls(stage: Stage, y: float, size: float) -> None:
    """Plaster under tiles from edge to edge, as high as the gate's own; its foot at `y`, in pixels."""
    sheet = stage.sheet
    at = At(0, y, size, stage.turned, stage.lamplit, stage.snowy)

    def band(low: float, high: float) -> list[tuple[float, float]]:
        left, right, top, foot = -3.0, sheet.width + 3.0, y - high * size / 100, y - low * size / 100
        return [(left, top), (right, top), (right, foot), (left, foot)]

    for verb, style, low, high in (
        ("wall", ("paper", "0.5"), 3, 34),
        ("wall", ("dark", "0.6"), 0, 6),
        ("under", ("ink", "0.6"), 22, 35),
        ("tiles", ("0.75",), 33, 44),
    ):
        lay(sheet, verb, Part(style, band(low, high)), at)
    lay(sheet, "under", Part(("ink", "0.4"), band(-5, 0)), at)
    stones = np.arange(0, sheet.width, 0.11 * size)
    joints = np.stack([stones + sheet.chance.normal(0, 0.02 * size, len(stones)), np.full_like(stones, y - 0.06 * size)], axis=1)
    sweep(sheet, dabs(joints, 0.0, 0.055 * size), Brush(0.3 * sheet.unit, INK, 0.6, 0.4, 0.05, 0.1, 0.4))


def _bushes(stage: Stage, x: float, y: float, size: float) -> None:
    """Round ones at the corners, two together."""
    chance = stage.sheet.chance
    for side, out in ((-1, 0.86), (-1, 1.05), (1, 0.95)):
        place = x + side * stage.lean * size * (out + chance.normal(0, 0.04))
        clipped(stage, float(place), y + 0.02 * size, size * chance.uniform(0.08, 0.13))


def _way(stage: Stage, x: float, y: float) -> None:
    """From below the picture to the door, in one bend."""
    edges = _course(stage, x, y)
    stage.tread(land.trodden(edges))
    land.way(stage.sheet, stage.light, edges)
    verges(stage, edges)


def _course(stage: Stage, x: float, y: float) -> Curves:
    sheet = stage.sheet
    place = (stage.share(placing.nearest(stage)), stage.front + 0.04)
    swing = float(sheet.chance.uniform(0.06, 0.12) * sheet.chance.choice([-1, 1]))
    course = through(y / sheet.height, x / sheet.width, place, swing)
    edges = course.edges(sheet, 0.07, 60.0, _DOORSTEP)
    return np.asarray(edges)
