"""The settings: each paints what lies behind, and says where the ground is."""

from collections.abc import Callable

import numpy as np

from workers.providers.local.painter import cast, land, sky, water
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS
from workers.providers.local.painter.plants import Spot, grass
from workers.providers.local.painter.sheet import Sheet, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

Setting = Callable[[Stage], None]


def mountain(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle = 0.74, 0.9, 0.8
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.74, 4, 0.42, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.76, 0.07)
    land.ground(stage.sheet, stage.light, 0.86, 0.7)


def hill(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle = 0.8, 0.9, 0.82
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.8, 2, 0.16, snowy=stage.snowy)
    land.ground(stage.sheet, stage.light, 0.8, 0.85, 0.05)
    tufts(stage, 0.84, 9)


def field(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle = 0.62, 0.87, 0.7
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.62, 2, 0.15, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.6, 0.05)
    land.ground(stage.sheet, stage.light, 0.62, 0.75)
    tufts(stage, 0.68, 15)


def path(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle = 0.58, 0.88, 0.64
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.58, 2, 0.2, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.57, 0.05)
    land.ground(stage.sheet, stage.light, 0.6, 0.85, 0.03)
    land.path(stage.sheet, stage.light, 0.61, stage.share(0.6), stage.share(0.36))
    tufts(stage, 0.68, 12)


def sea(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle, stage.water = 0.5, 0.92, 0.56, 0.72
    heavens(stage)
    sheet, rough = stage.sheet, bool(stage.view.words & {"wave", "waves", "surge", "heaves", "foam", "curls", "crests"})
    if sheet.chance.uniform() < 0.7:
        land.mountains(sheet, stage.light, 0.505, 2, 0.13)
    water.sea(sheet, stage.light, 0.5, rough=rough)
    if rough:
        water.breaker(sheet, stage.light, stage.x(0.74), stage.y(0.86), 15 * sheet.unit, stage.lean)
        water.breaker(sheet, stage.light, stage.x(stage.focus - 0.04), stage.y(0.97), 46 * sheet.unit, stage.lean)
        water.ripples(sheet, stage.light, 0.9, 1.02, 26, 1.6)


def beach(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle, stage.water = 0.45, 0.9, 0.7, 0.58
    heavens(stage)
    water.sea(stage.sheet, stage.light, 0.45)
    shore = land.ground(stage.sheet, stage.light, 0.72, 0.2, 0.07)
    sand = np.clip((np.arange(stage.sheet.height, dtype=np.float32)[:, None] - shore) / (1.5 * stage.sheet.unit), 0, 1)
    stage.sheet.cover(Tile(0, 0, sand), (0.93, 0.88, 0.77), 0.92)
    x = np.linspace(0, stage.sheet.width - 1, 12)
    foam = np.stack([x, shore[x.astype(int)]], axis=1)
    for shift, width in ((0.0, 2.2), (-2.2, 1.0)):
        line = foam + (0, shift * stage.sheet.unit)
        sweep(stage.sheet, line[None], Brush(width * stage.sheet.unit, PIGMENTS["white"], 0.95, 0.3, 0.1, 0.1, 0.8), opaque=True)


def river(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle, stage.water = 0.6, 0.9, 0.69, 0.8
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.6, 3, 0.3, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.6, 0.06)
    land.ground(stage.sheet, stage.light, 0.62, 0.85)
    water.river(stage.sheet, stage.light, 0.63, stage.share(0.62), stage.share(0.42))
    tufts(stage, 0.7, 8)


def pond(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle, stage.water = 0.44, 0.88, 0.54, 0.78
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.46, 2, 0.16, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.47, 0.07)
    land.ground(stage.sheet, stage.light, 0.5, 0.6)
    water.pond(stage.sheet, stage.light, stage.share(0.46), 0.8, 1.02, 0.46)
    tufts(stage, 0.95, 6)


def fall(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle, stage.water = 0.8, 0.95, 0.84, 0.9
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.5, 2, 0.3)
    water.waterfall(stage.sheet, stage.light, stage.share(stage.focus + 0.04), 0.16, 0.84)
    sky.mist(stage.sheet, 0.84, 0.07, 0.95)
    water.ripples(stage.sheet, stage.light, 0.86, 1.0, 30)


def town(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle = 0.66, 0.94, 0.68
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.6, 2, 0.2, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.6, 0.07)
    if "towers" not in stage.view.things:
        land.roofs(stage.sheet, stage.light, 0.62, 3, lit=stage.view.hour in ("night", "dusk"), snowy=stage.snowy)
        return
    land.ground(stage.sheet, stage.light, 0.72, 0.6)


def garden(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle = 0.66, 0.84, 0.74
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.64, 2, 0.2, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.66, 0.07, 0.9)
    land.ground(stage.sheet, stage.light, 0.74, 0.75)
    tufts(stage, 0.84, 7)


def snowfield(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle = 0.66, 0.88, 0.72
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.68, 3, 0.34, snowy=True)
    sky.mist(stage.sheet, 0.7, 0.06)


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
    sheet.wash(sheet.granulate(wide, 0.9), stage.light.sky, 0.75)
    if stage.light.dark > 0.5:
        sheet.wash(Tile(0, 0, np.clip(0.75 + 0.4 * (sheet.mottle - 0.5), 0, 1)), stage.light.sky, 0.75)
    cast.sprig(stage)
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
    rows, columns, mask = sheet._inside(hole)
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


def _grain(sheet: Sheet, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Wood or matting: the bristles of a very wide brush."""
    rows = sheet.bristles[(np.arange(height) // 3) % 256]
    wide = (
        np.resize(rows.repeat(2, axis=1), (height, sheet.width))
        if sheet.width > 2048
        else rows.repeat(2, axis=1)[:, : sheet.width]
    )
    return np.asarray(np.clip(0.3 + 0.5 * wide, 0, 1), dtype=np.float32)


def heavens(stage: Stage) -> None:
    """The sky with all the description sees in it."""
    sheet, view = stage.sheet, stage.view
    wet = bool(view.weather & {"rain", "snow"})
    aside = stage.focus + 0.24 if view.things else 0.3
    sky.sky(sheet, stage.light, stage.horizon, heavy=wet)
    if view.sky & {"stars", "river_of_stars"}:
        sky.stars(sheet, stage.horizon, river="river_of_stars" in view.sky)
    if "clouds" in view.sky:
        sky.banks_of_cloud(sheet, 0.12, stage.horizon * 0.6)
    if "moon" in view.sky or (view.hour == "night" and not view.sky and not wet):
        sky.moon(sheet, stage.x(aside), stage.y(0.2), 7.5 * sheet.unit, hazy="mist" in view.weather)
    if not wet and ("sun" in view.sky or (view.season == "new year" and view.hour != "night")):
        low = view.hour in ("dawn", "dusk")
        sky.sun(
            sheet, stage.x(aside), stage.y(stage.horizon - 0.16 if low else 0.2), 6.5 * sheet.unit, pale=view.season == "winter"
        )
    if not view.sky - {"great_peak", "sun"} and not wet and view.hour != "night" and sheet.chance.uniform() < 0.5:
        sky.flock(sheet, stage.x(stage.focus + 0.12), stage.y(0.26))
    if "great_peak" in view.sky:
        land.peak(
            sheet, stage.light, stage.share(0.42), stage.horizon, 0.42, snowy=view.season in ("winter", "new year", "spring")
        )


def tufts(stage: Stage, top: float, count: int) -> None:
    """Grass by the way, smaller further off."""
    if stage.snowy:
        return
    for _ in range(count):
        y = top + (1 - top) * stage.sheet.chance.uniform() ** 0.8
        size = 3 + 9 * (y - top) / (1 - top + 0.01)
        spot = Spot(stage.sheet.chance.uniform(0, 1) * stage.sheet.width, stage.y(y), size, stage.lean, stage.light)
        dry = stage.view.season in ("autumn", "winter", "new year")
        grass(stage.sheet, spot, colour=PIGMENTS["brown" if dry else "moss"], count=12, height=0.8)


SETTINGS: dict[str, Setting] = {
    "mountain": mountain,
    "hill": hill,
    "field": field,
    "path": path,
    "sea": sea,
    "beach": beach,
    "river": river,
    "pond": pond,
    "fall": fall,
    "town": town,
    "garden": garden,
    "snowfield": snowfield,
    "still life": still_life,
    "window": window,
}
