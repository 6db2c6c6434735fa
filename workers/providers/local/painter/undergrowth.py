"""What no description names and every landscape has: far groves, rocks in a corner, grass by the way."""

from collections.abc import Callable, Sequence

import numpy as np

from workers.providers.local.painter import groves, rocks, sky
from workers.providers.local.painter.brush import Brush, Curves, dabs, sweep
from workers.providers.local.painter.flowers import grass
from workers.providers.local.painter.meadow import blade_colour, is_green
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.reflection import reflect
from workers.providers.local.painter.sketch import shadow
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.stage import Stage


def far_trees(stage: Stage, y: float, height: float) -> None:
    """Two groves, one paler and further off, with mist at their feet; in every other landscape none, but in an empty one."""
    sheet, empty = stage.sheet, stage.view.setting == "field" and not stage.view.things
    if sheet.chance.uniform() < 0.5 and "forest" not in stage.view.words and not empty:
        return
    start, trees = sheet.chance.uniform(-0.05, 0.35), groves.kind(sheet, stage.view.season)
    for shift, share, tone in ((0.35, 0.7, 0.4), (0.0, 1.0, 0.72)):
        left = (start + shift) % 0.8 - 0.05
        span = sorted((stage.share(left), stage.share(left + 0.38)))
        foot = y - 0.012 * shift
        _rise(stage, (span[0], span[1]), foot, tone)
        trees(sheet, stage.light, (span[0], span[1]), foot, height * share, tone, snowy=stage.snowy)
    sky.mist(sheet, y + 0.022, 0.022, 0.7)


def _rise(stage: Stage, span: tuple[float, float], foot: float, tone: float) -> None:
    """The land a grove stands on, out of the mist and back into it; without it trees would hang in the air."""
    sheet, unit = stage.sheet, stage.sheet.unit
    share = np.linspace(-0.06, 1.06, 9)
    x = (span[0] + (span[1] - span[0]) * share) * sheet.width
    y = stage.y(foot) + sheet.chance.normal(0, 0.22, 9) * unit + 1.4 * unit * np.abs(2 * share - 1) ** 3
    back = np.stack([np.stack([x, y + down * unit], axis=1) for down in (0.0, 1.0)])
    sweep(sheet, back, Brush(1.7 * unit, stage.light.ink, 0.75 * tone, 0.4, 0.3, 0.35, 0.5), (0.6, 1.0), (1.0, 0.7))


def foreground(stage: Stage, y: float = 0.97, size: float = 11) -> None:
    """What lies nearest, in a corner below the poem or across from it: rocks, tall grass, or nothing."""
    on_water = _by_water(stage)
    kinds = _kinds(stage, on_water=on_water)
    # A round window has no corners: of what lies there it would show a sliver.
    if not stage.round:
        kinds[int(stage.sheet.chance.integers(len(kinds)))](stage, y, size * stage.sheet.chance.uniform(0.7, 1.1))
    if not on_water and stage.view.setting != "beach":
        tufts(stage, 0.93, 5)


def _kinds(stage: Stage, *, on_water: bool) -> Sequence[Callable[[Stage, float, float], None]]:
    if stage.trodden is not None:
        return _BY_A_WAY
    return _BY_WATER if on_water else _ON_SAND if stage.view.setting == "beach" else _ON_LAND


def _nothing(_stage: Stage, _y: float, _size: float) -> None:
    """The paper is left empty."""


def _corner(stage: Stage) -> int:
    """Oftener the poem's side, which is otherwise empty; never where a way leaves the picture."""
    side = stage.lean if stage.sheet.chance.uniform() < 0.7 else -stage.lean
    middle, height = stage.sheet.width / 2, stage.sheet.height
    left, right = sorted((middle, middle + side * middle))
    return -side if stage.treads(left, 0.85 * height, right, height) else side


def _rocks(stage: Stage, y: float, size: float) -> None:
    for x, foot, high in rocks.heap(stage.sheet, _corner(stage), y, size):
        (_in_water if _by_water(stage) or stage.in_stream(x, foot) else _on_ground)(stage, x, foot, high)


def _in_water(stage: Stage, x: float, y: float, size: float) -> None:
    before = stage.sheet.rgb.copy()
    rocks.rock(stage.sheet, x, y, size, snowy=stage.snowy)
    reflect(stage.sheet, before, y + 0.1 * size, size)


def _on_ground(stage: Stage, x: float, y: float, size: float) -> None:
    """With the dark of its foot and what grows against it."""
    shadow(stage.sheet, x, y + 0.06 * size, 1.1 * size)
    rocks.rock(stage.sheet, x, y, size, snowy=stage.snowy)
    if stage.view.setting == "beach":
        return
    for place in stage.sheet.chance.uniform(-1.2, 1.2, 5):
        tuft(stage, x + float(place) * size, y + 0.17 * size, 0.42 * size / stage.sheet.unit + 1.5)


def _by_water(stage: Stage) -> bool:
    return stage.view.setting in ("sea", "fall") or "bridge" in stage.view.things


def _tall_grass(stage: Stage, _: float, size: float) -> None:
    """Blades that lean in from the corner, higher than a child."""
    sheet, side = stage.sheet, _corner(stage)
    edge = 0 if side < 0 else sheet.width
    colour = mixed(blade_colour(stage), stage.light.dark_ink, 0.2)
    for out, tall in ((0.1, 2.2), (0.9, 1.7), (1.9, 1.1)):
        root = Spot(edge - side * out * size * sheet.unit, 1.01 * sheet.height, tall * size, -side, stage.light)
        grass(sheet, root, colour=colour, count=34, height=0.85)


_ON_LAND = (_rocks, _rocks, _tall_grass, _tall_grass, _nothing)
_ON_SAND = (_rocks, _tall_grass, _nothing)
_BY_WATER = (_rocks, _nothing)
_BY_A_WAY = (_rocks, _rocks, _nothing)


def tufts(stage: Stage, top: float, count: int) -> None:
    """What grows on the ground, smaller further off: tufts of grass, in dotted country moss, among bare rock a few stones."""
    sheet, hand = stage.sheet, stage.country.hand
    if hand == "dots":
        _moss(stage, top, 1 + count // 3)
        count = count // 2
    for _ in range(count if hand != "axe" else count // 2):
        y = top + (1 - top) * sheet.chance.uniform() ** 0.8
        tuft(stage, sheet.chance.uniform(0, 1) * sheet.width, stage.y(y), 3 + 9 * (y - top) / (1 - top + 0.01))
    if hand == "axe" and not stage.snowy:
        for _ in range(int(sheet.chance.integers(0, 3))):
            y = top + (1 - top) * sheet.chance.uniform(0, 0.7)
            size = (0.8 + 3 * (y - top) / (1 - top)) * sheet.unit
            rocks.rock(sheet, sheet.chance.uniform(0, 1) * sheet.width, stage.y(y), size)


def _moss(stage: Stage, top: float, drifts: int) -> None:
    """Dots that lie thick about a few places and thin out from them, broader towards the viewer; never in a row."""
    sheet, chance = stage.sheet, stage.sheet.chance
    of = np.repeat(np.arange(drifts), chance.integers(2, 17, drifts))
    down, turn = chance.uniform(0, 1, drifts)[of], chance.uniform(0, 2 * np.pi, len(of))
    reach = chance.gamma(1.2, 1.0, len(of)) * (1.5 + 4 * down) * sheet.unit
    x = chance.uniform(0, sheet.width, drifts)[of] + reach * np.cos(turn)
    y = (top + (1 - top) * down) * sheet.height + 0.6 * reach * np.sin(turn)
    spots = np.stack([x, y], axis=1)[y > stage.y(top)]
    touch = Brush(1.0 * sheet.unit, stage.light.dark_ink, 0.3 if stage.snowy else 0.5, 0.3, 0.4, 0.5, 0.3)
    widths, tones = chance.uniform(0.2, 1.1, len(spots)), chance.uniform(0.2, 1, len(spots))
    sweep(sheet, dabs(spots, 0.9 * sheet.unit, 0.0), touch, widths, tones)


def tuft(stage: Stage, x: float, y: float, size: float) -> None:
    """One tuft of the season's grass, where no snow, river or path is; its root in pixels, its size in units."""
    reach = size * stage.sheet.unit
    trodden = stage.treads(x - 0.75 * reach, y - 0.6 * reach, x + 0.75 * reach, y + 0.1 * reach)
    if stage.snowy or stage.in_stream(x, y) or trodden:
        return
    colour = mixed(mixed(blade_colour(stage), PIGMENTS["moss" if is_green(stage) else "brown"], 0.4), stage.light.dark_ink, 0.15)
    grass(stage.sheet, Spot(x, y, size, stage.lean, stage.light), colour=colour, count=14, height=0.8)


def verges(stage: Stage, edges: Curves) -> None:
    """Grass along the way, smaller further off; where the way winds back behind it there is none, or it would grow on it."""
    low, high = stage.sheet.height, float(edges[..., 1].min())
    for place in np.sort(stage.sheet.chance.uniform(0, 0.55, 24))[::-1]:
        x, y = edges[side := int(stage.sheet.chance.integers(2)), int(place * edges.shape[1])]
        size = 1 + 8 * min(1.0, float((y - high) / (low - high)))
        tuft(stage, float(x) + (2 * side - 1) * 0.95 * size * stage.sheet.unit, float(y) + 0.3 * stage.sheet.unit, size)
