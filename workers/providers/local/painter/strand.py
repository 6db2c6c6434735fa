"""A beach that curves away: broad at the viewer's feet, a thread at its far end, with the foam of the last waves along it."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Brush, Floats, dabs, sweep
from workers.providers.local.painter.noise import Plane, ridge
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.stage import Stage

_BLUE: Colour = (0.42, 0.53, 0.62)
_SAND: Colour = (0.91, 0.86, 0.75)


class Strand(Struct, frozen=True):
    """The water's edge: its row for each column, in pixels, and how near it is there, about 1 at the viewer's feet."""

    edge: Plane
    near: Plane


def strand(stage: Stage) -> Strand:
    """From the lower corner of the full side up to the horizon on the poem's."""
    sheet, chance = stage.sheet, stage.sheet.chance
    across = np.linspace(0, 1, sheet.width, dtype=np.float32)
    out = across if stage.turned else 1 - across
    bend, fall = chance.uniform(0.95, 1.2), chance.uniform(0.34, 0.38)
    edge = stage.horizon + 0.05 + fall * (1 - (1 - out**bend) ** 1.9)
    near = (edge - stage.horizon) / 0.36
    # Each wave ran up a little further or less far than its neighbour.
    edge = edge + 0.016 * near * np.sin(across * chance.uniform(9, 13) + chance.uniform(0, 6)) * np.sin(np.pi * out)
    edge = edge + 0.006 * near * ridge(chance, sheet.width, 16 * sheet.unit, 4)
    return Strand(np.asarray(edge * sheet.height, dtype=np.float32), np.asarray(near, dtype=np.float32))


def sand(stage: Stage, shore: Strand) -> None:
    """Pale and dry, dark as far as the last wave ran up, a thread of foam left there, and foam in torn lines at the edge."""
    sheet = stage.sheet
    rows = np.arange(sheet.height, dtype=np.float32)[:, None]
    dry = np.clip((rows - shore.edge) / (0.8 * sheet.unit), 0, 1)
    pale = mixed(_SAND, stage.light.dark_ink, 0.06 + 0.42 * stage.light.dark)
    sheet.cover(Tile(0, 0, (dry * (0.8 + 0.4 * (sheet.mottle - 0.5))).astype(np.float32)), pale, 0.95)
    reach = shore.edge + (4.5 + 2.2 * ridge(sheet.chance, sheet.width, 22 * sheet.unit, 3)) * sheet.unit * shore.near
    wet = np.clip(rows - shore.edge, 0, 1) * np.clip((reach - rows) / (0.5 * sheet.unit), 0, 1)
    sheet.wash(sheet.granulate(Tile(0, 0, wet.astype(np.float32)), 0.5), (0.60, 0.55, 0.50), 0.5)
    _tide_marks(stage, shore)
    _thread(stage, reach, shore.near, 0.6, 0.75)
    for lift, width, tone in ((1.9, 0.8, 0.8), (0.9, 1.3, 0.9), (0.0, 2.0, 1.0)):
        _thread(stage, shore.edge - lift * sheet.unit * shore.near, shore.near, width, tone)


def _tide_marks(stage: Stage, shore: Strand) -> None:
    """What higher water left on the dry sand: lines that follow the edge, further apart towards the viewer, and a few shells."""
    sheet, dark = stage.sheet, mixed(_SAND, stage.light.dark_ink, 0.3 + 0.35 * stage.light.dark)
    for out in (10.0, 17.0, 26.0, 38.0, 54.0):
        drift = 2.5 * ridge(sheet.chance, sheet.width, 18 * sheet.unit, 3)
        _thread(stage, shore.edge + (out + drift) * sheet.unit * shore.near, shore.near, 0.55, 0.5, dark)
    x, down = sheet.chance.uniform(0, sheet.width - 1, 26), sheet.chance.uniform(6, 60, 26)
    spots = np.stack([x, shore.edge[x.astype(int)] + down * sheet.unit * shore.near[x.astype(int)]], axis=1)
    shell = Brush(0.8 * sheet.unit, mixed(WHITE, dark, 0.3), 0.9, 0.2, 0.4, 0.5, 0.3)
    sweep(sheet, dabs(spots, 0.7 * sheet.unit, 0.2), shell, shore.near[x.astype(int)].clip(0.2, 1.2), 0.8, opaque=True)


def rollers(stage: Stage, shore: Strand) -> None:
    """Waves that break one behind the other on their way to the sand, each white along its lip and dark below it."""
    sheet, unit = stage.sheet, stage.sheet.unit
    blue = mixed(_BLUE, stage.light.dark_ink, 0.4)
    rows = np.arange(sheet.height, dtype=np.float32)[:, None]
    for out, high in ((26.0, 1.6), (17.0, 2.4), (8.5, 3.2)):
        heave = ridge(sheet.chance, sheet.width, 30 * unit, 3) * 0.9
        lip = shore.edge - (out + heave) * unit * shore.near
        face = np.clip(rows - lip, 0, 1) * np.exp(-np.clip(rows - lip, 0, None) / (high * unit * shore.near + 0.5))
        ends = np.clip(1.25 - np.abs(np.linspace(-1.2, 1.2, sheet.width) + sheet.chance.uniform(-0.3, 0.3)) ** 3, 0, 1)
        sheet.wash(sheet.granulate(Tile(0, 0, (face * ends).astype(np.float32)), 0.5), blue, 0.8)
        for lift, width in ((0.0, 0.45), (0.35, 0.3)):
            _thread(stage, lip - lift * high * unit * shore.near, shore.near, width * high, 0.95)


def _thread(stage: Stage, line: Floats | Plane, near: Plane, width: float, tone: float, colour: Colour | None = None) -> None:
    """A line of foam, or of another colour, along `line`, in pixels, torn in places; `width` in units where it is nearest."""
    sheet, pieces = stage.sheet, 16
    starts = np.linspace(-0.02, 0.96, pieces) + sheet.chance.normal(0, 0.012, pieces)
    long = sheet.chance.uniform(0.06, 0.12, (pieces, 1))
    columns = np.clip((starts[:, None] + long * np.linspace(0, 1, 9)) * (sheet.width - 1), 0, sheet.width - 1)
    at = columns.astype(int)
    curves = np.stack([columns, line[at]], axis=2).astype(np.float64)
    widths = near[at[:, 4]].clip(0.1, 1.3) * sheet.chance.uniform(0.6, 1.25, pieces)
    foam = colour or mixed(WHITE, PIGMENTS["grey"], 0.35 * stage.light.dark)
    sweep(sheet, curves, Brush(width * sheet.unit, foam, 0.95, 0.4, 0.35, 0.4, 0.9), widths, tone, opaque=True)
