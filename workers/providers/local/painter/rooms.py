"""Indoors: small things on a surface, or a window with the season behind it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from workers.providers.local.painter import cast, earth, groves, placing, sky, undergrowth, water
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, Curves, sweep
from workers.providers.local.painter.garden import beds
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import INK, WHITE, mixed
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.sketch import sketches
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_WOOD = (0.32, 0.24, 0.19)

_BY_A_WINDOW = 0.72
"""How near things are seen that stand by a window."""

_SILL_TALL, _SILL_WIDE = 20, 36
"""The largest that lies on a sill, in centimetres."""

SILL_DEEP = 4.2
"""How far its front edge is below the window's foot, in units."""

_ON_SILL = 0.5
"""Where things stand on it, from the window to its front edge."""

_DIM, _BRIGHT = frozenset({"dark", "dim"}), frozenset({"bright", "light", "morning", "sunny"})

_SMALL, _BROAD = frozenset({"little", "small"}), frozenset({"wide"})


class Pane(NamedTuple):
    """A window's opening: its middle and its half width and height, in pixels; round, or square with bars."""

    x: float
    y: float
    across: float
    up: float
    round: bool

    @property
    def foot(self) -> float:
        return self.y + self.up

    @property
    def outline(self) -> list[tuple[float, float]]:
        if not self.round:
            return [(self.x + a * self.across, self.y + b * self.up) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        turn = np.linspace(0, 2 * np.pi, 25)[:-1]
        return [(float(self.x + self.across * np.cos(a)), float(self.y + self.up * np.sin(a))) for a in turn]

    @property
    def bars(self) -> list[list[tuple[float, float]]]:
        if self.round:
            return []
        upright = [[(self.x + a * self.across, self.y - self.up), (self.x + a * self.across, self.foot)] for a in (-1 / 3, 1 / 3)]
        return [*upright, [(self.x - self.across, self.y), (self.x + self.across, self.y)]]


def still_life(stage: Stage) -> None:
    """Small things seen near: on a veranda before the season's hills, before a circle of ink, or at a window."""
    if "veranda" in stage.view.words:
        _veranda(stage)
    elif stage.shot.number == 1 or "wall" in stage.view.words:
        _bare(stage)
    elif stage.shot.number == 2:
        window(stage)
    else:
        _veranda(stage)
    stage.middle, stage.closeness = 0.62, stage.closeness or 1.0
    if {"desk", "table"}.intersection(stage.view.things):
        _tabletop(stage)


def _veranda(stage: Stage) -> None:
    sheet = stage.sheet
    horizon, _, _ = stage.lines(0.5, 0.62, 0.84)
    heavens(stage)
    behind(stage, horizon + 0.04, 3, 0.28)
    sky.mist(sheet, horizon + 0.06, 0.08, 0.9)
    groves.grove(sheet, stage.light, (0.0, 1.0), horizon + 0.13, 6, 0.5, snowy=stage.snowy)
    cast.sprig(stage)
    if "garden" in stage.view.words:
        earth.earth(stage, horizon + 0.1, 0.85, 0.0)
        beds(stage, horizon + 0.09, 0.74)
    else:
        sky.mist(sheet, horizon + 0.17, 0.06, 0.9)
    cast.fall(stage)
    _boards(stage, 0.71)
    post = [(stage.x(0.0), -5.0), (stage.x(0.045), -5.0), (stage.x(0.05), stage.y(0.74)), (stage.x(0.0), stage.y(0.74))]
    sheet.cover(sheet.granulate(shape(post, straight=True, soft=0.3 * sheet.unit), 0.5), (0.17, 0.14, 0.13), 0.9)


def _boards(stage: Stage, top: float) -> None:
    """Dark planks towards the viewer, worn pale in the middle."""
    sheet, first = stage.sheet, int(stage.y(top))
    down = np.linspace(0, 1, sheet.height - first, dtype=np.float32)[:, None]
    across = np.abs(np.linspace(-1, 1, sheet.width, dtype=np.float32) + (0.2 if not stage.turned else -0.2))
    worn = np.clip(0.34 + 0.4 * across**2 + 0.34 * down**2, 0, 1) * (0.75 + 0.5 * sheet.mottle[first:])
    sheet.cover(Tile(0, first, np.ones_like(worn)), sheet.paper, 0.97)
    sheet.wash(Tile(0, first, np.clip(worn, 0, 1).astype(np.float32)), (0.30, 0.24, 0.21), 0.95)
    middle = sheet.width * stage.share(0.42)
    seams = [
        [(middle + (x - middle) * 0.62, stage.y(top)), (middle + (x - middle) * 1.5, sheet.height + 4.0)]
        for x in np.linspace(-0.3, 1.3, 9) * sheet.width
    ]
    sweep(sheet, np.array(seams), Brush(0.8 * sheet.unit, INK, 0.7, 0.6, 0.1, 0.1, 0.5), sheet.chance.uniform(0.5, 1.3, 9))
    edge = np.array([[(-5, stage.y(top)), (sheet.width * 0.5, stage.y(top) - 1), (sheet.width + 5, stage.y(top))]])
    sweep(sheet, edge, Brush(1.6 * sheet.unit, INK, 0.85, 0.45, 0.02, 0.1, 0.5))


def _tabletop(stage: Stage) -> None:
    """A low table seen from a little above, its near edge in shade; what is named stands on it."""
    sheet, stage.front = stage.sheet, 0.80
    top = [(0.12, 0.775), (0.72, 0.775), (0.78, 0.875), (0.06, 0.875)]
    edge = [(0.06, 0.875), (0.78, 0.875), (0.78, 0.905), (0.06, 0.905)]
    legs = [[(x, 0.905), (x + 0.05, 0.905), (x + 0.045, 1.02), (x + 0.005, 1.02)] for x in (0.09, 0.70)]
    for corners, dark in ((top, 0.0), (edge, 0.45), *((leg, 0.6) for leg in legs)):
        outline = [(stage.x(x), stage.y(y)) for x, y in corners]
        tile = shape(outline, straight=True, soft=0.15 * sheet.unit)
        sheet.cover(tile, mixed((0.56, 0.42, 0.31), _WOOD, dark))
        sheet.wash(sheet.granulate(tile, 0.5), _WOOD, 0.35)
        rim = np.array([*outline, outline[0]])
        sweep(sheet, np.stack([rim[:-1], rim[1:]], axis=1), Brush(0.6 * sheet.unit, INK, 0.8, 0.5, 0.03, 0.05, 0.5))


def _bare(stage: Stage) -> None:
    """An ensō, one turn of a wide dry brush, and a branch that reaches in."""
    sheet = stage.sheet
    stage.horizon, stage.front = 0.9, 0.76
    shade = np.clip(
        1.1 - np.hypot(*np.ogrid[-0.3 : 1.0 : sheet.height * 1j, -0.2 : 1.3 : sheet.width * 1j]) + 0.5 * (sheet.mottle - 0.5),
        0,
        1,
    )
    sheet.wash(Tile(0, 0, shade.astype(np.float32)), stage.light.sky, 0.6 + 0.35 * stage.light.dark)
    if stage.light.dark > 0.5:
        sheet.wash(Tile(0, 0, np.clip(0.8 + 0.25 * (sheet.mottle - 0.5), 0, 1)), stage.light.sky, 0.8)
    turn = np.linspace(0.6, 6.5, 40) + sheet.chance.uniform(0, 1)
    radius = 30 * sheet.unit
    ring = np.stack([stage.x(stage.focus) + stage.lean * radius * np.cos(turn), stage.y(0.56) + radius * np.sin(turn)], axis=1)
    ink = Brush(5.5 * sheet.unit, stage.light.dark_ink if stage.light.dark < 0.5 else WHITE, 0.55, 0.55, 0.02, 0.25, 0.3, 0.6)
    sweep(sheet, ring[None], ink, opaque=True)
    cast.sprig(stage)


def window(stage: Stage) -> None:
    """The season's garden seen through a window, the wall left plain; things stand before it, or on its sill."""
    sheet, opening = stage.sheet, pane(stage)
    middle = stage.share(opening.x / sheet.width)
    stage.horizon, stage.middle = 0.56, 0.66
    heavens(stage, middle + 0.1)
    behind(stage, 0.58, 3, 0.24)
    sky.mist(sheet, 0.59, 0.05)
    _OUTSIDE.get(stage.view.setting, _garden)(stage)
    cast.view_from_window(stage, middle, opening.across / sheet.unit)
    cast.fall(stage)
    if stage.view.words & _DIM:
        sheet.wash(Tile(0, 0, np.ones_like(sheet.mottle)), (0.50, 0.52, 0.57), 0.8)
    _wall(stage, opening)
    _ledge(stage, opening)
    _boards(stage, 0.84)
    if stage.view.words & _BRIGHT and stage.view.hour != "night":
        _sunlight(stage, opening)
    stage.closeness = _BY_A_WINDOW
    stage.front = (opening.foot + _ON_SILL * SILL_DEEP * sheet.unit) / sheet.height - 0.02 if _lies_on_sill(stage) else 0.9


def _sunlight(stage: Stage, pane: Pane) -> None:
    """The window's light on the floor, drawn out to one side."""
    sheet, aside = stage.sheet, 0.45 * pane.across * stage.lean
    top, bottom = stage.y(0.85), stage.y(0.97)
    corners = [(pane.x - 0.7 * pane.across + 0.3 * aside, top), (pane.x + 0.7 * pane.across + 0.3 * aside, top)]
    corners += [(pane.x + 0.95 * pane.across + aside, bottom), (pane.x - 0.8 * pane.across + aside, bottom)]
    patch = sheet.granulate(shape(corners, straight=True, soft=0.6 * sheet.unit), 0.2)
    sheet.cover(patch, (1.0, 0.94, 0.80), 0.55)


def _lies_on_sill(stage: Stage) -> bool:
    """What is small lies where the light is; from the floor it would hide the window's foot."""
    here = [sketches()[name] for name in placing.named_on(stage)]
    small = all(sketch.tall <= _SILL_TALL and sketch.tall * sketch.wide / 50 <= _SILL_WIDE for sketch in here)
    return "sill" in stage.view.words or ("floor" not in stage.view.words and small)


def _garden(stage: Stage) -> None:
    """A lawn with its hedge, and whatever house stands there."""
    groves.grove(stage.sheet, stage.light, (0.0, 1.0), 0.63, 6, 0.55, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.63, 0.03, 0.7)
    earth.earth(stage, 0.64, 0.85, 0.015)
    placing.stand_far(stage)
    if "garden" in stage.view.words:
        beds(stage, 0.65, 0.84, walled=not placing.is_far(stage))
        return
    undergrowth.tufts(stage, 0.68, 9)


def _lake(stage: Stage) -> None:
    groves.grove(stage.sheet, stage.light, (0.0, 1.0), 0.6, 4, 0.55, snowy=stage.snowy)
    water.lake(stage.sheet, stage.light, 0.61, 1.0)


def _sea(stage: Stage) -> None:
    water.sea(stage.sheet, stage.light, 0.6)


_OUTSIDE = {"lake": _lake, "pond": _lake, "river": _lake, "sea": _sea, "beach": _sea}
"""What is seen from a window that looks out on water."""


def pane(stage: Stage) -> Pane:
    """Wholly inside the picture, wall on every side, the poem's side left free; as small or as wide as it is said to be."""
    sheet, words = stage.sheet, stage.view.words
    room = sheet.width * (0.76 if stage.roomy else 1.0)
    half = min(0.43 * room, 0.345 * sheet.height) * (0.72 if words & _SMALL and not stage.view.things else 1.0)
    broad = bool(words & _BROAD) and "round" not in words
    across, up = (0.41 * room, 0.76 * half) if broad else (half, half)
    round_ = not broad and bool(stage.shot.number or "round" in words)
    return Pane(stage.x(room / 2 / sheet.width), 0.77 * sheet.height - up, across, up, round_)


def _ledge(stage: Stage, pane: Pane) -> None:
    """The sill: a board under the window, wider than it, seen from a little above; its shadow is on the wall."""
    sheet, wide, unit = stage.sheet, pane.across * (0.8 if pane.round else 1.12), stage.sheet.unit
    back, front, under = pane.foot - 0.4 * unit, pane.foot + SILL_DEEP * unit, pane.foot + (SILL_DEEP + 1.5) * unit
    top = [(pane.x - 0.95 * wide, back), (pane.x + 0.95 * wide, back), (pane.x + wide, front), (pane.x - wide, front)]
    edge = [top[3], top[2], (pane.x + wide, under), (pane.x - wide, under)]
    shade = [(x + 0.8 * unit, y + 1.4 * unit) for x, y in edge]
    sheet.wash(shape(shade, straight=True, soft=0.9 * unit), (0.42, 0.38, 0.35), 0.6)
    for outline, colour in ((top, mixed(_WOOD, WHITE, 0.22)), (edge, _WOOD)):
        sheet.cover(sheet.granulate(shape(outline, straight=True, soft=0.15 * unit), 0.3), colour)
    lines = np.array([top[:2], edge[:2], edge[3:1:-1]])
    sweep(sheet, lines, Brush(0.9 * unit, INK, 0.8, 0.4, 0.03, 0.05, 0.4), (0.6, 0.6, 1.2))


def _wall(stage: Stage, pane: Pane) -> None:
    sheet, hole = stage.sheet, shape(pane.outline, straight=not pane.round, soft=0.5)
    wall = np.ones((sheet.height, sheet.width), dtype=np.float32)
    rows, columns, mask = sheet.inside(hole)
    wall[rows, columns] -= mask
    plaster = (0.43, 0.40, 0.40) if stage.light.dark >= 0.5 or stage.view.words & _DIM else (0.93, 0.90, 0.84)
    sheet.cover(Tile(0, 0, wall), plaster, 0.97)
    sheet.wash(Tile(0, 0, wall * np.clip((sheet.mottle - 0.3) * 1.2, 0, 1)), (0.74, 0.68, 0.60), 0.5)
    corners = np.hypot(*np.ogrid[-1.0 : 1.0 : sheet.height * 1j, -1.0 : 1.0 : sheet.width * 1j]) ** 2
    sheet.wash(
        Tile(0, 0, np.clip(wall * corners * 0.5, 0, 1).astype(np.float32)), (0.42, 0.38, 0.35), 0.4 + 0.3 * stage.light.dark
    )
    _joinery(sheet, pane)


def _joinery(sheet: Sheet, pane: Pane) -> None:
    """The frame in one broad stroke a side with a dark edge, the bars thin."""
    rim = [*pane.outline, pane.outline[0]]
    sides = _turns(pane) if pane.round else np.array([rim[i : i + 2] for i in range(4)])
    sweep(sheet, sides, Brush(2.6 * sheet.unit, _WOOD, 0.97, 0.12, 0.0, 0.0, 0.12), opaque=True)
    sweep(sheet, sides, Brush(2.4 * sheet.unit, INK, 0.6, 0.7, 0.0, 0.0, 0.3))
    if pane.bars:
        sweep(sheet, np.array(pane.bars), Brush(1.0 * sheet.unit, _WOOD, 0.95, 0.15, 0.0, 0.0, 0.2), opaque=True)


def _turns(pane: Pane) -> Curves:
    """A ring's two halves, both from its foot, where the sill is, past each other at its head: alike in ink where they meet."""
    turn = np.linspace(0, np.pi + 0.12, 24)
    return np.array(
        [np.stack([pane.x + side * pane.across * np.sin(turn), pane.y + pane.up * np.cos(turn)], 1) for side in (-1, 1)]
    )


INDOORS: dict[str, Callable[[Stage], None]] = {"still life": still_life, "window": window}
