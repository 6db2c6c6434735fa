"""Grass that grows all over a field: fine and pale far off, blade by blade before the viewer, thick here and thin there."""

import numpy as np

from workers.providers.local.painter.brush import Brush, Curves, Floats, ribbons
from workers.providers.local.painter.noise import Plane, clouds
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.stage import Stage

_BANDS = ((0.0, 0.3, 340), (0.3, 0.66, 300), (0.66, 1.05, 260))
"""From where to where each lies, of the way from the far edge to the viewer, and how many blades it has."""

_TUFT = 9
"""Blades that grow from about one place."""

_LONG = 1.8
"""How much longer blades of long grass are."""

_LUSH = frozenset({"grass", "meadow", "young", "tender", "green"})


def lies(view: View) -> bool:
    """Whether a field's or a hill's own grass is all the grass that is named."""
    return view.setting in ("field", "hill") and "ripe" not in view.words


def meadow(stage: Stage, top: float | Plane) -> None:
    """From `top`, a share of the height or one for each column, to the lower edge; where snow lies none is seen."""
    if stage.snowy:
        return
    edge = np.broadcast_to(np.asarray(top, dtype=np.float32), stage.sheet.width)
    _lights(stage, edge)
    thick = 0.15 if "bare" in stage.view.words else 1.5 if stage.view.words & _LUSH else 0.75
    for first, last, count in _BANDS:
        tufts = int(thick * count / _TUFT)
        down = stage.sheet.chance.uniform(first, last, tufts)
        across = stage.sheet.chance.uniform(-0.03, 1.03, tufts)
        _blades(stage, edge, down, across)


def _lights(stage: Stage, edge: Plane) -> None:
    """Level stretches in shade, broader towards the viewer, and sun between them."""
    sheet, first = stage.sheet, int(edge.min() * stage.sheet.height)
    rows = np.arange(first, sheet.height, dtype=np.float32)[:, None]
    depth = (rows / sheet.height - edge) / (1 - edge)
    shade = clouds(sheet.chance, sheet.width, len(rows), 9 * sheet.unit, 4, stretched=6)
    mask = np.clip((shade - 0.5) * 3, 0, 1) * np.clip(5 * depth, 0, 1)
    sheet.wash(Tile(0, first, mask.astype(np.float32)), mixed(stage.light.ground, blade_colour(stage), 0.45), 0.25)


def is_green(stage: Stage) -> bool:
    fresh = "green" in stage.view.words or "young_grass" in stage.view.plants
    return fresh or stage.view.season in ("spring", "summer")


def blade_colour(stage: Stage) -> Colour:
    """Green in spring and summer, and where it is said to be; straw in the other seasons; darker with the light."""
    straw = mixed(PIGMENTS["brown"], PIGMENTS["ochre"], 0.3)
    colour = mixed((0.33, 0.47, 0.22), stage.light.ground, 0.2) if is_green(stage) else straw
    return mixed(colour, stage.light.dark_ink, 0.1 + 0.35 * stage.light.dark)


def _blades(stage: Stage, edge: Plane, down: Floats, across: Floats) -> None:
    """A tuft at each place: its blades fan out from one root, and all lean a little with the air."""
    chance, unit = stage.sheet.chance, stage.sheet.unit
    down, across = down.repeat(_TUFT), across.repeat(_TUFT)
    size = (0.9 + 5.2 * down**1.5) * unit * chance.uniform(0.5, 1.15, len(down))
    out = chance.normal(0, 0.5, len(down))
    if stage.view.says("long tall deep high", "grass"):
        size *= _LONG
    top = edge[(across * stage.sheet.width).astype(int).clip(0, stage.sheet.width - 1)]
    foot = (top + (1 - top) * down) * stage.sheet.height
    root = np.stack([across * stage.sheet.width + out * 0.75 * size, foot + chance.normal(0, 0.1, len(down)) * size], axis=1)
    tips = _bent(size, 0.5 * out + 1.15 * stage.lean if "wind" in stage.view.weather else out + 0.22 * stage.lean)
    tones = (0.35 + 0.65 * down) * chance.uniform(0.45, 1, len(down))
    widths = size / size.max()
    brush = Brush(0.12 * float(size.max()), blade_colour(stage), 0.85, 0.0, 0.3, 0.8, 0.15)
    tile = ribbons(stage.sheet, root[:, None] + tips, brush, np.clip(widths, 0.35, 1), tones)
    stage.sheet.cover(tile._replace(mask=np.clip(1.3 * tile.mask, 0, 1)), brush.ink, 0.9)


def _bent(size: Floats, out: Floats) -> Curves:
    """Blades as long as `size` that bend outwards by `out`, from their root at 0."""
    share = np.linspace(0, 1, 4)
    x = size[:, None] * out[:, None] * 0.75 * share**1.8
    y = -size[:, None] * (share - 0.2 * np.abs(out[:, None]).clip(0, 1.2) * share**3)
    return np.stack([x, y], axis=2)
