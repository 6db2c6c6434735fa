"""A straight road between two rows of trees."""

import numpy as np

from workers.providers.local.painter import earth, land, sky, trees
from workers.providers.local.painter.brush import Brush, stroke
from workers.providers.local.painter.course import Course
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.stage import Stage

_DEPTHS = (6.0, 4.4, 3.2, 2.3, 1.6)
"""How far away each pair stands; 1 is the lower edge of the picture."""

_LEAVES = {"spring": PIGMENTS["green"], "summer": PIGMENTS["moss"], "autumn": PIGMENTS["rust"]}


def avenue(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.6, 0.64, 0.86)
    sheet = stage.sheet
    heavens(stage)
    land.mountains(sheet, stage.light, horizon, 2, 0.16, snowy=stage.snowy)
    earth.earth(stage, horizon + 0.01, 0.8)
    middle = stage.share(stage.focus)
    land.way(sheet, stage.light, Course(horizon + 0.005, middle, middle, 0.0).edges(sheet, 0.17))
    for depth in _DEPTHS:
        for side in (-1, 1):
            _tree(stage, stage.x(stage.focus) + side * 40 / depth * sheet.unit, stage.y(horizon + (1 - horizon) / depth), depth)
        sky.mist(sheet, horizon + 0.02, 0.03, 0.12 * depth / 2)


def _tree(stage: Stage, x: float, foot: float, depth: float) -> None:
    sheet, size = stage.sheet, 62 / depth * stage.sheet.unit
    trunk = [(x, foot), (x + 0.02 * size, foot - 0.4 * size), (x - 0.01 * size, foot - 0.8 * size)]
    stroke(sheet, trunk, Brush(0.1 * size, stage.light.dark_ink, 0.95, 0.15, 0.02, 0.3, 0.2, 0.6))
    colour = _LEAVES.get(stage.view.season, stage.light.ink)
    dark = stage.light.dark_ink
    for tint, tone, up, count in ((dark, 0.55, 0.68, 170), (dark, 0.2, 0.74, 90), (WHITE, 0.3, 0.8, 45)):
        turn, out = sheet.chance.uniform(0, 2 * np.pi, count), np.sqrt(sheet.chance.uniform(0, 1, count))
        crown = np.stack([x + 0.3 * size * out * np.cos(turn), foot - size * (up + 0.24 * out * np.sin(turn))], axis=1)
        trees.leaves(sheet, crown, 0.085 * size, mixed(colour, tint, tone))
