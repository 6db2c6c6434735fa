"""One great mountain, as Fuji stands: long concave sides, folds that run down from its crown, snow between them."""

import numpy as np

from workers.providers.local.painter.noise import Plane, clouds, ridge
from workers.providers.local.painter.palette import WHITE, Light
from workers.providers.local.painter.sheet import Sheet, Tile

_HALF = 0.62
"""How far its foot reaches to either side, a share of the width."""

_CROWN = 0.9
"""Where its sides are cut off: above it a cone would go on to a point."""


def great_peak(sheet: Sheet, light: Light, x: float, base: float, height: float, *, snowy: bool) -> None:
    """Its middle, its foot and how high it would be as a cone: shares of the width and height. Its foot is lost in mist."""
    top = (base - _CROWN * height) * sheet.height
    line = _outline(sheet, x, base, height)
    rows = np.arange(sheet.height, dtype=np.float32)[:, None]
    down = (rows - top) / (base * sheet.height - top)
    inside = np.clip(rows - line, 0, 1) * np.clip((1.02 - down) / 0.45, 0, 1)
    wet = clouds(sheet.chance, sheet.width, sheet.height, 14 * sheet.unit, 5)
    fan = _fan(sheet, x, top)
    snow = _snow(sheet, fan, down) if snowy else np.zeros_like(inside)
    sheet.cover(Tile(0, 0, np.clip(rows - line, 0, 1)), sheet.paper)
    sheet.cover(Tile(0, 0, (inside * snow).astype(np.float32)), WHITE, 0.95)
    rock = inside * (1 - snow) * (0.55 + 0.6 * wet)
    sheet.wash(Tile(0, 0, np.clip(rock, 0, 1).astype(np.float32)), light.ink, 0.72)
    lee = inside * np.clip(0.5 * fan + 0.1, 0, 0.5) * (0.35 + wet)
    sheet.wash(Tile(0, 0, lee.astype(np.float32)), light.ink, 0.55)
    folds = inside * np.clip(_folds(sheet, fan, 5.0) - 0.15, 0, 1) * np.clip(3 * down, 0, 1)
    sheet.wash(Tile(0, 0, folds.astype(np.float32)), light.ink, 0.5)


def _outline(sheet: Sheet, x: float, base: float, height: float) -> Plane:
    across = (np.arange(sheet.width, dtype=np.float32) / sheet.width - x) / _HALF
    side = np.clip(1 - np.abs(across), 0, 1) ** 2.1
    rough = ridge(sheet.chance, sheet.width, 9 * sheet.unit, 5) * 0.5 * sheet.unit
    crown = np.minimum(side, _CROWN) * height * sheet.height
    return np.asarray(base * sheet.height - crown + rough * (0.3 + side), dtype=np.float32)


def _fan(sheet: Sheet, x: float, top: float) -> Plane:
    """Which fold of its side each place lies on: they spread from the crown, 0 runs straight down, 1 to the right."""
    rows, columns = np.mgrid[: sheet.height, : sheet.width].astype(np.float32)
    return np.asarray((columns - x * sheet.width) / (3 * sheet.unit + np.clip(rows - top, 0, None)), dtype=np.float32)


def _folds(sheet: Sheet, fan: Plane, cell: float) -> Plane:
    """Uneven from one fold to the next and even along each; about 0."""
    rough = ridge(sheet.chance, 400, cell * 4, 4, 0.6)
    return np.asarray(np.interp(fan.clip(-2, 2), np.linspace(-2, 2, 400), rough), dtype=np.float32)


def _snow(sheet: Sheet, fan: Plane, down: Plane) -> Plane:
    """From the crown down in tongues, each fold's as long as it is deep."""
    ends = 0.52 + 0.1 * _folds(sheet, fan, 12.0) + 0.07 * _folds(sheet, fan, 3.0)
    return np.asarray(np.clip((ends - down) / 0.02, 0, 1), dtype=np.float32)
