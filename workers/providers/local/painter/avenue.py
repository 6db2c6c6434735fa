"""A straight road between two rows of trees."""

import numpy as np

from workers.providers.local.painter import earth, land, plants, sky, trees
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, stroke
from workers.providers.local.painter.course import Course
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.stage import Stage

_DEPTHS = (6.0, 4.4, 3.2, 2.3, 1.6)
"""How far away each pair stands; 1 is the lower edge of the picture."""

_LEAVES = {"spring": PIGMENTS["green"], "summer": PIGMENTS["moss"], "autumn": PIGMENTS["rust"]}


def avenue(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.6, 0.64, 0.86)
    sheet = stage.sheet
    heavens(stage)
    behind(stage, horizon, 2, 0.16)
    earth.earth(stage, horizon + 0.01, 0.8)
    middle = stage.share(stage.focus)
    land.way(sheet, stage.light, Course(horizon + 0.005, middle, middle, 0.0).edges(sheet, 0.17))
    for depth in _DEPTHS:
        for side in (-1, 1):
            _tree(stage, stage.x(stage.focus) + side * 40 / depth * sheet.unit, stage.y(horizon + (1 - horizon) / depth), depth)
        sky.mist(sheet, horizon + 0.02, 0.03, 0.12 * depth / 2)


def _tree(stage: Stage, x: float, foot: float, depth: float) -> None:
    """Bare in winter; else a trunk and a crown of five masses."""
    sheet, size = stage.sheet, 62 / depth * stage.sheet.unit
    colour = _LEAVES.get(stage.view.season)
    if colour is None:
        plants.bare(sheet, Spot(x, foot, 44 / depth, 0, stage.light, stage.snowy))
        return
    trunk = [(x, foot), (x + 0.02 * size, foot - 0.4 * size), (x - 0.01 * size, foot - 0.8 * size)]
    stroke(sheet, trunk, Brush(0.08 * size, stage.light.dark_ink, 0.95, 0.15, 0.02, 0.3, 0.2, 0.5))
    masses = np.array([(0, 0.92), (-0.2, 0.78), (0.2, 0.8), (-0.1, 0.64), (0.14, 0.62)]) * size
    for tint, tone, count in ((stage.light.dark_ink, 0.5, 40), (stage.light.dark_ink, 0.12, 30), (WHITE, 0.3, 12)):
        crown = (
            masses.repeat(count, axis=0) * (1, -1) + sheet.chance.normal(0, 0.085 * size, (count * len(masses), 2)) + (x, foot)
        )
        trees.leaves(sheet, crown, 0.055 * size, mixed(colour, tint, tone))
