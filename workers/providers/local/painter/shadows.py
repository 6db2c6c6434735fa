"""The hour when shadows are longer than what throws them."""

import numpy as np

from workers.providers.local.painter import land, plants, sky
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.sheet import Tile
from workers.providers.local.painter.sketch import At, draw, sketches
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import blur, shape

_SUN = 0.52
"""Where the sun stands, a share of the width."""

_TREES = ((0.3, 0.66, 13.0), (0.74, 0.65, 10.0), (0.12, 0.68, 16.0))
"""Shares of width and height, and the height in units."""


def long_shadows(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.6, 0.66, 0.78)
    sheet, light = stage.sheet, stage.light
    sky.sky(sheet, light, horizon)
    sky.sun(sheet, stage.x(_SUN), stage.y(horizon - 0.09), 6.5 * sheet.unit)
    behind(stage, horizon, 2, 0.1)
    land.ground(sheet, light, horizon + 0.01, 0.8)
    for x, y, size in _TREES:
        _shadow(stage, x, y + stage.shot.lower, 0.5 * size, 0.3)
        plants.bare(sheet, Spot(stage.x(x), stage.y(y + stage.shot.lower), size, stage.lean, light))
    x, y, size = 0.44, 0.76, 10 * sheet.unit
    _shadow(stage, x, y, 1.9, 0.2)
    draw(sheet, sketches()["figure"], At(stage.x(x), stage.y(y), size, stage.turned, False))


def _shadow(stage: Stage, x: float, y: float, half: float, length: float) -> None:
    """From a foot away from the sun, towards the viewer: it widens and fades; `half` in units, the rest in shares."""
    sheet = stage.sheet
    end = x + (x - _SUN) * 1.3
    wide = 0.5 * half * sheet.unit
    left, right, top, bottom = stage.x(x), stage.x(end), stage.y(y), stage.y(y + length)
    tile = shape(
        [(left - wide * 0.4, top), (left + wide * 0.4, top), (right + wide * 1.5, bottom), (right - wide * 1.5, bottom)],
        straight=True,
    )
    fading = np.linspace(1.0, 0.0, tile.mask.shape[0], dtype=np.float32)[:, None]
    sheet.wash(sheet.granulate(Tile(tile.x, tile.y, blur(tile.mask * fading, 0.5 * sheet.unit)), 0.4), (0.3, 0.28, 0.32), 0.85)
