"""A window in its wall: the opening, its frame and bars, and the light that comes in by it."""

from typing import NamedTuple

import numpy as np

from workers.providers.local.painter.boards import DIM, WOOD
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.palette import INK, WHITE, mixed
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import blur, shape

_SMALL, _BROAD = frozenset({"little", "small"}), frozenset({"wide"})

_SILL_DEEP = 3.4
"""How far a sill's front edge is below the window's foot, in units."""


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


def pane(stage: Stage) -> Pane:
    """Wholly inside the picture, wall on every side, the poem's side left free; as small or as wide as it is said to be."""
    sheet, words = stage.sheet, stage.view.words
    room = sheet.width * (0.76 if stage.roomy else 1.0)
    half = min(0.43 * room, 0.36 * sheet.height) * (0.74 if words & _SMALL and not stage.view.things else 1.0)
    broad = bool(words & _BROAD) and "round" not in words
    across, up = (0.43 * room, 0.76 * half) if broad else (half, half)
    round_ = not broad and bool(stage.shot.number or "round" in words)
    return Pane(stage.x(room / 2 / sheet.width), 0.785 * sheet.height - up, across, up, round_)


def wall(stage: Stage, pane: Pane) -> None:
    """Plaster all round the opening, then the frame."""
    sheet, hole = stage.sheet, shape(pane.outline, straight=not pane.round, soft=0.5)
    plaster = np.ones((sheet.height, sheet.width), dtype=np.float32)
    rows, columns, mask = sheet.inside(hole)
    plaster[rows, columns] -= mask
    dark = stage.light.dark >= 0.5 or stage.view.words & DIM
    sheet.cover(Tile(0, 0, plaster), (0.43, 0.40, 0.40) if dark else (0.93, 0.90, 0.84))
    sheet.wash(Tile(0, 0, plaster * np.clip((sheet.mottle - 0.3) * 1.2, 0, 1)), (0.74, 0.68, 0.60), 0.5)
    corners = np.hypot(*np.ogrid[-1.0 : 1.0 : sheet.height * 1j, -1.0 : 1.0 : sheet.width * 1j]) ** 2
    shade = np.clip(plaster * corners * 0.5, 0, 1).astype(np.float32)
    sheet.wash(Tile(0, 0, shade), (0.42, 0.38, 0.35), 0.4 + 0.3 * stage.light.dark)
    _reveal(sheet, pane)
    _joinery(sheet, pane)


def _reveal(sheet: Sheet, pane: Pane) -> None:
    """The wall is thick: its shadow lies in the opening's upper left."""
    hole = shape(pane.outline, straight=not pane.round, soft=0.5)
    inner = np.roll(hole.mask, (int(1.6 * sheet.unit), int(1.2 * sheet.unit)), axis=(0, 1))
    sheet.wash(hole._replace(mask=hole.mask * (1 - blur(inner, 0.8 * sheet.unit))), (0.30, 0.28, 0.30), 0.6)


def _joinery(sheet: Sheet, pane: Pane) -> None:
    """The frame in one broad stroke a side with a dark edge, the bars thin."""
    if pane.round:
        _bent(sheet, pane)
        return
    rim = [*pane.outline, pane.outline[0]]
    sides = np.array([rim[i : i + 2] for i in range(4)])
    sweep(sheet, sides, Brush(2.6 * sheet.unit, WOOD, 0.97, 0.12, 0.0, 0.0, 0.12), opaque=True)
    sweep(sheet, sides, Brush(2.4 * sheet.unit, INK, 0.6, 0.7, 0.0, 0.0, 0.3))
    sweep(sheet, np.array(pane.bars), Brush(1.0 * sheet.unit, WOOD, 0.97, 0.1, 0.0, 0.0, 0.15), opaque=True)


def _bent(sheet: Sheet, pane: Pane) -> None:
    """A ring of one piece: strokes that began and ended somewhere would leave a step there. Its grain runs round it."""
    rows, columns = np.ogrid[: sheet.height, : sheet.width]
    out = np.hypot(columns - pane.x, rows - pane.y) - pane.across
    wood = np.clip(1.3 * sheet.unit - np.abs(out) + 0.5, 0, 1)
    edge = wood * np.clip((np.abs(out) / sheet.unit - 0.85) / 0.4, 0, 1)
    sheet.cover(Tile(0, 0, wood.astype(np.float32)), WOOD, 0.97)
    sheet.wash(sheet.granulate(Tile(0, 0, edge.astype(np.float32)), 0.5), INK, 0.7)
    start, way = sheet.chance.uniform(0, 2 * np.pi, (70, 1)), sheet.chance.uniform(0.3, 0.9, (70, 1))
    turn, reach = start + way * np.linspace(0, 1, 9), pane.across + sheet.chance.uniform(-1.1, 1.1, (70, 1)) * sheet.unit
    grain = np.stack([pane.x + reach * np.cos(turn), pane.y + reach * np.sin(turn)], axis=2)
    sweep(sheet, grain, Brush(0.5 * sheet.unit, INK, 0.6, 0.5, 0.4, 0.5, 0.4), sheet.chance.uniform(0.4, 1.2, 70))


def sill(stage: Stage, pane: Pane) -> None:
    """A board under a square window, wider than it, seen from a little above; its shadow is on the wall."""
    sheet, wide, unit = stage.sheet, pane.across * 1.08, stage.sheet.unit
    back, front, under = pane.foot - 0.4 * unit, pane.foot + _SILL_DEEP * unit, pane.foot + (_SILL_DEEP + 1.4) * unit
    top = [(pane.x - 0.96 * wide, back), (pane.x + 0.96 * wide, back), (pane.x + wide, front), (pane.x - wide, front)]
    edge = [top[3], top[2], (pane.x + wide, under), (pane.x - wide, under)]
    shade = [(x + 0.8 * unit, y + 1.4 * unit) for x, y in edge]
    sheet.wash(shape(shade, straight=True, soft=0.9 * unit), (0.42, 0.38, 0.35), 0.6)
    for outline, colour in ((top, mixed(WOOD, WHITE, 0.22)), (edge, WOOD)):
        sheet.cover(sheet.granulate(shape(outline, straight=True, soft=0.15 * unit), 0.3), colour)
    lines = np.array([top[:2], edge[:2], edge[3:1:-1]])
    sweep(sheet, lines, Brush(0.9 * unit, INK, 0.8, 0.4, 0.03, 0.05, 0.4), (0.6, 0.6, 1.2))


def sunlight(stage: Stage, pane: Pane, top: float, bottom: float) -> None:
    """The window's own shape in light on the wood from `top` to `bottom`, shares of the height, with its bars' shadows."""
    sheet = stage.sheet

    def cast(points: list[tuple[float, float]]) -> Tile:
        fallen = []
        for x, y in points:
            into = (pane.foot - y) / (2 * pane.up)
            aside = (x - pane.x) * (0.72 + 0.3 * into) - 0.55 * pane.across * stage.lean * (into - 0.3)
            fallen.append((pane.x + aside, stage.y(top + (bottom - top) * into)))
        return shape(fallen, straight=True, soft=0.45 * sheet.unit)

    light = np.zeros((sheet.height, sheet.width), dtype=np.float32)
    rows, columns, mask = sheet.inside(cast(pane.outline))
    light[rows, columns] = mask
    for start, end in pane.bars:
        wide = 0.018 * pane.across
        level = start[1] == end[1]
        aside, up = (0.0, 2 * wide) if level else (wide, 0.0)
        bar = [(start[0] - aside, start[1] - up), (start[0] + aside, start[1] + up)]
        bar += [(end[0] + aside, end[1] + up), (end[0] - aside, end[1] - up)]
        rows, columns, mask = sheet.inside(cast(bar))
        light[rows, columns] *= 1 - 0.8 * mask
    low = (1.0, 0.80, 0.60) if stage.view.hour in ("dusk", "dawn") else (1.0, 0.95, 0.82)
    first = int(stage.y(top)) - 4
    sheet.cover(sheet.granulate(Tile(0, first, light[first:]), 0.2), low, 0.58)
