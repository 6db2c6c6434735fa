"""The ground under what stands far off: a low rise out of the mist, the dark of its foot, and the grass along it."""

import numpy as np

from workers.providers.local.painter import earth
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.noise import Plane, ridge
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.sketch import At, Sketch
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import tuft

_REACH = 2.3
"""How far to either side the rise goes, in half widths of what stands on it."""

_DEEP = 8.0
"""How far below its crest it is lost in mist, in units."""


def footing(stage: Stage, x: float, y: float, half: float) -> None:
    """A rise with its crest at (x, y); `half` is half as wide as what stands there; in pixels. Laid before it is drawn."""
    sheet, reach = stage.sheet, _REACH * half + 6 * stage.sheet.unit
    left, right = max(0, int(x - 1.3 * reach)), min(sheet.width, int(x + 1.3 * reach))
    if right - left < 2:
        return
    away = np.abs(np.arange(left, right, dtype=np.float32) - x) / reach
    rough = ridge(sheet.chance, right - left, 9 * sheet.unit, 4)
    crest = y + (3.4 * away**2.4 + rough - 0.9) * sheet.unit
    _body(stage, left, crest, away)
    _crest(stage, left, crest, away)


def _body(stage: Stage, left: int, crest: Plane, away: Plane) -> None:
    """Solid at the crest, gone in mist below it and to either side."""
    sheet, top = stage.sheet, int(crest.min())
    rows = np.arange(top, min(sheet.height, int(crest.min() + 2.6 * _DEEP * sheet.unit)), dtype=np.float32)
    depth = rows[:, None] - crest
    below = np.clip(depth / (0.5 * sheet.unit), 0, 1) * np.exp(-((np.clip(depth, 0, None) / (_DEEP * sheet.unit)) ** 2))
    mask = (below * np.clip(1.25 - away**3, 0, 1)).astype(np.float32)
    sheet.cover(Tile(left, top, np.clip(1.3 * mask, 0, 1)), _soil(stage), 0.96)
    shade = mask * np.exp(-np.clip(depth, 0, None) / (3 * sheet.unit))
    dark = sheet.granulate(Tile(left, top, shade.astype(np.float32)), 0.5)
    sheet.wash(dark, stage.light.ink, 0.1 if stage.snowy else 0.5)


def _soil(stage: Stage) -> Colour:
    if stage.snowy and not stage.thawing:
        return earth.white(stage.light)
    ground = mixed(stage.sheet.paper, stage.light.ground, 0.75)
    return mixed(ground, stage.light.dark_ink, 0.08 + 0.22 * stage.light.dark)


def _crest(stage: Stage, left: int, crest: Plane, away: Plane) -> None:
    """The line of the rise in a dry brush, lost at both ends."""
    places = np.linspace(0, len(crest) - 1, 14).astype(int)
    places = places[away[places] < 0.8]
    if len(places) > 2:
        line = np.stack([left + places, crest[places] + 0.3 * stage.sheet.unit], axis=1)[None].astype(np.float64)
        sweep(stage.sheet, line, Brush(0.5 * stage.sheet.unit, stage.light.dark_ink, 0.3, 0.75, 0.45, 0.5, 0.6))


def rooted(stage: Stage, x: float, y: float, half: float) -> None:
    """The dark where it meets the ground, and grass at its corners; as for `footing`, laid when it is drawn."""
    sheet, deep = stage.sheet, 0.10 * half + 0.5 * stage.sheet.unit
    rows, columns = np.ogrid[int(y - 2 * deep) : int(y + 3 * deep), int(x - 1.6 * half) : int(x + 1.8 * half)]
    across = np.clip(np.abs(columns - x - 0.1 * half) / half - 0.85, 0, None) / 0.3
    down = np.where(rows < y, (y - rows) / (0.5 * deep), (rows - y) / deep)
    dark = np.exp(-(across**2) - down**2).astype(np.float32)
    tile = Tile(int(x - 1.6 * half), int(y - 2 * deep), dark)
    sheet.wash(sheet.granulate(tile, 0.3), mixed(stage.light.dark_ink, PIGMENTS["grey"], 0.3), 0.55)
    # Beside its walls: before them it would hang from the floor, and before its door bar the way.
    for side, count in ((-1, 3), (1, 3)):
        for out in np.sort(sheet.chance.uniform(0.0, 0.5, count)):
            size = sheet.chance.uniform(1.6, 3.2)
            place = x + side * ((1.0 + float(out)) * half + 0.8 * size * sheet.unit)
            tuft(stage, place, y + sheet.chance.uniform(-0.2, 0.6) * sheet.unit, size)


_ON_STONE = frozenset({"castle", "train"})
"""What stands on a stone base or on rails: no grass grows over those."""


def grown(stage: Stage, name: str, each: Sketch, foot: At) -> None:
    """What grows against the foot of one of those called `name`."""
    if name not in _ON_STONE:
        rooted(stage, foot.x, foot.y, foot.size * each.wide / 100)
