"""A street as one walks it: houses on both hands down to the point where it vanishes, a strip of sky between their roofs."""

from itertools import pairwise

import numpy as np

from workers.providers.local.painter import sizes, sky
from workers.providers.local.painter.brush import Brush, stroke, sweep
from workers.providers.local.painter.frontage import Front, frontage, haze, tint
from workers.providers.local.painter.noise import stretch
from workers.providers.local.painter.palette import INK, PIGMENTS, WHITE, mixed
from workers.providers.local.painter.perspective import Lane
from workers.providers.local.painter.sheet import Tile
from workers.providers.local.painter.sketch import At, draw, sketches
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.together import PEOPLE
from workers.providers.local.painter.washes import blur, disc, shape

_NARROW = frozenset({"alley", "narrow", "back", "lane"})
_TRADE = frozenset({"shops", "shop", "market", "curtains", "store"})

_END = 40.0
"""How far off the last house stands, in metres."""

_COARSE = 8
"""How much smaller the sheet is on which light is spread."""

_NEAREST = 12.0
"""How high the nearest lantern may be, in units: a nearer one would hide the street."""

_EYE = 2.15
"""A little above a walker's own, so that the roofs over the ground floors are seen."""


def street(stage: Stage, horizon: float, *, lanterns: bool) -> None:
    lane = _lane(stage, horizon)
    _roadway(stage, lane)
    closes(stage, lane)
    fronts = sorted((front for side in (-1, 1) for front in _row(stage, lane, side)), key=lambda front: -front.near)
    for front in fronts:
        frontage(stage, lane, front)
        if lanterns or (front.shop and front.number % 3 == 0):
            _lanterns(stage, lane, front, 2.4 if lanterns else 9.0)
    if stage.lamplit:
        _pools(stage, lane, fronts)
        _glow(stage, lane, fronts)
    _people(stage, lane)


def _lane(stage: Stage, horizon: float) -> Lane:
    """It vanishes near the middle; whoever walks it walks in its middle."""
    chance = stage.sheet.chance
    x = chance.uniform(0.44, 0.56)
    if PEOPLE.intersection(stage.view.things):
        x = stage.stands + chance.uniform(0.03, 0.08)
    half = 1.75 if stage.view.words & _NARROW else 2.5
    return Lane(stage.x(float(x)), stage.y(horizon), 0.9 * min(stage.sheet.width, 1.1 * stage.sheet.height), _EYE, half)


def _row(stage: Stage, lane: Lane, side: int) -> list[Front]:
    """House by house from before the picture's edge to the end; the door of the first, which the edge cuts, at its far end."""
    chance = stage.sheet.chance
    fronts: list[Front] = []
    away = _nearest(stage, lane, side)
    trade, first = bool(stage.view.words & _TRADE), 2 * int(chance.integers(30)) + 1
    while away < _END:
        long = chance.uniform(3.8, 5.8) * (1 + away / 80)
        upper = bool(chance.uniform() < 0.75)
        number = first + len(fronts)
        shop = trade or bool(chance.uniform() < 0.4)
        lit = stage.lamplit and bool(chance.uniform() < 0.75)
        fronts.append(Front(side, away, away + long, chance.uniform(4.5, 5.2), upper, shop, number, lit))
        away += long
    return fronts


def _nearest(stage: Stage, lane: Lane, side: int) -> float:
    """How far off the first house begins: its eave just outside the picture."""
    room = stage.sheet.width - lane.x if side > 0 else lane.x
    return lane.metre * (lane.half - 1.0) / (room + 2 * stage.sheet.unit)


def _roadway(stage: Stage, lane: Lane) -> None:
    """Trodden earth from house to house; in an alley, flags."""
    sheet, light = stage.sheet, stage.light
    aways = np.geomspace(2.2, 200, 24)
    left, right = (np.array([lane.at(side, float(away)) for away in aways]) for side in (-1, 1))
    soil = mixed(mixed(light.ground, (0.76, 0.70, 0.62), 0.75), (0.2, 0.23, 0.32), 0.55 * light.dark)
    colour = mixed(WHITE, light.sky, 0.15 + 0.35 * light.dark) if stage.snowy else soil
    way = shape([(float(x), float(y)) for x, y in np.concatenate([left, right[::-1]])], straight=True, soft=0.2 * sheet.unit)
    sheet.cover(way, mixed(colour, sheet.paper, 0.25))
    depth = np.linspace(0.15, 1.0, way.mask.shape[0], dtype=np.float32)[:, None]
    sheet.wash(
        sheet.granulate(Tile(way.x, way.y, (way.mask * depth).astype(np.float32)), 0.5), mixed(colour, light.ink, 0.3), 0.5
    )
    _flags(stage, lane)


def _flags(stage: Stage, lane: Lane) -> None:
    """Stone by stone across the street, each row nearer the next the further off; and a gutter along each side."""
    sheet, chance = stage.sheet, stage.sheet.chance
    rows = 3.2 * 1.13 ** np.arange(19)
    across = np.array(
        [[lane.at(-1, float(z), 0.0, 0.5), (lane.x, lane.at(1, float(z))[1]), lane.at(1, float(z), 0.0, 0.5)] for z in rows]
    )
    across += chance.normal(0, 0.12 * sheet.unit, across.shape)
    joints = [
        [lane.at(-1, float(away), 0.0, float(out)) for away in course]
        for course in pairwise(rows)
        for out in np.arange(0.5, 2 * lane.half - 1.3, 0.95) + chance.uniform(0.1, 0.8)
    ]
    ink = mixed(stage.light.ink, sheet.paper, 0.15)
    strength = 0.25 if stage.snowy else 0.55
    sweep(sheet, across, Brush(0.5 * sheet.unit, ink, strength, 0.7, 0.1, 0.2, 0.5), np.clip(6 / rows, 0.3, 1.4))
    sweep(sheet, np.array(joints), Brush(0.45 * sheet.unit, ink, strength, 0.7, 0.1, 0.2, 0.5))
    gutters = np.array([[lane.at(side, float(z), 0.0, 0.45) for z in np.geomspace(2, 60, 8)] for side in (-1, 1)])
    sweep(sheet, gutters, Brush(0.9 * sheet.unit, stage.light.dark_ink, 0.5, 0.6, 0.02, 0.8, 0.4))


def closes(stage: Stage, lane: Lane) -> None:
    """What stands at its end: a hedge from side to side, and in every other street a pagoda above it."""
    sheet, y = stage.sheet, lane.at(1, _END)[1]
    if sheet.chance.uniform() < 0.5:
        draw(sheet, sketches()["pagoda_far"], At(lane.x, y, 24 * sheet.unit, stage.turned, False, stage.snowy))
    sky.mist(sheet, lane.y / sheet.height, 0.02, 0.5)
    half = 1.5 * lane.half * lane.metre / _END
    for out in (-1.0, 1.0, -0.6, 0.6, -0.2, 0.25):
        _hedge(stage, lane.x + out * half, y, sheet.chance.uniform(5.2, 6.4) * sheet.unit)


def _hedge(stage: Stage, x: float, y: float, tall: float) -> None:
    """One round bush of it, solid, dark at its foot; in pixels."""
    sheet, chance = stage.sheet, stage.sheet.chance
    turn = np.linspace(np.pi, 2 * np.pi, 9)
    rim = [(x + 0.55 * tall * float(np.cos(a)), y + tall * chance.uniform(0.9, 1.05) * float(np.sin(a))) for a in turn]
    body = shape([*rim, (x + 0.5 * tall, y), (x - 0.5 * tall, y)], soft=0.2 * sheet.unit)
    leaf = WHITE if stage.snowy else mixed(PIGMENTS["moss"], stage.light.dark_ink, 0.25 + 0.4 * stage.light.dark)
    sheet.cover(body, mixed(leaf, sheet.paper, 0.5))
    down = np.linspace(0.1, 0.9, len(body.mask), dtype=np.float32)[:, None]
    sheet.wash(sheet.granulate(body._replace(mask=body.mask * down), 0.9), stage.light.ink, 0.45)


def _lanterns(stage: Stage, lane: Lane, front: Front, gap: float) -> None:
    """From the eave, one every `gap` metres of the street, so that they are a row that runs into the distance."""
    first = np.ceil(front.near / gap) * gap
    for away in np.arange(first, front.far, gap)[::-1]:
        x, y = lane.at(front.side, float(away), 2.4, 0.9)
        size = 0.56 * lane.metre / float(away)
        if size < _NEAREST * stage.sheet.unit and -size < x < stage.sheet.width + size:
            _lantern(stage, front, x, y, size)


def _lantern(stage: Stage, front: Front, x: float, top: float, size: float) -> None:
    """Paper on hoops between two black rims, hung by a short cord; all in pixels."""
    sheet, half = stage.sheet, 0.34 * size
    middle = top + 0.62 * size
    turn = np.linspace(0, 2 * np.pi, 15)[:-1]
    body = [(x + half * float(np.cos(a)), middle + 0.46 * size * float(np.sin(a))) for a in turn]
    red = (0.93, 0.45, 0.22) if stage.lamplit else tint(stage, front, (0.78, 0.24, 0.16))
    sheet.cover(shape(body, soft=0.06 * sheet.unit), red)
    if stage.lamplit:
        heart = disc(x, middle, 0.5 * half, 0.7 * half)
        sheet.cover(heart, (1.0, 0.86, 0.52), 0.9)
    if size > 2.5 * sheet.unit:
        _hoops(stage, x, middle, size)
    caps = np.array([[(x - 0.52 * half, middle + s * 0.45 * size), (x + 0.52 * half, middle + s * 0.45 * size)] for s in (-1, 1)])
    sweep(sheet, caps, Brush(max(0.075 * size, 0.25 * sheet.unit), INK, 0.95, 0.0, 0.1, 0.1, 0.1))
    stroke(
        sheet,
        [(x, top - 0.05 * size), (x, middle - 0.45 * size)],
        Brush(max(0.04 * size, 0.18 * sheet.unit), INK, 0.9, 0.1, 0.02, 0.02),
    )


def _hoops(stage: Stage, x: float, middle: float, size: float) -> None:
    levels = np.linspace(-0.34, 0.34, 5)
    wide = 0.34 * size * np.sqrt(1 - (levels / 0.47) ** 2)
    rings = np.array(
        [
            [(x - w, middle + up * size), (x, middle + (up + 0.045) * size), (x + w, middle + up * size)]
            for w, up in zip(wide, levels, strict=True)
        ]
    )
    sweep(stage.sheet, rings, Brush(max(0.025 * size, 0.16 * stage.sheet.unit), (0.45, 0.12, 0.08), 0.7, 0.3, 0.05, 0.05))


def _pools(stage: Stage, lane: Lane, fronts: list[Front]) -> None:
    """Light from doors lies on the ground before them."""
    for front in fronts:
        if front.lit and front.near < 24:
            z = (front.near + front.far) / 2
            x, y = lane.at(front.side, z, 0.0, 0.9)
            reach = 1.5 * lane.metre / z
            rows, columns = np.ogrid[int(y - reach) : int(y + reach), int(x - 2 * reach) : int(x + 2 * reach)]
            near = np.clip(1 - np.hypot((columns - x) / 1.6, (rows - y) * 2.2) / reach, 0, 1)
            stage.sheet.cover(Tile(int(x - 2 * reach), int(y - reach), (near**1.4).astype(np.float32)), (0.98, 0.78, 0.46), 0.42)


def _glow(stage: Stage, lane: Lane, fronts: list[Front]) -> None:
    """The air before lit windows is warm; found on a small sheet, for it has no edges."""
    sheet = stage.sheet
    small = np.zeros((sheet.height // _COARSE + 1, sheet.width // _COARSE + 1), dtype=np.float32)
    for front in fronts:
        for up in (1.4, 3.8) if front.upper else (1.4,):
            x, y = lane.at(front.side, (front.near + front.far) / 2, up, 0.2)
            if front.lit and 0 <= x < sheet.width and 0 <= y < sheet.height:
                small[int(y / _COARSE), int(x / _COARSE)] += 60 * (1 - haze(front))
    warm = np.clip(blur(np.clip(small, 0, 1), 6.5 * sheet.unit / _COARSE) * 45, 0, 1)
    sheet.cover(Tile(0, 0, stretch(warm, sheet.width, sheet.height).clip(0, 1)), (0.98, 0.74, 0.40), 0.3)


def _people(stage: Stage, lane: Lane) -> None:
    """Whoever walks there is as tall as a walker where they walk."""
    tall = sizes.size_of(stage, "walker")
    stage.front = (lane.y + lane.eye / 1.62 * tall) / stage.sheet.height
    stage.middle = lane.at(1, 16.0)[1] / stage.sheet.height
