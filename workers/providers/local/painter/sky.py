"""What is above: the washed sky, moon, sun, stars, clouds and mist."""

from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from workers.providers.local.painter.brush import Brush, sweep
from workers.providers.local.painter.noise import Plane, clouds, stretch
from workers.providers.local.painter.palette import VERMILION, WHITE, Light, mixed
from workers.providers.local.painter.sheet import Colour, Sheet, Tile
from workers.providers.local.painter.storm import storm
from workers.providers.local.painter.trees import Spots
from workers.providers.local.painter.washes import blur, disc, pooled


def sky(sheet: Sheet, light: Light, horizon: float, *, heavy: bool = False, stormy: bool = False) -> None:
    """A wash from the top that runs out before `horizon` (a share of the height), pulled with a wide wet brush.

    `heavy` hangs grey in it, `stormy` dark clouds that leave no glow below.
    """
    rows = np.linspace(0, 1, sheet.height, dtype=np.float32)[:, None] / max(horizon, 0.3)
    drift = clouds(sheet.chance, sheet.width, sheet.height, 46 * sheet.unit, 4, stretched=2.4)
    high = np.clip(1.08 - rows * (0.75 if light.dark > 0.5 else 1.15) + (drift - 0.5) * 1.25, 0, 1)
    low = np.clip(1 - np.abs(rows - 0.92) * 2.1 + (drift - 0.5) * 0.6, 0, 1)
    sheet.wash(Tile(0, 0, high.astype(np.float32)), light.sky, 0.95 if light.dark > 0.5 else 0.8)
    sheet.wash(Tile(0, 0, low.astype(np.float32)), light.horizon, 0.1 if stormy else 0.55)
    if heavy:
        hanging = np.clip((drift - 0.42) * 2.2, 0, 1) * np.clip(1.15 - rows * 1.3, 0, 1)
        sheet.wash(Tile(0, 0, hanging.astype(np.float32)), (0.45, 0.48, 0.54), 0.55)
    if stormy:
        storm(sheet, light, horizon)


def moon(sheet: Sheet, x: float, y: float, radius: float, *, hazy: bool = False) -> None:
    """Bare paper with a halo; the seas are a breath of ink."""
    halo = disc(x, y, radius * 1.1, radius * (2.6 if hazy else 1.7))
    sheet.cover(halo._replace(mask=halo.mask**2), (0.99, 0.965, 0.89), 0.55)
    face = disc(x, y, radius, radius * 0.35 if hazy else 1.4)
    sheet.cover(face, (0.995, 0.98, 0.925), 0.8 if hazy else 1.0)
    size = face.mask.shape[0]
    seas = np.clip((clouds(sheet.chance, size, size, radius * 0.9, 4) - 0.5) * 2.5, 0, 1)
    sheet.wash(face._replace(mask=face.mask * seas), (0.70, 0.71, 0.74), 0.38)
    rim = face.mask * np.clip(1.4 * (1 - blur(face.mask, radius * 0.25)), 0, 1)
    sheet.wash(face._replace(mask=rim), (0.80, 0.74, 0.62), 0.4)


def sun(sheet: Sheet, x: float, y: float, radius: float, *, pale: bool = False) -> None:
    """Vermilion laid wet: it pools at the rim, and sinks into haze below."""
    glow = disc(x, y, radius * 1.05, radius * 2.2)
    sheet.wash(glow._replace(mask=glow.mask**2), (0.98, 0.72, 0.52), 0.5 if not pale else 0.3)
    face = pooled(sheet, disc(x, y, radius, 1.6), 0.3, radius * 0.22)
    size = face.mask.shape[0]
    sinking = np.clip(1.25 - np.linspace(-0.1, 1.0, size, dtype=np.float32)[:, None] * (1.0 if pale else 0.55), 0.15, 1)
    sheet.cover(face._replace(mask=np.clip(face.mask * sinking * 1.15, 0, 1)), VERMILION, 0.72 if pale else 0.93)


def high_sun(sheet: Sheet, x: float, y: float, radius: float) -> None:
    """By day it is a pale round in a wide white glare."""
    for reach, strength in ((4.2, 0.4), (1.9, 0.55)):
        glare = disc(x, y, radius * 0.9, radius * reach)
        sheet.cover(glare._replace(mask=glare.mask**2), (1.0, 0.975, 0.88), strength)
    face = disc(x, y, radius, 1.4)
    sheet.cover(face, (1.0, 0.985, 0.92), 0.97)
    rim = face.mask * np.clip(1.4 * (1 - blur(face.mask, radius * 0.3)), 0, 1)
    sheet.wash(face._replace(mask=rim), (0.97, 0.82, 0.50), 0.55)


class Stars(NamedTuple):
    """The sky as it was before them, and where each is and how far its light reaches, in pixels."""

    before: Plane
    places: list[tuple[float, float, float]]


def stars(sheet: Sheet, floor: float, *, river: bool = False) -> Stars:
    """Spattered shell white above `floor` (a share of the height); `river` gathers them into the Milky Way."""
    if river:
        _river(sheet, floor)
    found, count = Stars(sheet.rgb.copy(), []), 130 if river else 70
    spots = sheet.chance.uniform((0, 0), (sheet.width, sheet.height * floor), (count, 2))
    sizes = sheet.chance.exponential(0.75, count).clip(0.3, 3.8)
    _spatter(sheet, spots, sizes)
    found.places.extend(
        (float(x), float(y), (0.3 + 0.1 * float(size)) * sheet.unit) for (x, y), size in zip(spots, sizes, strict=True)
    )
    return found


def clear(sheet: Sheet, stars: Stars, crest: Plane) -> None:
    """Put out each star a crest would cut in two; `crest` has a row for each column."""
    for x, y, reach in stars.places:
        columns = slice(max(0, int(x - reach)), int(x + reach) + 2)
        rows = slice(max(0, int(y - reach)), int(y + reach) + 2)
        if len(crest[columns]) and rows.stop > crest[columns].min():
            sky_there = np.arange(rows.start, min(rows.stop, sheet.height))[:, None] < crest[columns] - 1
            area = sheet.rgb[rows, columns]
            area[sky_there] = stars.before[rows, columns][sky_there]


def star(sheet: Sheet, x: float, y: float, radius: float) -> None:
    """One star, bright enough to be the picture; all in pixels."""
    for reach, strength in ((6.0, 0.35), (2.4, 0.7)):
        halo = disc(x, y, radius, radius * reach)
        sheet.cover(halo._replace(mask=halo.mask**2), (0.86, 0.89, 0.97), strength)
    sheet.cover(disc(x, y, radius, 1.0), WHITE)


_ORION = ((-0.55, -1.0), (0.5, -0.85), (-0.22, 0.06), (0.0, 0.0), (0.2, -0.07), (-0.45, 0.95), (0.6, 0.85))
"""Shoulders, belt and feet, in shares of half its height, x to the right and y down."""


def orion(sheet: Sheet, x: float, y: float, half: float) -> None:
    for number, (across, down) in enumerate(_ORION):
        size = (0.62, 0.45, 0.42, 0.42, 0.42, 0.4, 0.62)[number] * sheet.unit
        star(sheet, x + across * half, y + down * half, size)


def meteor(sheet: Sheet, x: float, y: float, length: float, side: int) -> None:
    """A falling star with its head at (x, y) and its trail behind, up and to `side`; all in pixels."""
    trail = np.array([[(x, y), (x + side * length * 0.5, y - length * 0.28), (x + side * length, y - length * 0.56)]])
    for width, strength in ((1.5, 0.3), (0.7, 0.95)):
        brush = Brush(width * sheet.unit, WHITE, strength, 0.0, 0.02, 0.97, 0.0)
        sweep(sheet, trail, brush, opaque=True)
    star(sheet, x, y, 0.55 * sheet.unit)


def _spatter(sheet: Sheet, spots: Spots, sizes: Spots) -> None:
    """Round points, for a stroke however short reads as sleet."""
    for (x, y), size in zip(spots, sizes, strict=True):
        point = disc(float(x), float(y), (0.06 + 0.09 * float(size)) * sheet.unit, 0.12 * sheet.unit)
        sheet.cover(point, WHITE, min(1.0, 0.3 + float(size) / 2))


def _river(sheet: Sheet, floor: float) -> None:
    """A broad band from the upper corner down to the ridge: a glow, dark lanes in it, thousands of stars."""
    rows, columns = np.mgrid[: sheet.height, : sheet.width].astype(np.float32)
    away = columns / sheet.width - 0.12 - 0.62 * rows / (sheet.height * floor)
    wisps = clouds(sheet.chance, sheet.width, sheet.height, 18 * sheet.unit, 5)
    glow = np.exp(-((away / 0.17) ** 2)) * (0.4 + 0.6 * np.clip(wisps * 1.8 - 0.4, 0, 1))
    sheet.cover(Tile(0, 0, glow.astype(np.float32)), (0.84, 0.87, 0.94), 0.78)
    lanes = np.exp(-(((away + 0.1 * (wisps - 0.5)) / 0.025) ** 2)) * np.clip(wisps * 2 - 0.7, 0, 1)
    sheet.cover(Tile(0, 0, lanes.astype(np.float32)), (0.26, 0.31, 0.43), 0.55)
    count = 1500
    down = sheet.chance.uniform(0, 1, count)
    across = 0.12 + 0.62 * down + sheet.chance.normal(0, 0.085, count)
    spots = np.stack([across * sheet.width, down * sheet.height * floor], axis=1)
    _spatter(sheet, spots, sheet.chance.exponential(0.36, count).clip(0.15, 2.6))


def banks_of_cloud(sheet: Sheet, top: float, bottom: float, count: int = 3) -> None:
    """Clouds as a painter leaves them out: pale bodies, a grey underside."""
    for _ in range(count):
        x = sheet.chance.uniform(0.05, 0.75) * sheet.width
        y = sheet.chance.uniform(top, bottom) * sheet.height
        cloud(sheet, x, y, sheet.chance.uniform(16, 30) * sheet.unit)


def afterglow(sheet: Sheet, y: float) -> None:
    """Streaks of red cloud about `y`, a share of the height, thinner and paler the higher they are."""
    rows = np.linspace(0, 1, sheet.height, dtype=np.float32)[:, None]
    streaks = clouds(sheet.chance, sheet.width, sheet.height, 12 * sheet.unit, 4, stretched=7)
    for reach, floor, colour, strength in ((0.3, 0.3, (0.98, 0.66, 0.46), 0.9), (0.2, 0.5, (0.86, 0.30, 0.22), 0.95)):
        band = np.exp(-(((rows - y) / reach) ** 2)) * np.clip((streaks - floor) * 4, 0, 1)
        sheet.wash(Tile(0, 0, band.astype(np.float32)), colour, strength)


def first_light(sheet: Sheet, y: float) -> None:
    """Before the sun: warm air behind the hills at `y`, a share of the height, brightest in the middle."""
    rows = np.linspace(0, 1, sheet.height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, sheet.width, dtype=np.float32)
    for reach, colour, strength in ((0.26, (0.98, 0.72, 0.56), 0.6), (0.12, (1.0, 0.93, 0.76), 0.9)):
        glow = np.exp(-(((rows - y) / reach) ** 2) - (columns / 0.8) ** 2)
        sheet.cover(Tile(0, 0, glow.astype(np.float32)), colour, strength)


def tower_of_cloud(sheet: Sheet, x: float, y: float) -> None:
    """Summer's mountain of cloud: puff upon puff from a broad foot at (x, y), in pixels, to a round head."""
    for up, spread, size in ((0.44, 0.02, 30), (0.36, 0.1, 30), (0.27, 0.13, 34), (0.17, 0.2, 38), (0.07, 0.27, 42)):
        for side in (-1, 1, 0):
            middle = x + side * spread * sheet.width * sheet.chance.uniform(0.7, 1.1)
            cloud(sheet, middle, y - up * sheet.height, size * sheet.unit * sheet.chance.uniform(0.8, 1.1))


def cloud(sheet: Sheet, x: float, y: float, width: float) -> None:
    size = (int(width * 2.2), int(width))
    rows, columns = np.mgrid[: size[1], : size[0]].astype(np.float32)
    rows, columns = rows / size[1] - 0.5, columns / size[0] - 0.5
    puff = clouds(sheet.chance, size[0], size[1], width * 0.42, 5)
    body = np.clip((puff * 0.9 - (columns * 2.3) ** 2 - (rows * 2.6) ** 2) * 3.2, 0, 1)
    left, top = int(x - size[0] / 2), int(y - size[1] / 2)
    # By night nothing lights it: it is as pale as the night's own paper.
    pale = mixed(WHITE, sheet.paper, 0.75) if sum(sheet.paper) < 2.4 else WHITE
    sheet.cover(Tile(left, top, body), pale, 0.9 if pale is WHITE else 0.6)
    under = body * np.clip(0.25 + rows * 1.4 + (puff - 0.5) * 0.8, 0, 1)
    sheet.wash(Tile(left, top, under.astype(np.float32)), (0.60, 0.63, 0.68), 0.75)


def mist(sheet: Sheet, y: float, depth: float, thickness: float = 0.8) -> None:
    """A band of nothing: the paper comes back. `y` and `depth` are shares of the height."""
    first, last = (int(np.clip(y + way * 2.6 * depth, 0, 1) * sheet.height) for way in (-1, 1))
    rows = np.arange(first, last, dtype=np.float32)[:, None] / sheet.height
    small = clouds(sheet.chance, sheet.width // 4, (last - first) // 4 + 1, 9 * sheet.unit, 4, stretched=4)
    wisps = stretch(small, sheet.width, last - first)
    band = np.exp(-(((rows - y + (wisps - 0.5) * depth * 0.8) / depth) ** 2)) * np.clip(wisps * 1.5 + 0.1, 0, 1)
    sheet.cover(Tile(0, first, band.astype(np.float32)), vapour(sheet), thickness)


def vapour(sheet: Sheet) -> Colour:
    """What mist looks like: the paper, paler."""
    return mixed(sheet.paper, WHITE, 0.5)


def flock(sheet: Sheet, x: float, y: float) -> None:
    """Far birds: two touches of the brush each for their wings, one for the body."""
    count = int(sheet.chance.integers(3, 8))
    at = _apart(sheet, count) * sheet.unit + (x, y)
    wings = np.array([[(0.1, 0.1), (-0.7, -0.75), (-1.7, -0.4)], [(-0.1, 0.1), (0.8, -0.85), (1.9, -0.3)]]) * sheet.unit
    sizes = sheet.chance.uniform(0.5, 1.1, (count, 1, 1, 1))
    curves = (at[:, None, None] + wings * sizes).reshape(-1, 3, 2)
    ink = Brush(0.5 * sheet.unit, (0.14, 0.15, 0.18), 0.9, 0.0, 0.1, 0.8)
    tones = sheet.chance.uniform(0.5, 1, count)
    sweep(sheet, curves, ink, 1.0, tones.repeat(2))
    body = np.array([(-0.75, 0.35), (0.0, 0.1), (0.85, 0.0)]) * sheet.unit
    sweep(
        sheet,
        at[:, None] + body * sizes[:, 0],
        replace(ink, width=0.75 * sheet.unit, tip=0.5, tail=0.6),
        sizes[:, 0, 0, 0],
        tones,
    )


def _apart(sheet: Sheet, count: int) -> Spots:
    """Places about 0, in units, none so near another that two birds would be one blot."""
    kept: list[Spots] = []
    for place in sheet.chance.normal(0, (8, 3.4), (8 * count, 2)).clip((-15, -7), (15, 7)):
        if len(kept) < count and all(np.hypot(*((place - other) / (4.4, 2.4))) > 1 for other in kept):
            kept.append(place)
    return np.array(kept)


def rainbow(sheet: Sheet, x: float, y: float, radius: float, *, faint: bool = False) -> None:
    """Half a ring of wet colours about (x, y), in pixels; its feet are lost in the air."""
    rows, columns = np.ogrid[: sheet.height, : sheet.width]
    away = np.hypot(columns - x, (rows - y) * 1.05) / radius
    fading = np.clip((y - rows) / (0.5 * radius), 0, 1) * (0.55 + 0.9 * (sheet.mottle - 0.2))
    for shift, colour in (
        (0.0, (0.90, 0.45, 0.40)),
        (-0.045, (0.96, 0.80, 0.45)),
        (-0.09, (0.55, 0.75, 0.55)),
        (-0.135, (0.50, 0.60, 0.80)),
    ):
        band = np.exp(-(((away - 1 - shift) / 0.03) ** 2)) * fading
        sheet.wash(Tile(0, 0, np.clip(band, 0, 1).astype(np.float32)), colour, 0.32 if faint else 0.6)
