"""One house of a street seen along it: its wall, lattice and curtain, the roof over its ground floor and the one above."""

import numpy as np
from msgspec import Struct

from workers.providers.local.painter.brush import Brush, Curves, sweep
from workers.providers.local.painter.palette import INK, PIGMENTS, WHITE, mixed
from workers.providers.local.painter.perspective import Lane, cut, shortened
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.washes import shape

_PENT = ((2.45, 0.95), (3.25, -0.1))
"""The roof over the ground floor: its eave and its top, each an (up, out), in metres."""

_FINE = 15.0
"""How far off fine lines are still seen, in metres."""

_WOODS = ((0.56, 0.45, 0.36), (0.50, 0.43, 0.38), (0.62, 0.53, 0.43))
_PLASTERS = ((0.90, 0.87, 0.80), (0.72, 0.65, 0.55), (0.84, 0.80, 0.72))
_CLOTHS = ("indigo", "indigo", "brown", "indigo", "moss")


class Front(Struct, frozen=True):
    """Which side, from where to where along the street, how high its walls are and whether it has an upper floor."""

    side: int
    near: float
    far: float
    walls: float
    upper: bool
    shop: bool
    number: int
    lit: bool

    @property
    def eave(self) -> tuple[float, float]:
        return (self.walls, 0.15) if self.upper else (2.55, 0.95)

    @property
    def ridge(self) -> tuple[float, float]:
        return (self.walls + 3.0, -2.6) if self.upper else (4.9, -2.6)


def frontage(stage: Stage, lane: Lane, front: Front) -> None:
    """Its far parts first: the gable, the upper floor, the ground floor, and what hangs before it."""
    _gable(stage, lane, front)
    if front.upper:
        _upper_floor(stage, lane, front)
        _roof(stage, lane, front, front.eave, front.ridge)
    _ground_floor(stage, lane, front)
    if front.upper:
        _roof(stage, lane, front, *_PENT)
    else:
        _roof(stage, lane, front, front.eave, front.ridge)


def haze(front: Front) -> float:
    """How much of it the air takes, by how far off it is."""
    return float(np.clip((front.near - 5) / 42, 0, 0.72))


def tint(stage: Stage, front: Front, colour: Colour) -> Colour:
    """A colour in this light, at this distance."""
    night = mixed(colour, (0.16, 0.19, 0.29), 0.62 * stage.light.dark)
    return mixed(night, stage.sheet.paper, haze(front))


def face(stage: Stage, corners: Curves, colour: Colour, shade: float = 0.3) -> None:
    """Opaque, mottled as washes are, darker at its top where eaves shade it."""
    sheet, corners = stage.sheet, cut(stage.sheet, corners)
    if len(corners) < 3:
        return
    tile = shape([(float(x), float(y)) for x, y in corners], straight=True, soft=0.08 * sheet.unit)
    sheet.cover(tile, colour)
    if shade and np.ptp(corners, axis=0).min() > 1.5 * sheet.unit:
        down = np.linspace(1.0, 0.25, tile.mask.shape[0], dtype=np.float32)[:, None]
        sheet.wash(
            sheet.granulate(Tile(tile.x, tile.y, (tile.mask * down).astype(np.float32)), 0.6), mixed(colour, INK, 0.8), shade
        )


def lines(
    stage: Stage,
    lane: Lane,
    front: Front,
    strokes: Curves,
    metres: float,
    tone: float = 0.8,
    dry: float = 0.4,
    *,
    fine: bool = False,
) -> None:
    """Straight strokes, `metres` wide where the house is; `fine` ones only where they can be seen."""
    seen = shortened(stage.sheet, strokes)
    if not len(seen) or (fine and front.near > _FINE):
        return
    width = max(metres * lane.metre / (0.5 * (front.near + front.far)), 0.2 * stage.sheet.unit)
    sweep(stage.sheet, seen, Brush(width, tint(stage, front, INK), tone, dry, 0.01, 0.02, 0.2))


def _gable(stage: Stage, lane: Lane, front: Front) -> None:
    """The end wall towards the viewer, seen above a lower neighbour; the ground floor of it nobody sees."""
    (up, out), (ridge, back) = front.eave, front.ridge
    place = [
        lane.at(front.side, front.near, h, o) for h, o in ((0, 0), (up, 0.0), (ridge - 0.15, back), (up, 2 * back), (0, 2 * back))
    ]
    face(stage, np.array(place), tint(stage, front, _PLASTERS[front.number % 3]), 0.35)
    beams = [
        [lane.at(front.side, front.near, h, a), lane.at(front.side, front.near, h, b)] for h, a, b in _beams(up, ridge, back)
    ]
    posts = [
        [lane.at(front.side, front.near, 2.4, back * k), lane.at(front.side, front.near, up + k * (ridge - up) * 0.9, back * k)]
        for k in (0.5, 1.0)
    ]
    lines(stage, lane, front, np.array(beams + posts), 0.06, 0.5, 0.5, fine=True)
    rafters = [lane.at(front.side, front.near, h, o) for h, o in ((up, out), (ridge, back), (up, 2 * back - out))]
    lines(stage, lane, front, np.array([rafters[:2], rafters[1:]]), 0.14, 0.8, 0.3)


def _beams(up: float, ridge: float, back: float) -> list[tuple[float, float, float]]:
    """Level timbers of an end wall: how high, from where to where."""
    return [(up, 0.0, 2 * back), (up + 0.45 * (ridge - up), 0.45 * back, 1.55 * back)]


def _upper_floor(stage: Stage, lane: Lane, front: Front) -> None:
    """Plaster, and a window with upright bars, behind which a lamp may burn."""
    span = (front.near, front.far)
    face(
        stage, lane.band(front.side, span, (3.0, -0.3), (front.walls, -0.3)), tint(stage, front, _PLASTERS[front.number % 3]), 0.5
    )
    a, b = front.near + 0.16 * (front.far - front.near), front.far - 0.16 * (front.far - front.near)
    _lattice(stage, lane, front, (a, b), (3.45, front.walls - 0.35), -0.28, 0.22)


def _ground_floor(stage: Stage, lane: Lane, front: Front) -> None:
    """Dark wood on a footing of stone: a lattice, and an open door with its curtain."""
    side, long = front.side, front.far - front.near
    wood = tint(stage, front, _WOODS[front.number % 3])
    face(stage, lane.band(side, (front.near, front.far), (0.0, 0.0), (2.75, 0.0)), wood, 0.4)
    face(stage, lane.band(side, (front.near, front.far), (0.0, 0.03), (0.22, 0.03)), tint(stage, front, (0.60, 0.58, 0.55)), 0.25)
    first = front.number % 2 == 0
    wide = 0.4 if front.shop else 0.28
    door = (front.near + (0.1 if first else 0.9 - wide) * long, front.near + (0.1 + wide if first else 0.9) * long)
    panel = (front.near + (0.16 + wide if first else 0.06) * long, front.near + (0.94 if first else 0.84 - wide) * long)
    _lattice(stage, lane, front, panel, (0.55, 2.15), 0.02, 0.17)
    _door(stage, lane, front, door)
    posts = [[lane.at(side, z, 0.0, 0.03), lane.at(side, z, 2.35, 0.03)] for z in (front.near + 0.02, *door, front.far - 0.02)]
    lines(stage, lane, front, np.array(posts), 0.075, 0.75, 0.3, fine=True)
    if front.shop:
        _curtain(stage, lane, front, door)


def _pane(stage: Stage, front: Front) -> Colour:
    """Paper lit from within, or grey by day and where nobody is awake."""
    if front.lit:
        return mixed((1.0, 0.86, 0.52), stage.sheet.paper, 0.4 * haze(front))
    return tint(stage, front, mixed(PIGMENTS["grey"], PIGMENTS["paper"], 0.75))


def _lattice(
    stage: Stage, lane: Lane, front: Front, span: tuple[float, float], up: tuple[float, float], out: float, gap: float
) -> None:
    """Paper between upright bars `gap` metres apart; by lamplight it glows into the street."""
    low, high = up
    corners = lane.band(front.side, span, (low, out), (high, out))
    face(stage, corners, _pane(stage, front), 0.12 if front.lit else 0.3)
    bars = np.arange(span[0] + gap / 2, span[1], gap * max(1.0, front.near / 9))
    upright = [[lane.at(front.side, z, low, out), lane.at(front.side, z, high, out)] for z in bars]
    rails = [
        [lane.at(front.side, span[0], h, out), lane.at(front.side, span[1], h, out)]
        for h in (low, 0.35 * low + 0.65 * high, high)
    ]
    ends = [[lane.at(front.side, z, low, out), lane.at(front.side, z, high, out)] for z in span]
    lines(stage, lane, front, np.array(upright), 0.03, 0.65, 0.25)
    lines(stage, lane, front, np.array(rails + ends), 0.055, 0.8, fine=True)


def _door(stage: Stage, lane: Lane, front: Front, span: tuple[float, float]) -> None:
    """An opening, lit or dark."""
    corners = lane.band(front.side, span, (0.12, 0.02), (2.3, 0.02))
    inside = (
        mixed((0.99, 0.76, 0.42), stage.sheet.paper, 0.4 * haze(front)) if front.lit else tint(stage, front, (0.24, 0.21, 0.20))
    )
    face(stage, corners, inside, 0.35)


def _curtain(stage: Stage, lane: Lane, front: Front, span: tuple[float, float]) -> None:
    """Four dyed cloths side by side, their hems uneven, a white crest on each."""
    dye = "indigo" if "blue" in stage.view.words else _CLOTHS[front.number % len(_CLOTHS)]
    cloth = tint(stage, front, PIGMENTS[dye])
    edges = np.linspace(span[0] - 0.1, span[1] + 0.1, 5)
    for near, far in zip(edges[:-1], edges[1:] - 0.035 * (span[1] - span[0]), strict=True):
        hem = stage.sheet.chance.uniform(1.28, 1.42)
        face(stage, lane.band(front.side, (float(near), float(far)), (hem, 0.14), (2.36, 0.1)), cloth, 0.35)
        turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        reach = 0.3 * (far - near)
        ring = [
            lane.at(front.side, float((near + far) / 2 + reach * np.cos(a)), 1.95 + 0.8 * reach * float(np.sin(a)), 0.13)
            for a in turn
        ]
        face(stage, np.array(ring), tint(stage, front, PIGMENTS["paper"]), 0.0)
    rail = [[lane.at(front.side, z, 2.38, 0.12) for z in (span[0] - 0.2, span[1] + 0.2)]]
    lines(stage, lane, front, np.array(rail), 0.07, 0.9, fine=True)


def _shade(stage: Stage, lane: Lane, front: Front, low: tuple[float, float]) -> None:
    """What a roof's eave keeps dark: its own underside and the wall below it."""
    wall = -0.3 if low[1] < 0.5 else 0.02
    span, ink = (front.near, front.far), tint(stage, front, (0.13, 0.12, 0.13))
    face(stage, lane.band(front.side, span, low, (low[0] + 0.25, wall)), ink, 0.0)
    shadow = cut(stage.sheet, lane.band(front.side, span, (low[0] - 0.35, wall), (low[0] + 0.25, wall)))
    if len(shadow) > 2:
        under = shape([(float(x), float(y)) for x, y in shadow], straight=True, soft=0.5 * stage.sheet.unit)
        stage.sheet.wash(under, ink, 0.5)


def _roof(stage: Stage, lane: Lane, front: Front, low: tuple[float, float], high: tuple[float, float]) -> None:
    """Tiles in rows from ridge to eave, the eave's shadow under it, snow on it where it lies."""
    side, span = front.side, (front.near - 0.12, front.far + 0.05)
    sheet = stage.sheet
    _shade(stage, lane, front, low)
    slate = tint(stage, front, mixed((0.40, 0.43, 0.48), (0.45, 0.40, 0.36), 0.35 * (front.number % 3)))
    white = mixed(WHITE, stage.light.sky, 0.2 + 0.4 * stage.light.dark)
    face(
        stage,
        lane.band(side, span, low, high),
        mixed(white, sheet.paper, haze(front)) if stage.snowy else slate,
        0.12 if stage.snowy else 0.4,
    )
    rows = np.arange(span[0] + 0.2, span[1], 0.3 * max(1.0, front.near / 9))
    tiles = np.array([[lane.at(side, float(z), *high), lane.at(side, float(z), *low)] for z in rows])
    lines(stage, lane, front, tiles, 0.05, 0.25 if stage.snowy else 0.5, 0.6, fine=True)
    rims = [[lane.at(side, span[0], *line), lane.at(side, span[1], *line)] for line in (low, high)]
    rims.append([lane.at(side, span[0], *low), lane.at(side, span[0], *high)])
    lines(stage, lane, front, np.array(rims), 0.085, 0.85, 0.3)
