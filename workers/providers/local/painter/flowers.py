"""Low things that grow: grasses, reeds, flowers, each in a clump about its root."""

import numpy as np

from workers.providers.local.painter import trees
from workers.providers.local.painter.brush import Brush, Curves, Floats, ribbons, sweep
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.sheet import Colour, Sheet
from workers.providers.local.painter.spot import Spot

_ROW = 14
"""Blades of a tuft that are laid at once, each such layer before the one behind it; at most four layers."""


def grass(sheet: Sheet, spot: Spot, *, colour: Colour = PIGMENTS["moss"], count: int = 46, height: float = 0.5) -> None:
    """A tuft of blades as wide as it is high: they fan out from its foot, pale behind and full in front, none seen through."""
    reach = spot.size * sheet.unit
    blades, out = _fan(sheet, spot, count, height)
    width = min(0.75 * sheet.unit, 0.13 * height * reach)
    rows = np.array_split(np.argsort(blades[:, 0, 1]), min(4, 1 + count // _ROW))
    for number, row in enumerate(rows, 1):
        paler = mixed(colour, spot.light.ground, 0.6 * (1 - number / len(rows)))
        thick = sheet.chance.uniform(0.6, 1.25, len(row)) * (1 - 0.25 * np.abs(out[row]))
        tile = ribbons(sheet, blades[row], Brush(width, paler, 1, 0.0, 0.35, 0.75), thick, np.ones(len(row)))
        sheet.cover(tile._replace(mask=np.clip(1.6 * tile.mask, 0, 1)), paler)


def _fan(sheet: Sheet, spot: Spot, count: int, height: float) -> tuple[Curves, Floats]:
    """The blades from root to tip, and how far out each stands, -1 to 1; the further out, the further it bends that way."""
    chance, reach = sheet.chance, spot.size * sheet.unit
    out = np.clip(chance.normal(0, 0.5, count), -1, 1)
    rise = chance.uniform(0.4, 1, count) * reach * height * (1 - 0.35 * out**2)
    root = np.stack([spot.x + 0.72 * out * reach, spot.y + chance.uniform(-1, 1, count) * min(1.8 * sheet.unit, 0.08 * reach)], 1)
    bend = (0.22 * spot.lean + 0.4 * out + chance.normal(0, 0.14, count)) * rise
    shares = np.array([0, 0.35, 0.7, 1.0])
    fallen = 0.16 + 0.2 * np.abs(out[:, None])
    across, up = bend[:, None] * shares**2, rise[:, None] * (shares - fallen * shares**3)
    return np.stack([root[:, :1] + across, root[:, 1:] - up], axis=2), out


def young_grass(sheet: Sheet, spot: Spot) -> None:
    """Short, thick and fresh."""
    grass(sheet, spot, colour=(0.39, 0.56, 0.22), count=64, height=0.19)


def frosted_grass(sheet: Sheet, spot: Spot) -> None:
    """Dark blades, and as many white ones before them: on pale ground white alone is not seen."""
    for colour, count in (((0.36, 0.36, 0.38), 40), (PIGMENTS["brown"], 16), ((0.93, 0.95, 0.97), 24)):
        grass(sheet, spot, colour=colour, count=count, height=0.6)


def silver_grass(sheet: Sheet, spot: Spot) -> None:
    """Susuki: long blades and pale plumes that lean with the wind, each as far as it is young or ripe."""
    chance, unit = sheet.chance, sheet.unit
    grass(sheet, Spot(spot.x, spot.y, spot.size, spot.lean, spot.light), colour=PIGMENTS["brown"], count=38, height=0.75)
    count = 9
    roots = np.stack(
        [spot.x + chance.normal(0, 0.4 * spot.size, count) * unit, spot.y + chance.uniform(-2.5, 2.5, count) * unit], 1
    )
    rise = spot.size * unit * chance.uniform(0.65, 1.3, count)
    lean = spot.lean * rise * chance.uniform(0.12, 0.55, count)
    shares = np.array([0, 0.5, 1.0])
    stems = np.stack([roots[:, :1] + lean[:, None] * shares**2, roots[:, 1:] - rise[:, None] * shares], axis=2)
    sweep(sheet, stems, Brush(0.4 * unit, PIGMENTS["brown"], 0.9, 0.0, 0.1, 0.2), opaque=True)
    for x, y in roots[::2]:
        foot = Spot(float(x), float(y) + 0.5 * unit, 0.3 * spot.size, spot.lean, spot.light)
        grass(sheet, foot, colour=mixed(PIGMENTS["brown"], spot.light.ground, 0.25), count=13, height=0.7)
    plumes = _plumes(sheet, stems, spot.lean)
    sweep(sheet, plumes, Brush(0.5 * unit, PIGMENTS["white"], 0.8, 0.25, 0.15, 0.7), opaque=True)
    sweep(sheet, plumes, Brush(0.4 * unit, PIGMENTS["ochre"], 0.6, 0.5, 0.2, 0.6))


def _plumes(sheet: Sheet, stems: Curves, lean: int) -> Curves:
    """Hairs from along each stem's last piece, up and over to where the wind goes; the riper a plume, the wider and the lower."""
    chance, count, hairs = sheet.chance, len(stems), 15
    ripe = chance.uniform(0.1, 1, (count, 1))
    along = np.tile(np.linspace(0, 1, hairs), (count, 1))
    long = (
        (2.8 + 3.4 * (1 - along) * chance.uniform(0.7, 1.1, (count, hairs))) * chance.uniform(0.75, 1.3, (count, 1)) * sheet.unit
    )
    way = stems[:, -1] - stems[:, 1]
    way = way / np.linalg.norm(way, axis=1, keepdims=True)
    start = stems[:, -1:] + way[:, None] * ((along - 0.7) * 4.2 * sheet.unit)[..., None]
    up = np.arctan2(way[:, 1], way[:, 0])[:, None] + lean * chance.normal(0.25 + 0.35 * ripe, 0.16 + 0.2 * ripe, (count, hairs))
    over = up + lean * (0.3 + 0.75 * ripe) * chance.uniform(0.6, 1.2, (count, hairs))
    middle = start + 0.5 * long[..., None] * np.stack([np.cos(up), np.sin(up)], axis=2)
    end = middle + 0.5 * long[..., None] * np.stack([np.cos(over), np.sin(over)], axis=2)
    return np.stack([start, middle, end], axis=2).reshape(-1, 3, 2)


def reeds(sheet: Sheet, spot: Spot) -> None:
    grass(sheet, spot, count=26, height=1.0)


def flowers(sheet: Sheet, spot: Spot, *, colour: Colour = PIGMENTS["pink"], size: float = 2.2, count: int = 9) -> None:
    """Stems with open blooms."""
    grass(sheet, Spot(spot.x, spot.y, spot.size * 0.8, spot.lean, spot.light), count=26)
    out = np.linspace(-1, 1, count) + sheet.chance.normal(0, 0.15, count)
    x = spot.x + out * spot.size * 0.12 * sheet.unit
    top = spot.y - spot.size * sheet.unit * (0.8 - 0.35 * np.abs(out)) * sheet.chance.uniform(0.7, 1.1, count)
    stems = np.stack(
        [
            np.stack([x, np.full(count, spot.y)], 1),
            np.stack([x + out * spot.size * 0.1 * sheet.unit, (top + spot.y) / 2], 1),
            np.stack([x + (out + 0.25 * spot.lean) * spot.size * 0.32 * sheet.unit, top], 1),
        ],
        axis=1,
    )
    sweep(sheet, stems, Brush(0.45 * sheet.unit, PIGMENTS["moss"], 0.85, 0.2, 0.1, 0.2))
    trees.leaves(sheet, stems[:, 1].repeat(3, axis=0), 2.4 * sheet.unit, PIGMENTS["green"])
    trees.blossoms(sheet, stems[:, 2], size * sheet.unit, colour, PIGMENTS["ochre"])


def red_flowers(sheet: Sheet, spot: Spot) -> None:
    flowers(sheet, spot, colour=PIGMENTS["red"], size=2.3, count=9)


def blue_flowers(sheet: Sheet, spot: Spot) -> None:
    flowers(sheet, spot, colour=PIGMENTS["blue"], size=2.3, count=9)


def yellow_flowers(sheet: Sheet, spot: Spot) -> None:
    flowers(sheet, spot, colour=PIGMENTS["gold"], size=2.2, count=9)


def white_flowers(sheet: Sheet, spot: Spot) -> None:
    flowers(sheet, spot, colour=(0.93, 0.93, 0.90), size=2.8, count=8)


def dandelion(sheet: Sheet, spot: Spot) -> None:
    flowers(sheet, Spot(spot.x, spot.y, spot.size * 0.5, spot.lean, spot.light), colour=PIGMENTS["gold"], size=1.5, count=9)
