"""A forest seen from within: trunk behind trunk, paler the deeper they stand, one roof of needles over all."""

import numpy as np

from workers.providers.local.painter import earth, sky, trees
from workers.providers.local.painter.brush import Brush, Curves, Floats, moved, sweep
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.palette import INK, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import tufts
from workers.providers.local.painter.washes import disc

_RANKS = ((0.66, 15, 1.1, 0.22), (0.73, 10, 1.9, 0.42), (0.82, 6, 3.0, 0.68))
"""Of each rank, the furthest first: where it stands (a share of the height), how many, how broad (in units), how dark."""

_NEAR = ((0.02, 6.4), (0.3, 5.0))
"""The two nearest trunks: a share of the width from the full side, and how broad; the poem's side is left open."""

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
        places = (np.arange(count) + sheet.chance.uniform(0.15, 0.85, count)) / count
        _rank(stage, places, foot, wide, tone * (1.15 if deep else 1.0))
        _roof(stage, places, foot, wide, tone)
        sky.mist(sheet, foot + 0.01, 0.06 if misty else 0.03, 0.9 if misty else 0.5)
    for share, wide in _NEAR:
        _rank(stage, np.array([share + sheet.chance.uniform(-0.03, 0.03)]), 0.94, wide, 0.97)
    tufts(stage, 0.86, 12)


def _gloom(stage: Stage) -> None:
    """Between the trunks of a deep forest it is dusk, darkest in its middle."""
    sheet = stage.sheet
    rows, columns = np.ogrid[-1.0 : 1.0 : sheet.height * 1j, -1.0 : 1.0 : sheet.width * 1j]
    away = (columns * stage.lean + 0.35) ** 2 * 0.7 + (rows - 0.1) ** 2 * 0.8
    shade = np.exp(-away) * (0.7 + 0.6 * (sheet.mottle - 0.5))
    sheet.wash(Tile(0, 0, np.clip(shade, 0, 1).astype(np.float32)), stage.light.dark_ink, 0.5)


def _rank(stage: Stage, places: Floats, foot: float, wide: float, tone: float) -> None:
    """Trunks from the ground out of the picture, each of its own breadth; `places` are shares from the full side."""
    sheet, count = stage.sheet, len(places)
    x = np.array([stage.x(float(share)) for share in places])
    y = (foot + sheet.chance.uniform(-0.012, 0.012, count)) * sheet.height
    up = np.linspace(0, 1, 6)
    lean = sheet.chance.normal(0, 1.4, (count, 1)) * up + sheet.chance.normal(0, 0.35, (count, 6))
    curves = np.stack([x[:, None] + lean * sheet.unit, y[:, None] - up * (y[:, None] + 6 * sheet.unit)], axis=2)
    widths = sheet.chance.uniform(0.7, 1.15, count)
    colour = _ink(stage, tone)
    body = Brush(0.92 * wide * sheet.unit, mixed(sheet.paper, colour, 0.75 * tone), 1.0, 0, 0.02, 0.02, 0.1, 0.7)
    sweep(sheet, curves, body, widths, opaque=True)
    sweep(sheet, curves, Brush(wide * sheet.unit, colour, 0.75 * tone, 0.5, 0.02, 0.02, 0.25, 0.7), widths)
    shade = Brush(0.45 * wide * sheet.unit, mixed(colour, INK, 0.6), 0.8 * tone, 0.6, 0.02, 0.05, 0.4, 0.7)
    sweep(sheet, moved(curves, 0.22 * wide * sheet.unit, 0), shade, widths)
    _feet(stage, curves, wide, tone)
    if wide > 2.5:
        _scales(stage, curves, wide)


def _feet(stage: Stage, curves: Curves, wide: float, tone: float) -> None:
    """Each takes hold with its roots, and its foot lies in its own dark."""
    sheet, feet = stage.sheet, curves[:, 0]
    reach = wide * sheet.unit
    for side in (-1, 1):
        toes = np.stack([moved(feet, 0.2 * side * reach, -1.1 * reach), moved(feet, 0.55 * side * reach, -0.2 * reach)], axis=1)
        toes = np.concatenate([toes, moved(feet, 1.35 * side * reach, 0.12 * reach)[:, None]], axis=1)
        sweep(sheet, toes, Brush(0.5 * reach, _ink(stage, tone), tone, 0.4, 0.1, 0.6, 0.4))
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


def _roof(stage: Stage, places: Floats, foot: float, wide: float, tone: float) -> None:
    """Boughs of needles about the upper half of each trunk, in level tiers; none where the poem is written."""
    sheet, size = stage.sheet, (1.2 + 1.1 * wide) * stage.sheet.unit
    tiers = int(3 + 2 * (foot > 0.7))
    x = np.array([stage.x(float(share)) for share in places]).repeat(tiers)
    y = np.tile(np.linspace(-0.01, 0.3 - 0.05 * wide, tiers), len(places)) + sheet.chance.normal(0, 0.02, len(x))
    side = sheet.chance.choice([-1, 1], len(x))
    kept = (np.abs(x - stage.x(0.93)) > 0.14 * sheet.width) | (not stage.roomy)
    x, y, side = x[kept], y[kept], side[kept]
    long = sheet.chance.uniform(1.6, 3.4, len(x)) * size
    share = np.linspace(0.15, 1, 5)
    out = long[:, None] * share
    spots = np.stack([x[:, None] + side[:, None] * out, y[:, None] * sheet.height + 0.18 * out * share], axis=2)
    boughs = np.stack([np.stack([x, y * sheet.height], axis=1), spots[:, 2], spots[:, 4]], axis=1)
    sweep(sheet, boughs, Brush(0.26 * wide * sheet.unit, _ink(stage, tone), tone, 0.3, 0.0, 0.5, 0.3))
    trees.needles(sheet, spots.reshape(-1, 2), size, mixed(sheet.paper, _ink(stage, tone), min(1.0, 0.35 + tone)))


def _ink(stage: Stage, tone: float) -> Colour:
    return mixed(stage.light.ink, stage.light.dark_ink, tone)
