"""The ground of a setting: earth with its grass, or the snow that lies on it."""

import numpy as np

from workers.providers.local.painter import land
from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.meadow import lies
from workers.providers.local.painter.noise import Plane, clouds
from workers.providers.local.painter.palette import WHITE, Light, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import tuft
from workers.providers.local.painter.washes import blur

_BARE = 0.56
"""How thick the snow has lain where none is left in a thaw."""


def earth(stage: Stage, line: float | Plane, tone: float = 0.8, wave: float = 0.03) -> Plane:
    """What one stands on, from `line` (a share of the height) down; answers its edge in pixels, a row for each column."""
    edge = land.ground(stage.sheet, stage.light, line, tone, wave, bare=not lies(stage.view))
    _snow_on(stage, edge)
    return edge


def hill(stage: Stage, line: Plane) -> None:
    """It hides what is behind it; `line` is its outline, shares of the height."""
    land.hill(stage.sheet, stage.light, line, bare=not lies(stage.view))
    _snow_on(stage, line * stage.sheet.height)


def _snow_on(stage: Stage, edge: Plane) -> None:
    if stage.snowy and stage.thawing:
        snow(stage.sheet, stage.light, edge, _patches(stage.sheet))
    elif stage.snowy:
        snow(stage.sheet, stage.light, edge)
        _ridges(stage.sheet, stage.light, edge)


def _patches(sheet: Sheet) -> Plane:
    """What is left of it when it thaws."""
    broad, fine = (clouds(sheet.chance, sheet.width, sheet.height, cell * sheet.unit, 4, stretched=3) for cell in (24, 7))
    return np.asarray(np.clip((0.5 * (broad + fine) - _BARE) * 20, 0, 1), dtype=np.float32)


def bank(stage: Stage, line: float | Plane, wave: float = 0.03) -> Plane:
    """A shore towards the viewer: it hides the water behind it, and the water darkens along it."""
    # At the foot of a round window the crest of a wave would be all that is seen of it: a wedge.
    nearer, flatter = (0.05, 0.3) if stage.round else (0.0, 1.0)
    sheet, edge = stage.sheet, land.outline(stage.sheet, line - nearer, wave * flatter)
    below = np.clip(np.arange(sheet.height, dtype=np.float32)[:, None] - edge, 0, 1)
    wet = np.exp(-np.abs(np.arange(sheet.height, dtype=np.float32)[:, None] - edge) / (1.2 * sheet.unit)) * (1 - below)
    sheet.wash(Tile(0, 0, wet.astype(np.float32)), stage.light.dark_ink, 0.5)
    sheet.cover(Tile(0, 0, below), mixed(sheet.paper, stage.light.ground, 0.6))
    earth(stage, (edge / sheet.height).astype(np.float32), 0.75, 0.0)
    _grass_along(stage, edge)
    return edge


def _grass_along(stage: Stage, edge: Plane) -> None:
    """Nothing ends in a line: tufts stand over the edge, here and there."""
    sheet = stage.sheet
    for x in sheet.chance.uniform(0, sheet.width - 1, 13):
        tuft(stage, float(x), float(edge[int(x)]) + 0.8 * sheet.unit, sheet.chance.uniform(3, 8))


def white(light: Light) -> Colour:
    """Snow in this light: it takes the colour of the sky."""
    return mixed(WHITE, light.sky, 0.12 + 0.22 * light.dark)


def snow(sheet: Sheet, light: Light, edge: Plane, patches: Plane | float = 1.0) -> None:
    """Drifts below `edge`, in pixels: white with blue hollows, where the `patches` are."""
    top = int(np.clip(edge.min(), 0, sheet.height - 1))
    depth = np.arange(top, sheet.height, dtype=np.float32)[:, None] - edge
    lies = np.clip(depth / (0.6 * sheet.unit), 0, 1) * (patches if isinstance(patches, float) else patches[top:])
    sheet.cover(Tile(0, top, lies.astype(np.float32)), white(light), 0.98)
    drift = clouds(sheet.chance, sheet.width, sheet.height - top, 24 * sheet.unit, 4, stretched=4)
    hollow = lies * np.clip((0.56 - drift) * 2.4, 0, 1)
    sheet.wash(Tile(0, top, hollow.astype(np.float32)), mixed((0.70, 0.77, 0.87), light.ink, 0.3 * light.dark), 0.75)


def _ridges(sheet: Sheet, light: Light, edge: Plane) -> None:
    """The backs of the drifts, in a dry brush with hardly any ink."""
    count = 11
    x = sheet.chance.uniform(-0.1, 0.8, count) * sheet.width
    near = sheet.chance.uniform(0.05, 1, count)
    y = edge[x.clip(0, sheet.width - 1).astype(int)] + near * (1.0 * sheet.height - edge.mean())
    shares = np.linspace(0, 1, 5)
    length = (10 + 26 * near) * sheet.unit
    arch = (0.6 + 2.2 * near)[:, None] * sheet.unit * (1 - (2 * shares - 1) ** 2)
    curves = np.stack([x[:, None] + length[:, None] * shares, y[:, None] - arch], axis=2)
    sweep(sheet, curves, Brush(1.3 * sheet.unit, light.ink, 0.3, 0.85, 0.4, 0.6, 0.6), 0.4 + near)


def wet(sheet: Sheet, top: float) -> None:
    """After rain the ground below `top`, a share of the height, holds what is above it: soft upright streaks."""
    first = int(top * sheet.height)
    depth = min(sheet.height - first, first)
    above = sheet.rgb[first - depth : first][::-1]
    streaks = np.stack([blur(above[..., c], 2.2 * sheet.unit) for c in range(3)], axis=2)
    mask = (
        np.linspace(0.5, 0.1, depth, dtype=np.float32)[:, None, None]
        * np.clip(np.linspace(0, 6, depth, dtype=np.float32), 0, 1)[:, None, None]
        * np.clip(sheet.mottle[first : first + depth] * 1.6, 0, 1)[..., None]
    )
    sheet.rgb[first : first + depth] += mask * (streaks - sheet.rgb[first : first + depth])
