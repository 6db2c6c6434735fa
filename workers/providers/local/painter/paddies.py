"""Paddies: gold and ripe for the harvest, their ears hanging in rows, or green; grassy ridges lie between the plots."""

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

_STALKS = 110
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


class Crop(NamedTuple):
    """The soil or water it stands in, its stalks, its ears or the tips of its leaves; `hangs` is how far those bend over."""

    floor: Colour
    stalk: Colour
    ear: Colour
    hangs: float


_RIPE = Crop((0.80, 0.64, 0.34), (0.54, 0.39, 0.17), (0.90, 0.70, 0.32), 1.0)
_GREEN = Crop((0.70, 0.79, 0.60), (0.34, 0.50, 0.24), (0.46, 0.62, 0.30), 0.35)


def paddies(stage: Stage, top: float, *, ripe: bool) -> None:
    """From `top`, a share of the height, to the lower edge; plot before plot, so that rice stands before its ridge."""
    plan, crop = Plan(stage.share(0.62), top), _RIPE if ripe else _GREEN
    _floor(stage, top, crop)
    _away(stage, plan)
    for nearest, furthest, rows in ((3.8, 7.0, 6), (2.3, 3.8, 7), (1.45, 2.3, 8), (0.98, 1.45, 7)):
        _ears(stage, plan, np.geomspace(furthest, nearest * 1.05, rows), crop)
        if nearest in _RIDGES:
            _across(stage, plan, nearest)


def _toned(stage: Stage, pigment: Colour) -> Colour:
    return mixed(pigment, stage.light.ink, 0.45 * stage.light.dark)


def _floor(stage: Stage, top: float, crop: Crop) -> None:
    """One light wash, paler towards the village."""
    sheet = stage.sheet
    rows = np.arange(int(top * sheet.height), sheet.height, dtype=np.float32)[:, None]
    depth = (rows - top * sheet.height) / (sheet.height * (1 - top))
    body = np.clip(depth * 14, 0, 1) * (0.85 - 0.25 * depth) * np.ones((1, sheet.width), dtype=np.float32)
    sheet.cover(sheet.granulate(Tile(0, int(rows[0, 0]), body.astype(np.float32)), 0.12), _toned(stage, crop.floor))


def _ridge(stage: Stage, curves: Curves, widths: Floats) -> None:
    width = 2.6 * stage.sheet.unit
    grass = Brush(width, _toned(stage, (0.60, 0.62, 0.42)), 0.95, 0.1, 0.02, 0.02, 0.35)
    sweep(stage.sheet, curves, grass, widths, opaque=True)
    sweep(stage.sheet, moved(curves, 0, 0.4 * width), Brush(0.3 * width, PIGMENTS["moss"], 0.8, 0.6, 0.02, 0.02, 0.6), widths)


def _across(stage: Stage, plan: Plan, far: float) -> None:
    sheet, x = stage.sheet, np.linspace(-0.05, 1.05, 7)
    y = plan.y(np.array(far)) + sheet.chance.normal(0, 0.004, 7) / far + 0.012 * (x - 0.5) / far
    _ridge(stage, np.stack([x * sheet.width, y * sheet.height], axis=1)[None], np.array([1 / far]))


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


def _ears(stage: Stage, plan: Plan, distances: Floats, crop: Crop) -> None:
    """Rows of stalks from far to near, and what hangs from them."""
    sheet = stage.sheet
    far = distances.repeat(_STALKS) * sheet.chance.normal(1, 0.012, len(distances) * _STALKS)
    x, high = sheet.chance.uniform(-0.02, 1.02, len(far)), 0.075 * sheet.chance.uniform(0.7, 1.1, len(far)) / far
    grows = _is_off_ridges(plan, x, far)
    x, far, high = x[grows], far[grows], high[grows] * sheet.height
    lean = stage.lean * crop.hangs * sheet.chance.uniform(0.6, 1.2, (len(x), 1))
    stalk = np.array(_EAR) * high[:, None, None] * np.stack([lean, np.ones_like(lean)], axis=2)
    curves = stalk + np.stack([x * sheet.width, plan.y(far) * sheet.height], axis=1)[:, None]
    tones = sheet.chance.uniform(0.3, 1, len(x))
    share = distances.min() / far
    straw, grain = _toned(stage, crop.stalk), _toned(stage, crop.ear)
    sweep(sheet, curves, Brush(0.1 * high.max(), straw, 0.85, 0.3, 0.1, 0.3), share, tones, opaque=True)
    sweep(sheet, curves[:, 2:], Brush(0.2 * high.max(), grain, 0.9, 0.35, 0.3, 0.6, 0.6), share, tones, opaque=True)


def _is_off_ridges(plan: Plan, x: Floats, far: Floats) -> npt.NDArray[np.bool_]:
    """No stalk stands on a ridge, of those that run away or of those that run across."""
    rows = np.searchsorted(_RIDGES, far)
    lanes = np.stack([_lanes(number) for number in range(len(_RIDGES) + 1)])
    beside = np.abs(((x - plan.vanish) * far)[:, None] - lanes[rows]).min(axis=1) > _VERGE
    across = np.abs(far[:, None] / np.array(_RIDGES) - 1).min(axis=1) > 0.02
    return np.asarray(beside & across)
