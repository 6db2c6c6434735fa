"""How each part of a sketch is laid: wet bodies without outline, walls that fade, roofs stroke by stroke, broken lines."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from workers.providers.local.painter import bridges
from workers.providers.local.painter.blaze import blaze
from workers.providers.local.painter.brim import brim, rim
from workers.providers.local.painter.brush import Brush, moved, smooth, sweep
from workers.providers.local.painter.fur import fur
from workers.providers.local.painter.noise import clouds
from workers.providers.local.painter.palette import INK, PIGMENTS, WHITE, mixed
from workers.providers.local.painter.paper import page, script
from workers.providers.local.painter.rocks import rock
from workers.providers.local.painter.roofs import THATCH, TILES, roof
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.turned import turn
from workers.providers.local.painter.washes import disc, graded, pooled, shape

_SOLID = 0.8
"""A wet body stronger than this hides what is behind it."""

Corners = list[tuple[float, float]]


class At(NamedTuple):
    """Where a sketch stands: the middle of its foot and its height, in pixels.

    `turned` mirrors it, `lit` lights its windows, `snowy` whitens its roofs.
    """

    x: float
    y: float
    size: float
    turned: bool
    lit: bool
    snowy: bool = False


class Part(NamedTuple):
    """One line of a sketch: its numbers and names after the verb, and its points in pixels."""

    style: Sequence[str]
    points: Corners

    def pigment(self, at: At) -> Colour:
        """The pigment `window` is lamplight in the dark and grey by day."""
        return PIGMENTS[self.style[0] if self.style[0] != "window" else "glow" if at.lit else "dark"]


def lay(sheet: Sheet, verb: str, part: Part, at: At) -> None:
    """Raises KeyError for a verb nobody knows."""
    _VERBS[verb](sheet, part, at)


def _modelled(tile: Tile) -> Tile:
    """Light comes from the upper left: the lower right of a thing is twice as dark."""
    height, width = tile.mask.shape
    across, down = np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return tile._replace(mask=np.clip(tile.mask * (0.62 + 0.4 * across**1.5 + 0.3 * down), 0, 1).astype(np.float32))


def _wash(sheet: Sheet, part: Part, at: At, *, straight: bool, hides: bool) -> None:
    tile = shape(part.points, straight=straight, soft=0.14 * sheet.unit)
    if hides:
        sheet.cover(tile, sheet.paper)
    sheet.wash(_modelled(pooled(sheet, tile, 0.25)), part.pigment(at), float(part.style[1]))


def _wet(sheet: Sheet, part: Part, at: At) -> None:
    """A body in one touch of a loaded brush: watery within, darker where the ink pooled; a solid one has a broken outline."""
    tile = shape(part.points, soft=0.05 * sheet.unit)
    strength, pigment = float(part.style[1]), part.pigment(at)
    if strength <= _SOLID:
        sheet.cover(graded(sheet.granulate(tile, 0.15), 1.0, 0.86), pigment, strength)
        return
    sheet.cover(tile, mixed(pigment, sheet.paper, 0.3))
    sheet.cover(_modelled(_watery(sheet, tile)), pigment, strength)
    sheet.wash(graded(pooled(sheet, tile, 0.7), 0.9, 0.5), PIGMENTS["grey"], 0.45 * strength)
    _outline(sheet, part.points)


def _watery(sheet: Sheet, tile: Tile) -> Tile:
    """Pigment that settled as the water dried, in clouds a third of the body wide."""
    height, width = tile.mask.shape
    settled = clouds(sheet.chance, width, height, max(4.0, 0.35 * max(width, height)), 4)
    return tile._replace(mask=np.clip(tile.mask * (0.55 + 0.9 * settled), 0, 1))


def _outline(sheet: Sheet, points: Corners) -> None:
    """One closed line of a small brush that runs dry on its way round."""
    ring = np.array([[*points, points[0]]])
    size = float(np.ptp(ring[0], axis=0).max())
    width = min(max(0.03 * size, 0.26 * sheet.unit), 0.5 * sheet.unit)
    sweep(sheet, smooth(ring, 4 * ring.shape[1]), Brush(width, INK, 0.72, 0.5, 0.05, 0.2, 0.7))


def _wall(sheet: Sheet, part: Part, at: At) -> None:
    """Plaster or boards; they hide what is behind them, down to the foot."""
    tile = shape(part.points, straight=True, soft=0.07 * sheet.unit)
    sheet.cover(tile, sheet.paper)
    sheet.wash(graded(sheet.granulate(tile, 0.5), 1.1, 0.7), part.pigment(at), float(part.style[1]))
    ends = np.array(part.points)
    sides = np.stack([ends, np.roll(ends, -1, axis=0)], axis=1)[1:]
    sweep(sheet, sides, Brush(0.34 * sheet.unit, INK, 0.7, 0.5, 0.1, 0.2, 0.6))


def _under(sheet: Sheet, part: Part, at: At) -> None:
    """The dark beneath eaves, lost downwards."""
    tile = shape(part.points, straight=True, soft=0.12 * sheet.unit)
    sheet.wash(graded(sheet.granulate(tile, 0.4), 1.0, 0.0), part.pigment(at), float(part.style[1]))


def _pane(sheet: Sheet, part: Part, at: At) -> None:
    """An opening in its frame; by lamplight it glows into the air around it."""
    tile = shape(part.points, straight=True, soft=0.08 * sheet.unit)
    if part.style[0] == "window" and at.lit:
        x, y = np.mean(part.points, axis=0)
        reach = float(np.ptp(np.array(part.points)[:, 0]))
        halo = disc(float(x), float(y), reach * 0.4, reach * 1.9)
        sheet.cover(halo._replace(mask=halo.mask**2), (0.98, 0.78, 0.42), 0.4)
        sheet.cover(sheet.granulate(tile, 0.25), (1.0, 0.86, 0.52), 0.97)
    else:
        sheet.cover(tile, sheet.paper)
        sheet.wash(sheet.granulate(tile, 0.3), part.pigment(at), float(part.style[1]))
    ends = np.array(part.points)
    sweep(sheet, np.stack([ends, np.roll(ends, -1, axis=0)], axis=1), Brush(0.32 * sheet.unit, INK, 0.75, 0.35, 0.05, 0.1, 0.5))


def _thatch(sheet: Sheet, part: Part, at: At) -> None:
    roof(sheet, part.points, float(part.style[0]), THATCH, snowy=at.snowy)


def _tiles(sheet: Sheet, part: Part, at: At) -> None:
    roof(sheet, part.points, float(part.style[0]), TILES, snowy=at.snowy)


def _line(sheet: Sheet, part: Part, at: At, *, straight: bool) -> None:
    """Hands tremble and brushes run dry: no line is even, none quite reaches its end."""
    pigment = PIGMENTS[part.style[0]] if len(part.style) > 1 else INK
    width = max(0.85 * float(part.style[-1]) * at.size / 100, 0.28 * sheet.unit)
    points = np.array(part.points) + sheet.chance.normal(0, 0.12 * sheet.unit, (len(part.points), 2))
    curves = np.stack([points[:-1], points[1:]], axis=1) if straight else points[None]
    sweep(sheet, curves, Brush(width, pigment, 0.78, 0.62, 0.25, 0.4, 0.6))


def _foam(sheet: Sheet, part: Part, at: At) -> None:
    """Broken water: a white line that tears."""
    width = float(part.style[0]) * at.size / 100
    sweep(sheet, np.array([part.points]), Brush(width, WHITE, 0.95, 0.45, 0.3, 0.4, 0.9), opaque=True)


def _dots(sheet: Sheet, part: Part, at: At) -> None:
    for x, y in part.points:
        sheet.cover(disc(x, y, float(part.style[1]) * at.size / 100, 0.25 * sheet.unit), part.pigment(at), 0.92)


def _glow(sheet: Sheet, part: Part, at: At) -> None:
    radius = float(part.style[0]) * at.size / 100
    for x, y in part.points:
        for reach, strength in ((2.0, 0.45), (0.8, 0.7)):
            halo = disc(x, y, radius * reach * 0.4, radius * reach)
            sheet.cover(halo._replace(mask=halo.mask**2), PIGMENTS["glow"], strength if at.lit else strength * 0.5)


def _blaze(sheet: Sheet, part: Part, at: At) -> None:
    for x, y in part.points:
        blaze(sheet, x, y, float(part.style[0]) * at.size / 100, dark=at.lit)


def _rock(sheet: Sheet, part: Part, at: At) -> None:
    for x, y in part.points:
        tone = float(part.style[1]) if len(part.style) > 1 else 0.3
        rock(sheet, x, y, float(part.style[0]) * at.size / 100, tone=tone, snowy=at.snowy)


def _turn(sheet: Sheet, part: Part, at: At) -> None:
    """Half of a body that is turned: half widths and heights."""
    turn(sheet, at.x, at.y, [(abs(x - at.x), at.y - y) for x, y in part.points], part.pigment(at), part.style[1])


def _brim(sheet: Sheet, part: Part, at: At) -> None:
    """The point is at the lip's right end; a filling is told by its pigment and how far below the lip it is; glass is clear."""
    (x, y), within, *down = part.points[0], part.style[1], *part.style[2:]
    if within == "clear":
        rim(sheet, at.x, y, abs(x - at.x))
        return
    filling = None if within == "empty" else PIGMENTS[within]
    brim(sheet, at.x, y, abs(x - at.x), part.pigment(at), filling, sum(map(float, down)) * at.size / 100)


def _page(sheet: Sheet, part: Part, at: At) -> None:
    left, right = (float(shade) for shade in part.style[1:])
    page(sheet, part.points, part.pigment(at), *((right, left) if at.turned else (left, right)))


def _limb(sheet: Sheet, part: Part, at: At) -> None:
    """A handle, a leg, a shaft: round, lit from the left; its third number is what is left of its width at its end."""
    pigment, width = part.pigment(at), float(part.style[1]) * at.size / 100
    thin = float(part.style[2]) if len(part.style) > 2 else 1.0
    curve = np.array([part.points])
    body = Brush(width, mixed(pigment, INK, 0.25), 1.0, 0.0, 0.01, 0.01, 0.05, thin)
    # One touch of a brush is never quite opaque.
    for _ in range(3):
        sweep(sheet, curve, body, opaque=True)
    light = Brush(0.4 * width, mixed(pigment, WHITE, 0.4), 0.7, 0.45, 0.1, 0.2, 0.3, thin)
    sweep(sheet, moved(curve, -0.16 * width, -0.16 * width), light, opaque=True)
    sweep(sheet, moved(curve, 0.3 * width, 0.24 * width), Brush(0.5 * width, INK, 0.6, 0.35, 0.05, 0.1, 0.3, thin))


def _span(sheet: Sheet, part: Part, at: At) -> None:
    """A bridge: its wood, its form, and whether all of it, or what is behind or before whoever crosses it."""
    pigment, form, which = part.style
    (x, y), share = part.points[0], 0.1 if pigment == "red" else 0.45
    span = _SPANS[form](x, y, at.size, mixed(PIGMENTS[pigment], INK, share))
    if which != "front":
        bridges.back(sheet, span, snowy=at.snowy)
    if which != "back":
        bridges.front(sheet, span, snowy=at.snowy)


_SPANS = {"arched": bridges.arched, "level": bridges.level}

_VERBS: dict[str, Callable[[Sheet, Part, At], None]] = {
    "fill": lambda sheet, part, at: _wash(sheet, part, at, straight=False, hides=True),
    "block": lambda sheet, part, at: _wash(sheet, part, at, straight=True, hides=True),
    "tint": lambda sheet, part, at: _wash(sheet, part, at, straight=False, hides=False),
    "wet": _wet,
    "wall": _wall,
    "under": _under,
    "pane": _pane,
    "thatch": _thatch,
    "tiles": _tiles,
    "line": lambda sheet, part, at: _line(sheet, part, at, straight=False),
    "edge": lambda sheet, part, at: _line(sheet, part, at, straight=True),
    "dot": _dots,
    "foam": _foam,
    "glow": _glow,
    "blaze": _blaze,
    "rock": _rock,
    "turn": _turn,
    "brim": _brim,
    "page": _page,
    "script": lambda sheet, part, at: script(sheet, part.points, int(part.style[0])),
    "limb": _limb,
    "fur": lambda sheet, part, at: fur(sheet, part.points, part.pigment(at), float(part.style[1])),
    "span": _span,
}
