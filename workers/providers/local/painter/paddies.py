"""Paddies ripe for the harvest: gold plots between grassy ridges, their ears hanging in rows."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workers.providers.local.painter.brush import Brush, Curves, Floats, moved, sweep
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.stage import Stage

_RIDGES = (1.45, 2.3, 3.8)
"""How far off the ridges lie that run across; the picture's lower edge is at 1."""

_PLOT = 0.62
"""How wide a plot is at the lower edge, a share of the width."""

_STALKS = 90
"""In a row."""

_VERGE = 0.03
"""How far from the middle of a ridge rice grows, in widths at the lower edge."""

_EAR = ((0.0, 0.0), (0.03, -0.6), (0.16, -0.96), (0.36, -0.9), (0.5, -0.62))
"""A stalk from its foot, bent by its ear, in heights."""


class Plan(NamedTuple):
    """Where the ridges meet, a share of the width, and what share of the height lies above the paddies."""

    vanish: float
    top: float

    def y(self, distance: Floats) -> Floats:
        """The row of the picture at a distance, a share of the height."""
        return np.asarray(self.top + (1.03 - self.top) / distance - (1.03 - self.top) / 8)


def paddies(stage: Stage, top: float) -> None:
    """From `top`, a share of the height, to the lower edge."""
    plan = Plan(stage.share(0.62), top)
    _floor(stage, top)
    _across(stage, plan)
    _away(stage, plan)
    for nearest, furthest, rows in ((2.3, 6.5, 9), (1.45, 2.3, 8), (1.0, 1.45, 6)):
        _ears(stage, plan, np.geomspace(furthest, nearest, rows))


def _toned(stage: Stage, pigment: Colour) -> Colour:
    return mixed(pigment, stage.light.ink, 0.45 * stage.light.dark)


def _floor(stage: Stage, top: float) -> None:
    """One light wash, paler towards the village."""
    sheet = stage.sheet
    rows = np.arange(int(top * sheet.height), sheet.height, dtype=np.float32)[:, None]
    depth = (rows - top * sheet.height) / (sheet.height * (1 - top))
    body = np.clip(depth * 14, 0, 1) * (0.85 - 0.25 * depth) * np.ones((1, sheet.width), dtype=np.float32)
    sheet.cover(sheet.granulate(Tile(0, int(rows[0, 0]), body.astype(np.float32)), 0.12), _toned(stage, (0.90, 0.77, 0.47)))


def _ridge(stage: Stage, curves: Curves, widths: Floats) -> None:
    width = 2.6 * stage.sheet.unit
    grass = Brush(width, _toned(stage, (0.60, 0.62, 0.42)), 0.95, 0.1, 0.02, 0.02, 0.35)
    sweep(stage.sheet, curves, grass, widths, opaque=True)
    sweep(stage.sheet, moved(curves, 0, 0.4 * width), Brush(0.3 * width, PIGMENTS["moss"], 0.8, 0.6, 0.02, 0.02, 0.6), widths)


def _across(stage: Stage, plan: Plan) -> None:
    sheet, far = stage.sheet, np.array(_RIDGES)
    x = np.linspace(-0.05, 1.05, 7)
    y = plan.y(far)[:, None] + sheet.chance.normal(0, 0.004, (3, 7)) / far[:, None] + 0.012 * (x - 0.5) / far[:, None]
    curves = np.stack([np.broadcast_to(x, y.shape) * sheet.width, y * sheet.height], axis=2)
    _ridge(stage, curves, 1 / far)


def _away(stage: Stage, plan: Plan) -> None:
    """Ridges that run towards the village, narrower the further off: one plot's are not its neighbour's."""
    sheet, ends = stage.sheet, (1.0, *_RIDGES, 7.5)
    for number, (near, far) in enumerate(pairwise(ends)):
        distance = np.geomspace(near, far, 5)
        x = plan.vanish + _lanes(number)[:, None] / distance
        x = x[((x > -0.05) & (x < 1.05)).any(axis=1)] * sheet.width
        y = np.broadcast_to(plan.y(distance) * sheet.height, x.shape)
        _ridge(stage, np.stack([x, y], axis=2), np.full(len(x), 0.8 / near))


def _lanes(number: int) -> Floats:
    """Where the ridges of a row of plots cross the lower edge, in widths from the vanishing point."""
    return np.asarray((np.arange(-7, 8) + 0.35 * (number % 2) - 0.2) * _PLOT)


def _ears(stage: Stage, plan: Plan, distances: Floats) -> None:
    """Rows of stalks from far to near, and the grain that hangs from them."""
    sheet = stage.sheet
    far = distances.repeat(_STALKS) * sheet.chance.normal(1, 0.012, len(distances) * _STALKS)
    x, high = sheet.chance.uniform(-0.02, 1.02, len(far)), 0.075 * sheet.chance.uniform(0.7, 1.1, len(far)) / far
    grows = _is_off_ridges(plan, x, far, high)
    x, far, high = x[grows], far[grows], high[grows] * sheet.height
    lean = stage.lean * sheet.chance.uniform(0.6, 1.2, (len(x), 1))
    stalk = np.array(_EAR) * high[:, None, None] * np.stack([lean, np.ones_like(lean)], axis=2)
    curves = stalk + np.stack([x * sheet.width, plan.y(far) * sheet.height], axis=1)[:, None]
    tones = sheet.chance.uniform(0.45, 1, len(x))
    share = distances.min() / far
    straw, grain = _toned(stage, (0.66, 0.50, 0.24)), _toned(stage, (0.83, 0.60, 0.24))
    sweep(sheet, curves, Brush(0.085 * high.max(), straw, 0.8, 0.3, 0.1, 0.3), share, tones)
    sweep(sheet, curves[:, 2:], Brush(0.2 * high.max(), grain, 0.9, 0.35, 0.3, 0.6, 0.6), share, tones)


def _is_off_ridges(plan: Plan, x: Floats, far: Floats, high: Floats) -> npt.NDArray[np.bool_]:
    """Neither stands a stalk on a ridge nor does it hide one that runs across."""
    rows = np.searchsorted(_RIDGES, far)
    lanes = np.stack([_lanes(number) for number in range(len(_RIDGES) + 1)])
    beside = np.abs(((x - plan.vanish) * far)[:, None] - lanes[rows]).min(axis=1) > _VERGE
    foot, across = plan.y(far)[:, None], plan.y(np.array(_RIDGES))
    return np.asarray(beside & ~((foot - high[:, None] < across) & (across < foot + 0.006)).any(axis=1))
