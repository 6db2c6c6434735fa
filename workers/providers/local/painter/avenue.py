"""A straight road between two rows of trees."""

import numpy as np

from workers.providers.local.painter import earth, land, plants, sky, trees
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, stroke
from workers.providers.local.painter.course import Course
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour
from workers.providers.local.painter.sketch import shadow
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import tuft, verges
from workers.providers.local.painter.washes import disc

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
    edges = Course(horizon + 0.005, middle, middle, 0.0).edges(sheet, 0.17)
    land.way(sheet, stage.light, edges)
    verges(stage, edges)
    for depth in _DEPTHS:
        for side in (-1, 1):
            _tree(stage, stage.x(stage.focus) + side * 40 / depth * sheet.unit, stage.y(horizon + (1 - horizon) / depth), depth)
        sky.mist(sheet, horizon + 0.02, 0.03, 0.12 * depth / 2)


def _tree(stage: Stage, x: float, foot: float, depth: float) -> None:
    """Bare in winter; else a trunk and a crown of many clumps."""
    sheet, size = stage.sheet, 62 / depth * stage.sheet.unit
    colour = _LEAVES.get(stage.view.season)
    if colour is None:
        plants.bare(sheet, Spot(x, foot, 44 / depth, 0, stage.light, stage.snowy))
        return
    shadow(sheet, x, foot, 0.1 * size)
    _trunk(stage, x, foot, size)
    _crown(stage, x, foot, size, colour)
    for out in (-0.09, 0.02, 0.1):
        tuft(stage, x + out * size, foot + 0.4 * sheet.unit, 9 / depth)


def _trunk(stage: Stage, x: float, foot: float, size: float) -> None:
    """It stands on its roots and thins into the crown; all in pixels."""
    ink = stage.light.dark_ink
    trunk = [(x, foot), (x + 0.02 * size, foot - 0.4 * size), (x - 0.01 * size, foot - 0.8 * size)]
    stroke(stage.sheet, trunk, Brush(0.08 * size, ink, 0.95, 0.15, 0.02, 0.3, 0.2, 0.5))
    for side in (-1, 1):
        toe = [(x + 0.02 * side * size, foot - 0.09 * size), (x + 0.045 * side * size, foot - 0.01 * size)]
        stroke(
            stage.sheet, [*toe, (x + 0.1 * side * size, foot + 0.012 * size)], Brush(0.045 * size, ink, 0.9, 0.2, 0.2, 0.6, 0.3)
        )


def _crown(stage: Stage, x: float, foot: float, size: float, colour: Colour) -> None:
    """Clumps from the lowest to the highest, dark below, their leaves along the rim of each."""
    sheet, dark = stage.sheet, mixed(colour, stage.light.dark_ink, 0.5)
    masses = np.array(_MASSES) * size * (1, -1) + sheet.chance.normal(0, 0.02 * size, (len(_MASSES), 2)) + (x, foot)
    for at, up in masses:
        clump = disc(float(at), float(up), 0.11 * size, 0.08 * size)
        sheet.cover(clump, mixed(colour, WHITE, 0.3), 0.85)
        sheet.wash(sheet.granulate(clump, 0.8), colour, 0.5)
        sheet.wash(sheet.granulate(disc(float(at), float(up + 0.06 * size), 0.07 * size, 0.07 * size), 0.6), dark, 0.4)
    for tint, tone, count in ((stage.light.dark_ink, 0.5, 34), (stage.light.dark_ink, 0.12, 34), (WHITE, 0.25, 12)):
        aside = sheet.chance.normal(0, 0.07 * size, (count * len(masses), 2)).clip(-0.13 * size, 0.13 * size)
        trees.leaves(sheet, masses.repeat(count, axis=0) + aside, 0.034 * size, mixed(colour, tint, tone))


_MASSES = ((-0.1, 0.56), (0.12, 0.57), (-0.27, 0.66), (0.26, 0.66), (0.0, 0.72), (-0.19, 0.82), (0.2, 0.82), (0.0, 0.94))
"""Where a crown's clumps are, in heights of the tree from its foot."""
