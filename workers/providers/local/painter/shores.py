"""Settings by the water: each paints what lies behind and the water, and says where the ground is."""

from collections.abc import Callable

import numpy as np
from msgspec.structs import replace

from workers.providers.local.painter import earth, land, named, placing, sky, water
from workers.providers.local.painter.bed import Bed
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.breaker import breaker
from workers.providers.local.painter.brush import Floats
from workers.providers.local.painter.cliffs import abutment
from workers.providers.local.painter.heavens import glimmer, heavens
from workers.providers.local.painter.noise import Plane, ridge
from workers.providers.local.painter.river import river as river_through
from workers.providers.local.painter.sheet import Colour, Tile
from workers.providers.local.painter.sketch import At, draw, sketches
from workers.providers.local.painter.spurs import spurs
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.strand import rollers, sand, strand
from workers.providers.local.painter.surf import surf
from workers.providers.local.painter.texture import Face
from workers.providers.local.painter.together import BRIDGES, outdoors
from workers.providers.local.painter.undergrowth import far_trees, foreground, tufts
from workers.providers.local.painter.waterline import Tongue, drifts, lie, waterline

_FROZEN = frozenset({"frozen", "ice"})
_BEDS = ((0.5, 0.53, 0.29), (0.46, 0.74, -0.26), (0.56, 0.5, 0.34))
"""Where a river comes from, where it leaves, and how it winds: never twice the same in one poem."""


def lake(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.58, 0.6, 0.95)
    stage.water = 0.76
    heavens(stage)
    behind(stage, horizon, 3, 0.32)
    far_trees(stage, horizon + 0.005, 5)
    _still(stage, horizon + 0.01)
    _ashore(stage, earth.bank(stage, 0.92 - _shown(stage), 0.045))
    foreground(stage)


def _still(stage: Stage, line: float) -> None:
    """Still water from `line` down, its far shore, and what stands on that."""
    drifts(stage, line)
    stage.middle, stage.on_rock = line - 0.006, named.needs_ground(stage)
    placing.stand_far(stage)
    water.lake(stage.sheet, stage.light, line, 1.0)
    if stage.view.words & _FROZEN:
        water.ice(stage.sheet, stage.light, line)
    if stage.view.says("dark deep black", "lake", "pond", "water"):
        water.deepen(stage.sheet, stage.light, line)
    glimmer(stage, line)
    waterline(stage, line)
    if stage.on_rock:
        lie(stage, Tongue(stage.share(placing.furthest(stage)), 0.24, 0.012, 1.6, 0.75), line)
    stage.open_water = line + 0.06
    placing.stand_afloat(stage)


def _shown(stage: Stage) -> float:
    """How much more of the near shore is seen where somebody is on it, a share of the height."""
    return 0.03 if any(sketches()[name].stand == "ground" for name in named.named_on(stage)) else 0.0


def _ashore(stage: Stage, edge: Plane) -> None:
    """Whoever stands by the water stands on this side of its edge, wherever that winds."""
    at, reach = int(stage.share(placing.nearest(stage)) * stage.sheet.width), stage.sheet.width // 8
    near = float(edge[max(0, at - reach) : at + reach].max()) / stage.sheet.height
    stage.front = min(0.955, max(stage.front, near + 0.025))


def sea(stage: Stage) -> None:
    sheet, rough, tip = stage.sheet, bool(stage.view.words & _ROUGH), None
    horizon, _, _ = stage.lines(0.42 if rough else 0.5, 0.56, 0.92)
    stage.water = 0.72
    heavens(stage)
    if "island" in stage.view.words:
        _island(stage)
    elif sheet.chance.uniform() < 0.7:
        behind(stage, horizon + 0.005, 2, 0.13)
    low = "village" in stage.view.things
    # A breakwater stands in the water itself.
    if low:
        stage.middle = horizon - 0.012
        placing.stand_far(stage)
    elif named.is_far(stage) and "breakwater" not in stage.view.things:
        tip = headland(stage)
    water.sea(sheet, stage.light, horizon, rough=rough)
    if stage.view.says("dark deep black", "sea"):
        water.deepen(sheet, stage.light, horizon)
    if tip is not None:
        surf(stage, tip, stage.y(horizon + 0.01))
    if not rough:
        if not named.is_far(stage):
            drifts(stage, horizon)
        if low:
            lie(stage, Tongue(stage.share(placing.furthest(stage)), 0.5, 0.012, 1.8, 0.75), horizon)
        placing.stand_afloat(stage)
        foreground(stage, 0.97, 13)
        return
    water.swell(sheet, stage.light, horizon)
    if stage.view.words & {"curl", "curls", "fold"}:
        # The furthest first, or it would break before the nearest.
        for aside, down, tall in _BREAKERS[-1:] if "one" in stage.view.words else _BREAKERS:
            breaker(stage, stage.x(stage.focus + aside), stage.y(horizon + down * (1 - horizon)), tall * sheet.unit)


_BREAKERS = ((0.2, 0.22, 7.0), (-0.16, 0.4, 11.0), (0.02, 0.66, 19.0))
"""Where waves curl over: aside of the focus, down from the horizon to the lower edge, and how high, in units."""


_ROUGH = frozenset({"wave", "waves", "surge", "swell", "heaves", "foam", "crests"})


def _island(stage: Stage) -> None:
    """Two small peaks in the middle of the sea, nothing else before the sky."""
    sheet, across = stage.sheet, np.linspace(0, 1, stage.sheet.width, dtype=np.float32)
    middle = stage.share(stage.focus)
    for shift, wide, high, tone in ((0.045, 0.06, 0.05, 0.5), (-0.02, 0.07, 0.085, 0.9)):
        rough = ridge(sheet.chance, sheet.width, 12 * sheet.unit, 5) * 0.006
        line = stage.horizon + 0.02 - (high + 0.02) * np.exp(-(((across - middle - shift) / wide) ** 2)) + rough
        ink = stage.light.ink if tone < 0.6 else stage.light.dark_ink
        land.range_of_hills(sheet, Face((line * sheet.height).astype(np.float32), ink, tone, tone))


def headland(stage: Stage) -> float:
    """What is far by the sea stands on rock above it; `stage.horizon` is the water's. Answers where the rock ends, in pixels."""
    stands = placing.clearings(stage)[-1]
    # Its point is as far out as the rock takes to be as high as what stands on it.
    out = (stands.right - stands.left) / 2 + 13 * stage.sheet.unit
    tip = stage.x(placing.furthest(stage)) + stage.lean * out
    abutment(stage, tip, stage.y(stage.horizon + 0.01), -stage.lean, 1.3)
    stage.middle, stage.on_rock = stage.horizon - 0.085, True
    placing.stand_far(stage)
    return tip


def beach(stage: Stage) -> None:
    """A bay of sand from the viewer's feet to the far end of the water."""
    horizon, _, _ = stage.lines(0.45, 0.7, 0.9)
    stage.water = 0.58
    heavens(stage)
    behind(stage, horizon + 0.005, 2, 0.12)
    water.sea(stage.sheet, stage.light, horizon)
    drifts(stage, horizon)
    if stage.shot.number == 1 and not stage.view.things and "empty" not in stage.view.words:
        sail = At(stage.x(0.3), stage.y(horizon + 0.05), 9 * stage.sheet.unit, stage.turned, stage.lamplit)
        draw(stage.sheet, sketches()["sail"], sail)
    shore = strand(stage)
    if stage.view.words & _ROUGH:
        rollers(stage, shore)
    earth.earth(stage, (shore.edge / stage.sheet.height).astype(np.float32), 0.2, 0.0)
    sand(stage, shore)
    foreground(stage, 0.96, 11)


def river(stage: Stage) -> None:
    if "bridge" in stage.view.things:
        _spanned(stage)
        return
    horizon, _, _ = stage.lines(0.6, 0.69, 0.9)
    stage.water = 0.8
    heavens(stage)
    behind(stage, horizon, 4, 0.36)
    sky.mist(stage.sheet, horizon, 0.06)
    far_trees(stage, horizon + 0.03, 6)
    far = earth.earth(stage, horizon + 0.02, 0.9)
    end, start, swing = _BEDS[stage.shot.number]
    bed = Bed(horizon, stage.share(end), stage.share(start), swing * stage.lean)
    half = 0.37 if stage.view.says("broad wide great full", "river") else 0.3
    stage.stream = river_through(stage, bed, half, far)
    spurs(stage, bed, half, 11 if stage.view.words & _BETWEEN else 3.5)
    foreground(stage, 0.97, 11)


_BETWEEN = frozenset({"hills", "valley", "mountain", "mountains"})
"""What a river comes out from, where it is said."""


def _spanned(stage: Stage) -> None:
    """Wide still water from bank to bank, the bridge between them, and both hanging in it."""
    horizon, _, _ = stage.lines(0.6, 0.62, 0.95)
    sheet, line, middle = stage.sheet, horizon + 0.02, stage.x((0.4, 0.46, 0.43)[stage.shot.number])
    heavens(stage)
    behind(stage, horizon, 3, 0.34)
    far_trees(stage, horizon, 5)
    drifts(stage, line)
    name = next(name for name in outdoors(stage.view.things) if name in BRIDGES)
    size, half = (22.0, 25.0, 20.0)[stage.shot.number], 1.34
    if name == "bridge" and stage.view.words & _LONG:
        name, middle, size, half = "long_bridge", stage.x(0.5), 9.4, 4.3
    for side in (-1, 1):
        abutment(stage, middle + side * 0.95 * half * size * sheet.unit, stage.y(line), side)
    bridge = replace(sketches()[name], dyes=({"wood": _wood(stage)},))
    draw(sheet, bridge, At(middle, stage.y(line), size * sheet.unit, stage.turned, stage.lamplit, stage.snowy))
    water.lake(sheet, stage.light, line, 1.0)
    reach = 0.85 * half * size * sheet.unit
    waterline(stage, line, ((middle - reach) / sheet.width, (middle + reach) / sheet.width))
    foreground(stage)


_LONG = frozenset({"long", "wide", "broad"})

_PLAIN = frozenset({"wooden", "old", "cold", "shape"})
"""Of a bridge that is called so nobody expects vermilion."""


def _wood(stage: Stage) -> str:
    if "dark" in stage.view.words:
        return "ink"
    return "brown" if stage.view.words & (_PLAIN | _LONG) or stage.light.dark > 0.5 else "red"


def pond(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.46, 0.5, 0.9)
    stage.water = 0.72
    heavens(stage)
    behind(stage, horizon, 2, 0.2)
    far_trees(stage, horizon + 0.02, 8)
    _still(stage, horizon + 0.03)
    if stage.view.words & {"ring", "rings"}:
        for radius in (5, 10, 16, 23):
            water.ring(stage.sheet, stage.light, stage.x(stage.focus), stage.y(0.72), radius * stage.sheet.unit)
    _ashore(stage, earth.bank(stage, 0.91 - _shown(stage), 0.05))
    tufts(stage, 0.92, 8)
    foreground(stage, 0.95, 9)


def fall(stage: Stage) -> None:
    """A cliff with the fall in a notch of it, two nearer ones whose feet it comes down between, the pool below."""
    stage.horizon, stage.front, stage.middle, stage.water = 0.8, 0.97, 0.86, 0.92
    heavens(stage)
    sheet, at = stage.sheet, stage.share(stage.focus + 0.06)
    away = np.linspace(0, 1, sheet.width, dtype=np.float32) - at
    notch = np.exp(-((away / 0.06) ** 4))
    rock = _cliff(stage, 0.14 - 0.12 * np.abs(away) + 0.05 * notch, 1 - notch, stage.light.ink, 0.6)
    lip = float(rock[int(at * sheet.width)]) / sheet.height
    water.waterfall(sheet, stage.light, at, lip, _POOL + 0.02)
    sky.mist(sheet, _POOL - 0.03, 0.05, 0.6)
    wider = np.where(away < 0, *sheet.chance.uniform(0.8, 1.3, 2))
    out = 0.075 + (np.abs(away) - 0.075) * wider
    _cliff(stage, np.interp(out, *_SIDES), 0.25 + np.clip(6 * out - 0.3, 0, 0.75), stage.light.dark_ink, 0.95)
    # The cliffs go down into the water: seen through it they would be a wedge about the foot of the fall.
    pool = int(stage.y(_POOL))
    sheet.cover(Tile(0, pool, np.ones((sheet.height - pool, sheet.width), dtype=np.float32)), sheet.paper)
    water.lake(sheet, stage.light, _POOL, 1.0)
    sky.mist(sheet, _POOL, 0.03, 0.75)
    water.spray(sheet, at * sheet.width, stage.y(_POOL), 0.09 * sheet.width)
    foreground(stage, 0.96, 10)


_SIDES = (
    (0, 0.05, 0.075, 0.095, 0.12, 0.135, 0.18, 0.2, 0.27, 0.3, 0.5, 0.9),
    (0.93, 0.92, 0.86, 0.8, 0.755, 0.67, 0.62, 0.53, 0.48, 0.42, 0.36, 0.3),
)
"""The crest of the nearer cliffs at distances from the fall: in ledges, down to its foot; shares of width and height."""

_POOL = 0.84
"""Where the pool begins, a share of the height."""


def _cliff(stage: Stage, line: Plane | Floats, rugged: Plane | Floats, ink: Colour, tone: float) -> Plane:
    """`rugged` is how much of its roughness each column is given; answers its crest, in pixels."""
    rough = ridge(stage.sheet.chance, stage.sheet.width, 18 * stage.sheet.unit, 6) * 0.05
    rock = np.asarray((line + rough * rugged) * stage.sheet.height, dtype=np.float32)
    land.range_of_hills(stage.sheet, Face(rock, ink, tone, 1.0), hand="axe", snowy=stage.snowy)
    return rock


SHORES: dict[str, Callable[[Stage], None]] = {
    "lake": lake,
    "sea": sea,
    "beach": beach,
    "river": river,
    "pond": pond,
    "fall": fall,
}
