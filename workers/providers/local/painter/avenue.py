"""A straight road between two rows of trees."""

from workers.providers.local.painter import groves, land, sky
from workers.providers.local.painter.brush import Brush, stroke
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.stage import Stage

_DEPTHS = (6.0, 4.4, 3.2, 2.3, 1.6)
"""How far away each pair stands; 1 is the lower edge of the picture."""


def avenue(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.6, 0.64, 0.86)
    sheet = stage.sheet
    heavens(stage)
    land.mountains(sheet, stage.light, horizon, 2, 0.16, snowy=stage.snowy)
    land.ground(sheet, stage.light, horizon + 0.01, 0.8)
    middle = stage.share(stage.focus)
    land.path(sheet, stage.light, horizon + 0.02, middle, middle, 0.0)
    for depth in _DEPTHS:
        for side in (-1, 1):
            _tree(stage, stage.x(stage.focus) + side * 40 / depth * sheet.unit, stage.y(horizon + (1 - horizon) / depth), depth)
        sky.mist(sheet, horizon + 0.02, 0.03, 0.12 * depth / 2)


def _tree(stage: Stage, x: float, foot: float, depth: float) -> None:
    sheet, size = stage.sheet, 46 / depth * stage.sheet.unit
    trunk = [(x, foot), (x + 0.02 * size, foot - 0.4 * size), (x - 0.01 * size, foot - 0.8 * size)]
    stroke(sheet, trunk, Brush(0.1 * size, stage.light.dark_ink, 0.95, 0.15, 0.02, 0.3, 0.2, 0.6))
    for across, up, round_ in ((-0.2, 0.5, 0.5), (0.2, 0.52, 0.5), (0.0, 0.72, 0.56)):
        groves.bush(sheet, stage.light, x + across * size, foot - up * size, round_ * size)
