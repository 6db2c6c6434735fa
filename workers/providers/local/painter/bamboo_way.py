"""A path between two walls of bamboo: culm behind culm on either hand, paler the further off, their leaves meeting above."""

import numpy as np
import numpy.typing as npt

from workers.providers.local.painter import earth, sky, trail, trees
from workers.providers.local.painter.brush import Brush, Curves, Floats, dabs, moved, ribbons, sweep
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.noise import clouds
from workers.providers.local.painter.palette import INK, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.stage import Stage

_RANKS = ((8.0, 20), (5.0, 15), (3.4, 11), (2.3, 8), (1.55, 6))
"""How far off each rank stands, 1 at the lower edge, and how many culms it has."""

_JOINTS = 9
_GREEN: Colour = (0.42, 0.53, 0.36)
_LEAF: Colour = (0.20, 0.29, 0.19)


def grove(stage: Stage) -> Curves:
    """All but what lies on its way; answers the way's edges, which the caller treads and lays."""
    horizon, _, _ = stage.lines(0.6, 0.64, 0.87)
    heavens(stage)
    _canopy(stage)
    earth.earth(stage, horizon + 0.015, 0.9, 0.01)
    narrow = stage.view.words & {"narrow", "little", "thin"}
    swing = stage.lean * stage.sheet.chance.uniform(0.1, 0.16) * (1 if "turns" not in stage.view.words else 1.5)
    end, place = (stage.share(stage.focus + 0.06), horizon + 0.012), (stage.share(stage.focus), 0.86)
    return trail.winding(end, place, swing, 0.085 if narrow else 0.11).edges(stage.sheet)


def walls(stage: Stage, edges: Curves) -> None:
    """Rank before rank, each in the mist of the one before."""
    for away, count in _RANKS:
        _rank(stage, edges, away, count)
        if away > 2.5:
            sky.mist(stage.sheet, stage.horizon + 0.01, 0.09, 0.5)


def _canopy(stage: Stage) -> None:
    """Leaves too far and too many to be told apart: a green air above, thinner where the way goes."""
    sheet = stage.sheet
    leafy = clouds(sheet.chance, sheet.width, sheet.height, 20 * sheet.unit, 5)
    down = np.linspace(0, 1, sheet.height, dtype=np.float32)[:, None]
    aside = np.abs(np.linspace(0, 1, sheet.width, dtype=np.float32) - stage.share(stage.focus + 0.06))
    mask = np.clip(1.15 - 1.5 * down, 0, 1) * np.clip(leafy * 1.7 - 0.35, 0, 1) * np.clip(0.35 + 1.6 * aside, 0, 1)
    sheet.wash(Tile(0, 0, mask.astype(np.float32)), mixed(_GREEN, stage.light.ink, 0.2 + 0.4 * stage.light.dark), 0.75)


def _rank(stage: Stage, edges: Curves, away: float, count: int) -> None:
    sheet, chance = stage.sheet, stage.sheet.chance
    top = stage.horizon + 0.012
    foot = top + (1.06 - top) / away * chance.uniform(0.94, 1.06, count)
    side = np.where(np.arange(count) % 2, 1, -1)
    kerb = [np.interp(-foot * sheet.height, -edge[:, 1], edge[:, 0]) for edge in edges]
    # From beside the way to the picture's edge, evenly but for chance.
    step = (np.arange(count) // 2 + chance.uniform(0.05, 0.8, count)) / (count / 2)
    out = (0.05 / away + (0.3 + 0.4 / away**0.5) * step**1.1) * sheet.width
    x = np.where(side < 0, kerb[0] - out, kerb[1] + out)
    shown = (x > -0.02 * sheet.width) & (x < 1.02 * sheet.width) & ~(_written(stage, x) & (away < 3.5))
    if not shown.any():
        return
    near = min(1.0, 1.35 / away)
    lines = _lines(stage, x[shown], foot[shown] * sheet.height, near)
    width = (0.35 + 2.2 * near) * sheet.unit
    _culms(stage, lines, width, near)
    _foot(stage, lines[:, 0], width, near)
    if near > 0.2:
        _leaves(stage, lines, near)


def _written(stage: Stage, x: Floats) -> npt.NDArray[np.bool_]:
    """Where the poem stands: only pale culms are behind it."""
    return np.asarray((np.abs(x - stage.x(0.93)) < 0.1 * stage.sheet.width) & stage.roomy)


def _lines(stage: Stage, x: Floats, y: Floats, near: float) -> Curves:
    """Joints from the ground out of the picture: each leans a little its own way and bows as the wind has it."""
    chance, count = stage.sheet.chance, len(x)
    up = (np.arange(_JOINTS) - chance.uniform(0, 0.95, (count, 1)) * (np.arange(_JOINTS) > 0)) / (_JOINTS - 2)
    high = y[:, None] + (4 + 10 * near) * stage.sheet.unit
    windy = 0.1 if "wind" in stage.view.weather or "bends" in stage.view.words else 0.02
    lean, bow = chance.normal(0, 0.03, (count, 1)), stage.lean * chance.uniform(0.5, 1.2, (count, 1)) * windy
    return np.stack([x[:, None] + (lean * up + bow * up**2.2) * high, y[:, None] - up * high], axis=2)


def _culms(stage: Stage, lines: Curves, width: float, near: float) -> None:
    """Each a column of joints: opaque, lit on one side, a dark ring where two meet."""
    sheet, count = stage.sheet, len(lines)
    parts = np.stack([lines[:, :-1], (lines[:, :-1] + lines[:, 1:]) / 2, moved(lines[:, 1:], 0, 0.3 * sheet.unit)], axis=2)
    parts, widths = parts.reshape(-1, 3, 2), np.repeat(sheet.chance.uniform(0.75, 1.15, count), _JOINTS - 1)
    green = mixed(_GREEN, stage.light.dark_ink, 0.15 + 0.4 * stage.light.dark)
    body = ribbons(sheet, parts, Brush(width, green, 1, 0, 0.02, 0.02, 0.05), widths, np.ones(len(parts)))
    sheet.cover(body._replace(mask=np.clip(body.mask * 1.6, 0, 1)), mixed(sheet.paper, green, 0.25 + 0.3 * near))
    sweep(sheet, parts, Brush(width, green, 0.8, 0.4, 0.02, 0.02, 0.12), widths, 0.35 + 0.6 * near)
    if near > 0.5:
        shade = Brush(0.34 * width, mixed(green, INK, 0.5), 0.7, 0.5, 0.05, 0.05, 0.2)
        sweep(sheet, moved(parts, 0.3 * width, 0), shade, widths, near)
    half = 0.58 * width * np.array((1.0, 0.0))
    joints = lines[:, 1:-1].reshape(-1, 2)
    rings = np.stack([joints - half, moved(joints, 0, 0.12 * width), joints + half], axis=1)
    sweep(
        sheet,
        rings,
        Brush(max(0.2 * width, 0.3 * sheet.unit), mixed(INK, green, 0.2), 0.9, 0.1, 0.2, 0.2),
        1.0,
        0.25 + 0.7 * near,
    )


def _foot(stage: Stage, feet: Curves, width: float, near: float) -> None:
    """Grass and fallen sheaths where each leaves the ground."""
    sheet = stage.sheet
    roots = feet.repeat(7, axis=0) + sheet.chance.normal(0, 1, (7 * len(feet), 2)) * (1.1 * width, 0.2 * width)
    blades = dabs(roots, 0.25 * width, -1.1 * width - 0.4 * sheet.unit)
    blades[:, 1, 0] += sheet.chance.normal(0, 0.6 * width, len(blades))
    tones = sheet.chance.uniform(0.3, 1, len(blades)) * (0.3 + 0.7 * near)
    sweep(sheet, blades, Brush(0.3 * width + 0.15 * sheet.unit, stage.light.dark_ink, 0.8, 0.3, 0.1, 0.7), 1.0, tones)


def _leaves(stage: Stage, lines: Curves, near: float) -> None:
    """Twigs from the joints above the eye, leaves in sprays of three to five at the end of each."""
    sheet, chance = stage.sheet, stage.sheet.chance
    high = lines[:, 2:].reshape(-1, 2)
    high = high[(high[:, 1] < 0.5 * sheet.height) & (chance.uniform(size=len(high)) < 0.7)]
    high = high[~(_written(stage, high[:, 0]) & (high[:, 1] < 0.5 * sheet.height))]
    side = chance.choice([-1, 1], len(high))
    reach = (2 + 9 * near) * sheet.unit * chance.uniform(0.6, 1.2, len(high))
    out = np.stack([side * reach, -0.35 * reach], axis=1)
    twigs = np.stack([high, high + out * (0.5, 1.2), high + out], axis=1)
    if not len(twigs):
        return
    green = mixed(_LEAF, mixed(_GREEN, sheet.paper, 0.5), 0.75 * (1 - near))
    sweep(sheet, twigs, Brush((0.2 + 0.3 * near) * sheet.unit, green, 0.9, 0.1, 0.05, 0.3, 0.2, 0.5))
    tips = np.concatenate([twigs[:, 2], twigs[:, 1]])
    stems, sides = tips.repeat(3, axis=0), np.tile(side, 2).repeat(3)
    angles = np.pi / 2 - sides * chance.uniform(-0.5, 1.3, len(stems))
    lengths = (1.6 + 6 * near) * sheet.unit * chance.uniform(0.6, 1.2, len(stems))
    blades = trees.rays(stems, angles[:, None], 0, lengths[:, None])
    brush = Brush((0.4 + 1.15 * near) * sheet.unit, green, 0.6, 0.1, 0.3, 0.7)
    tile = ribbons(sheet, blades, brush, chance.uniform(0.65, 1.1, len(stems)), np.ones(len(stems)))
    sheet.cover(tile._replace(mask=np.clip(tile.mask * 2.2, 0, 1)), mixed(green, sheet.paper, 0.2))
    sheet.wash(tile, green, 0.5)
