"""A town from above: dark roofs below one another with mist between, some windows lit."""

import numpy as np

from workers.providers.local.painter.ink import At, Part, lay
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.sheet import Tile
from workers.providers.local.painter.sky import mist, vapour
from workers.providers.local.painter.stage import Stage

_WALL = 0.26
"""How high its walls are, of its width."""

_CLEAR = 0.34
"""How near the furthest on a hill are: no mist is before them."""

_SEEN = 0.45
"""How near a house is whose dark windows are seen."""

_CORNERED = 0.72
"""How near a house is whose corner is seen."""


def roofscape(stage: Stage, base: float, rows: int = 4, hill: Plane | None = None) -> None:
    """From `base`, a share of the height, to the lower edge; far roofs are small and pale, near ones broad and black.

    No house stands above the outline of a `hill`, shares of the height.
    """
    sheet = stage.sheet
    for row in range(rows):
        near = (row + 1) / rows if hill is None else _CLEAR + (1 - _CLEAR) * (row + 1) / rows
        y = base + (1.02 - base) * ((row + 1) / rows) ** 1.25
        x = -sheet.chance.uniform(0, 12) * sheet.unit
        while x < sheet.width:
            width = sheet.chance.uniform(15, 28) * sheet.unit * (0.35 + 0.85 * near)
            foot = stage.y(y) + sheet.chance.normal(0, 2.2) * sheet.unit * near
            if hill is None or hill[int(min(x + width / 2, sheet.width - 1))] * sheet.height < foot - 1.5 * sheet.unit:
                _house(stage, x + width / 2, foot, width, near)
                (_lost if hill is None else _stands)(stage, x + width / 2, foot, width)
            x += width * sheet.chance.uniform(0.62, 1.05)
        if row < rows - 1 and hill is None:
            mist(sheet, y + 0.01, 0.035, 0.6)


def _lost(stage: Stage, x: float, y: float, width: float) -> None:
    """Its foot is in the mist between two rows: a wall that ended there would hang in the air."""
    wall, half = _WALL * width, 0.75 * width
    rows, columns = np.ogrid[int(y - 0.45 * wall) : int(y + 0.7 * wall), int(x - half) : int(x + half)]
    down = np.clip((rows - y + 0.45 * wall) / (0.25 * wall), 0, 1) * np.clip((y + 0.7 * wall - rows) / (0.5 * wall), 0, 1)
    aside = np.clip((half - np.abs(columns - x)) / (0.25 * width), 0, 1)
    stage.sheet.cover(Tile(int(x - half), int(y - 0.45 * wall), (down * aside).astype(np.float32)), vapour(stage.sheet), 0.94)


def _stands(stage: Stage, x: float, y: float, width: float) -> None:
    """The dark of its foot on a hill, which is there to stand on."""
    half, deep = 0.42 * width, 0.09 * width
    dark = [(x - half, y), (x + half, y), (x + 0.9 * half, y + deep), (x - 0.9 * half, y + deep)]
    lay(stage.sheet, "under", Part(("ink", "0.7"), dark), At(x, y, width, stage.turned, lit=False))


def _house(stage: Stage, x: float, y: float, width: float, near: float) -> None:
    """`x` is its middle and `y` its foot, in pixels."""
    sheet, chance = stage.sheet, stage.sheet.chance
    half, wall, rise = width / 2, width * _WALL, width * chance.uniform(0.26, 0.36)
    at = At(x, y, width, stage.turned, stage.lamplit and not stage.view.says("dark", "roofs"), stage.snowy)
    front = [(x - half * 0.8, y - wall), (x + half * 0.8, y - wall), (x + half * 0.8, y), (x - half * 0.8, y)]
    lay(sheet, "wall", Part(("brown", f"{0.2 + 0.3 * near}"), front), at)
    lay(sheet, "under", Part(("ink", f"{0.5 * near + 0.2}"), front), at)
    if chance.uniform() < (0.65 if at.lit else 0.5) and (near > _SEEN or at.lit):
        left = x + half * chance.uniform(-0.6, 0.2)
        a, b, c = left, left + half * 0.36, y - wall * 0.75
        pane = [(a, c), (b, c), (b, y - wall * 0.34), (a, y - wall * 0.34)]
        lay(sheet, "pane", Part(("window", f"{0.3 + 0.4 * near}"), pane), at)
    tone = float(np.clip(0.3 + 0.62 * near, 0, 0.95))
    verb, side = "tiles" if chance.uniform() < 0.7 else "thatch", int(chance.choice((-1, 1)))
    top, eave = y - wall - rise, y - wall * 0.92
    if near > _CORNERED:
        _end(stage, verb, tone, [(x + side * out * half, up) for out, up in _hip(top, eave, wall)], at)
    reach = [(-0.62, top), (0.62, top), (1.12, eave), (-1.12, eave)]
    if near > _CORNERED:
        reach = [(a if a * side < 0 else 0.84 * a, up) for a, up in reach]
    lay(sheet, verb, Part((f"{tone}",), [(x + a * half, up) for a, up in reach]), at)


def _hip(top: float, eave: float, wall: float) -> list[tuple[float, float]]:
    """The end of a roof seen from its corner: the ridge twice, its far eave and its near one, in half widths and rows."""
    return [(0.48, top), (0.56, top + 0.03 * wall), (1.5, eave - 0.36 * wall), (0.92, eave)]


def _end(stage: Stage, verb: str, tone: float, hip: list[tuple[float, float]], at: At) -> None:
    """The wall under it, and its slope, a shade paler than the one in front."""
    (_, _), (_, _), (far, high), (near, low) = hip
    wall = [(far - 0.3 * (far - near), high), (near - 0.4 * (far - near), low), (near - 0.4 * (far - near), at.y)]
    wall.append((far - 0.3 * (far - near), at.y - 0.6 * (low - high)))
    lay(stage.sheet, "wall", Part(("brown", "0.5"), wall), at)
    ridge, eaves = hip[:2], hip[2:]
    if far < near:
        ridge, eaves = ridge[::-1], eaves[::-1]
    lay(stage.sheet, verb, Part((f"{0.8 * tone}",), [*ridge, *eaves]), at)
