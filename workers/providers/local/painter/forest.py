"""A forest seen from within: trunk behind trunk in loose groups, paler the deeper they stand, boughs across each other above."""

import numpy as np

from workers.providers.local.painter import earth, sky, trees
from workers.providers.local.painter.brush import Brush, Curves, Floats, along, dabs, moved, sweep
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import INK, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import tufts
from workers.providers.local.painter.washes import disc

_RANKS = ((0.66, 17, 1.0, 0.2), (0.73, 10, 1.8, 0.42), (0.82, 5, 3.0, 0.72))
"""Of each rank, the furthest first: where it stands (a share of the height), how many, how broad (in units), how dark."""

_NEAR = ((-0.01, 5.6), (0.27, 7.0), (0.39, 4.2))
"""The nearest trunks: a share of the width from the full side, and how broad; the poem's side is left open."""

_POINTS = 8

_MANY = frozenset({"forest", "trunks"})
_ONE = frozenset({"lone", "alone", "one", "great"})


def in_a_forest(view: View) -> bool:
    """Whether the words stand among many trees and nothing else."""
    several = view.words & _MANY or ("pine" in view.plants and ("mist" in view.weather or "trees" in view.words))
    return bool(several) and not view.things and view.setting != "fall" and not view.words & _ONE


def forest(stage: Stage) -> None:
    """Darker where the words call it deep or dark."""
    stage.lines(0.64, 0.7, 0.93)
    sheet, deep = stage.sheet, bool(stage.view.words & {"deep", "dark"})
    heavens(stage)
    if deep:
        _gloom(stage)
    earth.earth(stage, 0.7, 0.85, 0.02)
    misty = "mist" in stage.view.weather
    for foot, count, wide, tone in _RANKS:
        _rank(stage, grouped(stage, count), foot, wide, tone * (1.15 if deep else 1.0))
        sky.mist(sheet, foot + 0.01, 0.06 if misty else 0.03, 0.9 if misty else 0.5)
    if stage.view.words & {"light", "sunlight"}:
        _beams(stage)
    tufts(stage, 0.86, 12)
    aside = sheet.chance.uniform(-0.04, 0.04)
    for share, wide in _NEAR:
        _rank(stage, np.array([share + aside]), 0.96 - 0.008 * wide, wide, 0.97)


def grouped(stage: Stage, count: int) -> Floats:
    """Twos and threes that stand close, with gaps between them: nobody planted them in a row. Shares from the full side."""
    chance, groups = stage.sheet.chance, max(2, count * 2 // 5)
    middles = (np.arange(groups) + chance.uniform(0.1, 0.9, groups)) / groups
    return np.asarray(middles[np.arange(count) % groups] + chance.normal(0, 0.26 / groups, count))


def _gloom(stage: Stage) -> None:
    """Between the trunks of a deep forest it is dusk, darkest in its middle."""
    sheet = stage.sheet
    rows, columns = np.ogrid[-1.0 : 1.0 : sheet.height * 1j, -1.0 : 1.0 : sheet.width * 1j]
    away = (columns * stage.lean + 0.35) ** 2 * 0.7 + (rows - 0.1) ** 2 * 0.8
    shade = np.exp(-away) * (0.7 + 0.6 * (sheet.mottle - 0.5))
    sheet.wash(Tile(0, 0, np.clip(shade, 0, 1).astype(np.float32)), stage.light.dark_ink, 0.5)


def _beams(stage: Stage) -> None:
    """Light that falls aslant between the trunks, broad and narrow, and is lost before it reaches the ground."""
    sheet, chance = stage.sheet, stage.sheet.chance
    down, across = np.mgrid[0.0 : 1.0 : sheet.height * 1j, 0.0 : 1.0 : sheet.width * 1j]
    where = (across if stage.lean < 0 else 1 - across) + 0.55 * down
    beams = sum(np.exp(-(((where - at) / chance.uniform(0.012, 0.05)) ** 2)) for at in (0.42, 0.56, 0.66, 0.85, 1.0))
    mask = np.clip(beams * (0.5 + 0.6 * sheet.mottle), 0, 1) * np.clip(1.25 - 1.2 * down, 0, 1)
    sheet.cover(Tile(0, 0, mask.astype(np.float32)), (1.0, 0.97, 0.86), 0.65)


def _rank(stage: Stage, places: Floats, foot: float, wide: float, tone: float) -> None:
    """Trunks from the ground out of the picture and their boughs; `places` are shares from the full side."""
    trunks, widths = trunks_at(stage, places, foot, wide)
    stems, thinner = forks(stage, trunks, widths)
    _dark_at(stage, trunks[:, 0], wide, tone)
    for curves, breadths in ((stems, thinner), (trunks, widths)):
        if len(curves):
            _bark(stage, curves, breadths, wide, tone)
    _feet(stage, trunks, wide, tone)
    if wide > 2.5:
        _scales(stage, trunks, wide)
    _boughs(stage, np.concatenate([trunks, stems]), wide, tone)


def trunks_at(stage: Stage, places: Floats, foot: float, wide: float) -> tuple[Curves, Floats]:
    """Each leans its own way, winds a little, and is of its own breadth."""
    sheet, count = stage.sheet, len(places)
    x = np.array([stage.x(float(share)) for share in places])
    y = (foot + sheet.chance.uniform(-0.015, 0.015, count)) * sheet.height
    up, high = np.linspace(0, 1, _POINTS), (y + 6 * sheet.unit)[:, None]
    lean = sheet.chance.normal(0, 0.055 if wide < 3.5 else 0.02, (count, 1))
    wave = sheet.chance.uniform(0.006, 0.022, (count, 1))
    sway = np.sin(up * sheet.chance.uniform(4, 8, (count, 1)) + sheet.chance.uniform(0, 6, (count, 1)))
    across = (lean * up**1.2 + wave * (sway - sway[:, :1]) * (1 - 0.4 * up)) * high
    return np.stack([x[:, None] + across, y[:, None] - up * high], axis=2), sheet.chance.uniform(0.6, 1.2, count)


def forks(stage: Stage, trunks: Curves, widths: Floats) -> tuple[Curves, Floats]:
    """Every third trunk or so parts in two well above the ground."""
    sheet = stage.sheet
    parted = sheet.chance.uniform(size=len(trunks)) < 0.35
    start = trunks[parted][:, 2 + int(sheet.chance.integers(2))]
    out = np.linspace(0, 1, _POINTS) ** 0.85
    reach = (start[:, 1] + 6 * sheet.unit)[:, None]
    turn = sheet.chance.choice([-1, 1], (len(start), 1)) * sheet.chance.uniform(0.12, 0.26, (len(start), 1))
    x = start[:, :1] + turn * reach * out * (1.25 - 0.5 * out)
    return np.stack([x, start[:, 1:] - reach * out**1.15], axis=2), 0.62 * widths[parted]


def _bark(stage: Stage, curves: Curves, widths: Floats, wide: float, tone: float) -> None:
    """A solid body, its dry texture, and the dark of its far side."""
    sheet, colour = stage.sheet, _ink(stage, tone)
    thin = 0.62
    # In the dark a pale body would be a birch's; the furthest have none.
    dusky = stage.light.dark > 0.3 or bool(stage.view.words & {"deep", "dark"})
    body = mixed(sheet.paper, colour, max(0.75 * tone, 0.5 if dusky else 0.0))
    if wide > 1.5:
        sweep(sheet, curves, Brush(0.92 * wide * sheet.unit, body, 1.0, 0, 0.02, 0.02, 0.1, thin), widths, opaque=True)
    sweep(sheet, curves, Brush(wide * sheet.unit, colour, 0.75 * tone, 0.5, 0.02, 0.02, 0.25, thin), widths)
    if wide > 1.5:
        shade = Brush(0.45 * wide * sheet.unit, mixed(colour, INK, 0.6), 0.8 * tone, 0.6, 0.02, 0.05, 0.4, thin)
        sweep(sheet, moved(curves, 0.22 * wide * sheet.unit, 0), shade, widths)


def _feet(stage: Stage, curves: Curves, wide: float, tone: float) -> None:
    """Each takes hold with its roots."""
    sheet, feet = stage.sheet, curves[:, 0]
    reach = wide * sheet.unit
    for side in (-1, 1):
        toes = np.stack([moved(feet, 0.2 * side * reach, -1.1 * reach), moved(feet, 0.55 * side * reach, -0.2 * reach)], axis=1)
        toes = np.concatenate([toes, moved(feet, 1.35 * side * reach, 0.12 * reach)[:, None]], axis=1)
        sweep(sheet, toes, Brush(0.5 * reach, _ink(stage, tone), tone, 0.4, 0.1, 0.6, 0.4))


def _dark_at(stage: Stage, feet: Curves, wide: float, tone: float) -> None:
    """The ground about each foot lies in the tree's own dark."""
    sheet, reach = stage.sheet, wide * stage.sheet.unit
    for x, y in feet:
        dark = disc(float(x), float(y), 0.3 * reach, 1.7 * reach)
        flat = dark.mask[::4]
        foot = Tile(dark.x, int(y - len(flat) / 2 + 0.1 * reach), (0.8 * flat**2).astype(np.float32))
        sheet.wash(sheet.granulate(foot, 0.5), _ink(stage, tone), tone)


def _scales(stage: Stage, curves: Curves, wide: float) -> None:
    """A near pine's bark: short curved marks across it."""
    sheet = stage.sheet
    for curve in curves:
        at = sheet.chance.uniform(0, len(curve) - 1.01, 34)
        first = at.astype(int)
        place = curve[first] + (curve[first + 1] - curve[first]) * (at - first)[:, None]
        place = place + sheet.chance.uniform(-0.32, 0.32, (34, 1)) * (wide * sheet.unit, 0)
        bow = np.array([(-0.13, 0.0), (0.0, 0.09), (0.13, 0.0)]) * wide * sheet.unit
        sweep(sheet, place[:, None] + bow, Brush(0.1 * wide * sheet.unit, INK, 0.85, 0.3, 0.2, 0.3, 0.5))


def _boughs(stage: Stage, trunks: Curves, wide: float, tone: float) -> None:
    """Three or four from the upper half of each trunk, at any height, out and down and up again, needles along their outer half;
    none where the poem is written."""
    sheet, chance = stage.sheet, stage.sheet.chance
    each = 4 if wide < 1.5 else 3
    at = chance.uniform(0.48, 0.98, (len(trunks), each)) * (_POINTS - 1)
    start = np.concatenate([along(trunk, places) for trunk, places in zip(trunks, at, strict=True)])
    side = np.tile(chance.permutation([-1, 1, -1, 1][:each]), len(trunks))
    long = (2.5 + 3.6 * wide) * sheet.unit * chance.uniform(0.6, 1.25, len(start))
    tips = start + np.stack([side * long, 0.12 * long], axis=1)
    kept = (np.abs(stage.x(0.93) - (start + tips)[:, 0] / 2) > 0.09 * sheet.width + long / 2) | (not stage.roomy)
    start, side, long = start[kept], side[kept], long[kept]
    out = np.linspace(0, 1, 6)
    sag = chance.uniform(-0.12, 0.22, (len(start), 1)) * np.sin(2.4 * out) - 0.12 * out**2.5
    lines = np.stack([start[:, :1] + (side * long)[:, None] * out, start[:, 1:] + long[:, None] * sag], axis=2)
    wood = _ink(stage, tone)
    sweep(sheet, lines, Brush((0.16 + 0.13 * wide) * sheet.unit, wood, min(1.0, 1.2 * tone), 0.3, 0.0, 0.5, 0.3, 0.4))
    _needles(stage, lines, wide, mixed(sheet.paper, mixed(wood, _GREEN, 0.35), min(1.0, 0.3 + tone)))


def _needles(stage: Stage, lines: Curves, wide: float, colour: Colour) -> None:
    """Fans side by side on each bough, uneven, larger towards its middle."""
    sheet, chance = stage.sheet, stage.sheet.chance
    places = np.linspace(0.45, 1.0, 4) * (lines.shape[1] - 1)
    spots = np.concatenate([along(line, places) for line in lines]) if len(lines) else np.empty((0, 2))
    size = (0.9 + 0.75 * wide) * sheet.unit
    spots = spots + chance.normal(0, 0.3, spots.shape) * (size, 0.45 * size)
    if wide > 1.5:
        trees.needles(sheet, spots, size, colour)
        return
    # So far off they are touches of a flat brush.
    dots = dabs(spots.repeat(3, axis=0) + chance.normal(0, 0.5 * size, (3 * len(spots), 2)), 1.1 * size, 0.0)
    sweep(sheet, dots, Brush(0.5 * size, colour, 0.5, 0.35, 0.4, 0.5, 0.4), 1.0, chance.uniform(0.4, 1, len(dots)))


_GREEN: Colour = (0.16, 0.22, 0.18)


def _ink(stage: Stage, tone: float) -> Colour:
    return mixed(stage.light.ink, stage.light.dark_ink, tone)
