"""Settings under the sky: each paints what lies behind, and says where the ground is."""

from collections.abc import Callable

import numpy as np

from workers.providers.local.painter import land, sky, water
from workers.providers.local.painter.brush import Brush, moved, sweep
from workers.providers.local.painter.flowers import grass
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.noise import ridge
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.sheet import Tile
from workers.providers.local.painter.spot import Spot
from workers.providers.local.painter.stage import Stage

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
        line = moved(foam, 0, shift * stage.sheet.unit)
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
    stage.horizon, stage.front, stage.middle, stage.water = 0.8, 0.97, 0.86, 0.92
    heavens(stage)
    sheet, at = stage.sheet, stage.share(stage.focus + 0.06)
    away = np.abs(np.linspace(0, 1, sheet.width, dtype=np.float32) - at)
    for lip, slope, tone in ((0.14, 0.12, 0.6), (0.66, 1.15, 0.85)):
        rough = ridge(sheet.chance, sheet.width, 18 * sheet.unit, 6) * 0.05
        cliff = np.asarray((lip - away * slope + rough) * sheet.height, dtype=np.float32)
        land.range_of_hills(sheet, cliff, stage.light.ink, tone, 1.0, snowy=stage.snowy)
        if lip < 0.5:
            water.waterfall(sheet, stage.light, at, lip + 0.02, 0.82)
    sky.mist(sheet, 0.84, 0.07, 0.95)
    water.ripples(sheet, stage.light, 0.88, 1.0, 30)


def town(stage: Stage) -> None:
    stage.horizon, stage.front, stage.middle = 0.66, 0.94, 0.68
    heavens(stage)
    land.mountains(stage.sheet, stage.light, 0.6, 2, 0.2, snowy=stage.snowy)
    sky.mist(stage.sheet, 0.6, 0.07)
    if "towers" not in stage.view.things:
        land.roofs(stage.sheet, stage.light, 0.58, 5, lit=stage.view.hour in ("night", "dusk"), snowy=stage.snowy)
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


OUTDOORS: dict[str, Setting] = {
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
}
