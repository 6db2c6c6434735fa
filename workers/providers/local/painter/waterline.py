"""Where still water begins: tongues of land that lie across each other, reeds, trees and drifts of mist, never a ruled line."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter import groves
from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.noise import Plane, clouds, ridge
from workers.providers.local.painter.palette import WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.stage import Stage


class Tongue(Struct, frozen=True):
    """Low land in the water: its middle and half its width are shares of the width, `down` how far below the far shore it lies.

    `high` is its height in units, `tone` how much ink it is given.
    """

    middle: float
    half: float
    down: float
    high: float
    tone: float


_RIM = Tongue(0.5, 0.95, 0.002, 0.8, 0.55)
"""The far shore itself: low, and of no height for long."""


def waterline(stage: Stage, line: float, spanned: tuple[float, float] = (0.0, 0.0)) -> None:
    """Far shores over water from `line` down, a share of the height; none where a bridge spans it, in shares of the width."""
    left, right = spanned
    for tongue in (_RIM, *_tongues(stage)):
        if left == right or tongue.middle + tongue.half < left or tongue.middle - tongue.half > right:
            lie(stage, tongue, line)


def _tongues(stage: Stage) -> list[Tongue]:
    """From either side by turns, each a little nearer and darker than the last."""
    chance, count = stage.sheet.chance, int(stage.sheet.chance.integers(3, 6))
    first, found = int(chance.integers(2)), []
    for number in range(count):
        near = (number + 0.5) / count
        from_left = (number + first) % 2 == 0
        half = chance.uniform(0.16, 0.36) * (1.15 - 0.4 * near)
        out = chance.uniform(-0.25, 0.9) * half
        middle = out if from_left else 1 - out
        found.append(
            Tongue(middle, half, 0.002 + 0.055 * near**1.4, 0.9 + 1.9 * near * chance.uniform(0.6, 1.2), 0.5 + 0.4 * near)
        )
    return found


def lie(stage: Stage, tongue: Tongue, line: float) -> None:
    """A back of land with its scrub, the dark of its edge, and both hanging in the water below it."""
    sheet = stage.sheet
    left, right = (int(np.clip((tongue.middle + side * tongue.half) * sheet.width, 0, sheet.width)) for side in (-1, 1))
    if right - left < 8:
        return
    along = (np.arange(left, right, dtype=np.float32) / sheet.width - tongue.middle) / tongue.half
    back = np.clip(1 - np.abs(along) ** 2.4, 0, 1) ** 0.8
    foot = (line + tongue.down) * sheet.height + ridge(sheet.chance, right - left, 16 * sheet.unit, 4) * 0.32 * sheet.unit
    rough = 1 + 0.35 * ridge(sheet.chance, right - left, 9 * sheet.unit, 5)
    high = back * tongue.high * sheet.unit * rough.clip(0.25, None) + 0.25 * sheet.unit
    _hanging(stage, left, foot, high, tongue.tone)
    _land(stage, left, foot, high, tongue.tone)
    _scrub(stage, left, foot, high, tongue)


def _land(stage: Stage, left: int, foot: Plane, high: Plane, tone: float) -> None:
    sheet, top = stage.sheet, int((foot - high).min()) - 1
    rows = np.arange(top, int(foot.max()) + 3, dtype=np.float32)[:, None]
    body = np.clip(rows - (foot - high) + 0.5, 0, 1) * np.clip(foot - rows + 0.5, 0, 1)
    sheet.cover(Tile(left, top, body.astype(np.float32)), mixed(sheet.paper, stage.light.ground, 0.7))
    dark = body * (0.55 + 0.45 * np.clip((rows - foot + 0.6 * sheet.unit) / (0.6 * sheet.unit), 0, 1))
    sheet.wash(sheet.granulate(Tile(left, top, dark.astype(np.float32)), 0.7), _ink(stage), tone)
    if stage.snowy:
        cap = body * np.clip((foot - 0.45 * high - rows) / (0.4 * sheet.unit), 0, 1)
        sheet.cover(Tile(left, top, cap.astype(np.float32)), mixed(WHITE, stage.light.sky, 0.1 + 0.2 * stage.light.dark), 0.95)


def _ink(stage: Stage) -> Colour:
    return mixed(stage.light.ink, stage.light.dark_ink, 0.7)


def _hanging(stage: Stage, left: int, foot: Plane, high: Plane, tone: float) -> None:
    """Its double, longer than it is high and torn by the ripples."""
    sheet, top = stage.sheet, int(foot.min())
    depth = int(3.2 * high.max()) + 2
    rows = np.arange(top, min(sheet.height, int(foot.max()) + depth), dtype=np.float32)[:, None]
    below = (rows - foot) / (2.4 * high)
    torn = clouds(sheet.chance, len(foot), len(rows), max(4.0, 2.2 * sheet.unit), 3, stretched=5)
    shade = np.clip(rows - foot + 0.5, 0, 1) * np.clip(1.1 - below, 0, 1) * np.clip((torn - 0.2) * 2.4, 0, 1)
    sheet.wash(Tile(left, top, shade.astype(np.float32)), _ink(stage), 0.5 * tone)


def _scrub(stage: Stage, left: int, foot: Plane, high: Plane, tongue: Tongue) -> None:
    """Dots of brush along the back, on some a few trees, and reeds where it runs out into the water."""
    sheet, count = stage.sheet, int(0.9 * len(foot) / stage.sheet.unit)
    at = sheet.chance.integers(0, len(foot), count)
    at = at[sheet.chance.uniform(size=count) < 0.2 + 0.8 * np.clip(np.sin(at / len(foot) * 11 + count), 0, 1)]
    spots = np.stack([left + at, (foot - high)[at] + 0.2 * sheet.unit], axis=1).astype(np.float64)
    touch = Brush(0.8 * sheet.unit, stage.light.dark_ink, tongue.tone, 0.15, 0.4, 0.5, 0.3)
    sweep(sheet, dabs(spots, 0.3 * sheet.unit, -0.7 * sheet.unit), touch, sheet.chance.uniform(0.4, 1.3, len(spots)))
    _reeds(stage, left, foot, tongue)
    if sheet.chance.uniform() < 0.5 and not stage.on_rock:
        _trees(stage, left, foot - high, tongue)


def _trees(stage: Stage, left: int, back: Plane, tongue: Tongue) -> None:
    sheet, wide = stage.sheet, len(back)
    at = wide * sheet.chance.uniform(0.3, 0.7)
    span = ((left + at - 0.16 * wide) / sheet.width, (left + at + 0.16 * wide) / sheet.width)
    y = float(back[int(at)] + 0.4 * sheet.unit) / sheet.height
    kind = groves.kind(sheet, stage.view.season)
    kind(sheet, stage.light, span, y, 3.0 + 1.5 * tongue.high, tongue.tone, snowy=stage.snowy)


def _reeds(stage: Stage, left: int, foot: Plane, tongue: Tongue) -> None:
    """Fine upright strokes at whichever end stands in the picture."""
    sheet, count = stage.sheet, 34
    share = np.clip(np.abs(sheet.chance.normal(0, 0.09, count)), 0, 0.99)
    at = ((share if sheet.chance.uniform() < 0.5 else 1 - share) * (len(foot) - 1)).astype(int)
    spots = np.stack([left + at + sheet.chance.normal(0, 1.2 * sheet.unit, count), foot[at] + 0.3 * sheet.unit], axis=1)
    tall = sheet.chance.uniform(0.6, 1.5, (count, 1)) * (0.8 + 0.35 * tongue.high) * sheet.unit
    tips = spots + np.concatenate([sheet.chance.normal(0, 0.2, (count, 1)) * tall, -tall], axis=1)
    blade = Brush(0.32 * sheet.unit, stage.light.dark_ink, 0.8 * tongue.tone, 0.3, 0.1, 0.8, 0.2)
    sweep(sheet, np.stack([spots, tips], axis=1), blade)


def drifts(stage: Stage, line: float) -> None:
    """Mist about `line` in two or three places, where the far shore is lost; laid before the water, it hangs there too."""
    sheet, unit = stage.sheet, stage.sheet.unit
    for _ in range(int(sheet.chance.integers(2, 4))):
        x, y = sheet.chance.uniform(0, 1) * sheet.width, (line + sheet.chance.uniform(-0.02, 0.01)) * sheet.height
        wide, high = sheet.chance.uniform(16, 34) * unit, sheet.chance.uniform(2.2, 4.0) * unit
        left, top = int(x - 1.5 * wide), int(y - 2 * high)
        rows, columns = np.ogrid[top : int(y + 2 * high), left : int(x + 1.5 * wide)]
        torn = clouds(sheet.chance, columns.shape[1], rows.shape[0], 7 * unit, 3, stretched=4)
        drift = np.exp(-(((columns - x) / (0.7 * wide)) ** 2) - ((rows - y) / high) ** 2) * (0.35 + 1.1 * torn)
        sheet.cover(Tile(left, top, np.clip(drift, 0, 1).astype(np.float32)), mixed(sheet.paper, WHITE, 0.5), 0.85)
