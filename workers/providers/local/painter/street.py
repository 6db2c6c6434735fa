"""A street seen from its other side: wooden houses and shops wall to wall, the roofs of the next street behind them."""

import numpy as np

from workers.providers.local.painter import earth, land, sky
from workers.providers.local.painter.footing import rooted
from workers.providers.local.painter.sketch import At, draw, sketches
from workers.providers.local.painter.stage import Stage

_ROW = ("house", "shop", "house", "house", "shop", "house")

_HOUSE, _SHOP = 15.0, 17.5
"""How high, in units: a shop has an upper floor."""

_EAVES = 0.27
"""Where a lantern hangs at a house, a share of its height."""


def street(stage: Stage, foot: float, *, lanterns: bool) -> None:
    """The houses stand at `foot`, a share of the height, whoever walks the street from side to side before them."""
    _behind(stage, foot)
    earth.earth(stage, foot - 0.015, 0.8, 0.0)
    _roadway(stage, foot)
    stage.front = foot + 0.085
    first, x = int(stage.sheet.chance.integers(len(_ROW))), -0.02 * stage.sheet.width
    for number in range(first, first + 12):
        x = _stand(stage, _ROW[number % len(_ROW)], x, stage.y(foot), lanterns=lanterns)
        if x > stage.sheet.width:
            return


def _behind(stage: Stage, foot: float) -> None:
    """The next row, half as large and pale with distance."""
    sheet, x = stage.sheet, -6 * stage.sheet.unit
    while x < sheet.width + 6 * sheet.unit:
        size = sheet.chance.uniform(8, 10) * sheet.unit
        draw(sheet, sketches()["house"], At(x, stage.y(foot - 0.075), size, stage.turned, stage.lamplit, stage.snowy))
        x += 1.6 * size
    sky.mist(sheet, foot - 0.1, 0.055, 0.75)


def _stand(stage: Stage, name: str, x: float, foot: float, *, lanterns: bool) -> float:
    """One house with its left end at `x`; answers where the next begins. All in pixels."""
    sheet, sketch = stage.sheet, sketches()[name]
    size = (_SHOP if name == "shop" else _HOUSE) * sheet.unit * sheet.chance.uniform(0.94, 1.08)
    middle = x + size * sketch.wide / 100
    draw(sheet, sketch, At(middle, foot, size, stage.turned, stage.lamplit, stage.snowy))
    rooted(stage, middle, foot, size * 0.56)
    if lanterns:
        _hang(stage, middle + size * 0.62, foot - _EAVES * size)
    return x + size * sketch.wide / 100 * 1.92


def _hang(stage: Stage, x: float, y: float) -> None:
    size = 4.2 * stage.sheet.unit
    draw(stage.sheet, sketches()["hanging_lantern"], At(x, y, size, stage.turned, stage.lamplit))


def _roadway(stage: Stage, foot: float) -> None:
    """Trodden earth from edge to edge, nearer at one end."""
    sheet = stage.sheet
    x = np.linspace(-0.03, 1.03, 30) * sheet.width
    near = np.linspace(0, 1, 30) if stage.lean > 0 else np.linspace(1, 0, 30)
    upper, lower = foot + 0.035 + 0.01 * near, foot + 0.1 + 0.045 * near
    edges = [np.stack([x, line * sheet.height], axis=1) for line in (upper, lower)]
    land.way(sheet, stage.light, np.stack(edges))
