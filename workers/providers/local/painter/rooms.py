"""Indoors: small things on a surface, or a window with the season behind it."""

from collections.abc import Callable

import numpy as np

from workers.providers.local.painter import cast, land, sky
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.palette import INK
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape


def still_life(stage: Stage) -> None:
    """Nothing but a breath of wash behind and a surface to stand on."""
    stage.horizon, stage.front, stage.middle, stage.scale = 0.9, 0.76, 0.6, 1.9
    sheet = stage.sheet
    wide = shape(
        [
            (stage.x(-0.1), stage.y(0.62)),
            (stage.x(0.3), stage.y(0.12)),
            (stage.x(0.72), stage.y(0.4)),
            (stage.x(0.66), stage.y(0.72)),
        ],
        soft=11 * sheet.unit,
    )
    sheet.wash(sheet.granulate(wide, 0.3 if stage.light.dark > 0.5 else 0.9), stage.light.sky, 0.75)
    if stage.light.dark > 0.5:
        sheet.wash(Tile(0, 0, np.clip(0.75 + 0.4 * (sheet.mottle - 0.5), 0, 1)), stage.light.sky, 0.75)
    cast.sprig(stage)
    cast.stand_far(stage)
    table = Tile(0, int(stage.y(0.7)), _grain(sheet, sheet.height - int(stage.y(0.7))))
    sheet.cover(table._replace(mask=np.ones_like(table.mask)), stage.light.paper, 0.96)
    sheet.wash(table, (0.72, 0.62, 0.50), 0.75)
    line = np.array([[(-5, stage.y(0.702)), (sheet.width * 0.5, stage.y(0.698)), (sheet.width + 5, stage.y(0.704))]])
    sweep(sheet, line, Brush(0.8 * sheet.unit, INK, 0.6, 0.7, 0.05, 0.3, 0.6))


def window(stage: Stage) -> None:
    """The season seen through a window, the wall left plain; things stand on the sill."""
    sheet, middle = stage.sheet, stage.focus + 0.02
    stage.horizon, stage.middle = 0.64, 0.7
    heavens(stage)
    land.mountains(sheet, stage.light, 0.66, 3, 0.3, snowy=stage.snowy)
    sky.mist(sheet, 0.68, 0.06)
    cast.view_from_window(stage, middle)
    cast.stand_far(stage)
    cast.fall(stage)
    stage.front, stage.scale = 0.87, 1.35
    _wall(stage, _opening(stage, middle))
    board = [(-5.0, stage.y(0.8)), (sheet.width + 5.0, stage.y(0.8)), (sheet.width + 5.0, stage.y(1.02)), (-5.0, stage.y(1.02))]
    sheet.cover(shape(board, straight=True), (0.80, 0.71, 0.59), 0.95)
    wood = Tile(0, int(stage.y(0.8)), _grain(sheet, sheet.height - int(stage.y(0.8))))
    sheet.wash(wood, (0.55, 0.43, 0.34), 0.55 + 0.25 * stage.light.dark)
    sweep(sheet, np.array([board[:2]]), Brush(1.0 * sheet.unit, INK, 0.8, 0.4, 0.02, 0.05, 0.5))


def _opening(stage: Stage, middle: float) -> list[tuple[float, float]]:
    """A round window or a square one, its outline in pixels."""
    half = 33 * stage.sheet.unit
    x, y = stage.x(middle), 0.78 * stage.sheet.height - half * 1.05
    if stage.sheet.chance.uniform() < 0.5:
        turn = np.linspace(0, 2 * np.pi, 25)[:-1]
        return [(float(x + half * np.cos(a)), float(y + half * np.sin(a))) for a in turn]
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def _wall(stage: Stage, opening: list[tuple[float, float]]) -> None:
    sheet, straight = stage.sheet, len(opening) == 4
    hole = shape(opening, straight=straight, soft=0.5)
    wall = np.ones((sheet.height, sheet.width), dtype=np.float32)
    rows, columns, mask = sheet.inside(hole)
    wall[rows, columns] -= mask
    plaster = (0.89, 0.85, 0.77) if stage.light.dark < 0.5 else (0.78, 0.73, 0.64)
    sheet.cover(Tile(0, 0, wall), plaster, 0.97)
    sheet.wash(Tile(0, 0, wall * np.clip((sheet.mottle - 0.3) * 1.2, 0, 1)), (0.74, 0.68, 0.60), 0.5)
    rim = [*opening, opening[0]]
    pairs = np.array([rim[i : i + 2] for i in range(len(opening))]) if straight else np.array([rim])
    sweep(sheet, pairs, Brush(2.0 * sheet.unit, (0.32, 0.24, 0.19), 0.92, 0.25, 0.02, 0.05, 0.25))
    xs, ys = [x for x, _ in opening], [y for _, y in opening]
    bars = [
        [(min(xs) + (max(xs) - min(xs)) * share, min(ys)), (min(xs) + (max(xs) - min(xs)) * share, max(ys))]
        for share in ((1 / 3, 2 / 3) if straight else (0.5,))
    ]
    sweep(sheet, np.array(bars), Brush(0.9 * sheet.unit, (0.32, 0.24, 0.19), 0.9, 0.25, 0.02, 0.02, 0.2))


def _grain(sheet: Sheet, height: int) -> Plane:
    """Wood or matting: the bristles of a very wide brush."""
    rows = sheet.bristles[(np.arange(height) // 3) % 256]
    wide = (
        np.resize(rows.repeat(2, axis=1), (height, sheet.width))
        if sheet.width > 2048
        else rows.repeat(2, axis=1)[:, : sheet.width]
    )
    return np.asarray(np.clip(0.3 + 0.5 * wide, 0, 1), dtype=np.float32)


INDOORS: dict[str, Callable[[Stage], None]] = {"still life": still_life, "window": window}
