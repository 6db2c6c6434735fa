"""How a path runs: through the fields, over the hills, up to what stands on one, along the water, or to its edge."""

import numpy as np

from workers.providers.local.painter import bamboo_way, earth, land, named, placing, sky, stones, trail, water
from workers.providers.local.painter.behind import behind
from workers.providers.local.painter.brush import Brush, Curves, stroke
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.palette import PIGMENTS, mixed
from workers.providers.local.painter.patchwork import patchwork
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.undergrowth import far_trees, foreground, tuft, tufts, verges
from workers.providers.local.painter.waterline import drifts, waterline

_CLIMBING = frozenset({"between", "climb", "climbs", "hill", "hills", "mountain", "mountains", "over", "saddle", "steps", "up"})
_LEVEL = frozenset({"field", "fields", "below", "straight"})
_LEADING = frozenset({"end", "leads", "field", "fields", "grass", "through", "meet", "divides", "turns", "bends", "straight"})
_UP_TO = frozenset({"climb", "climbs", "hill", "up"})

_DOORSTEP = 0.011
"""Half the width of a way before the door it leads to, a share of the width."""


def path(stage: Stage) -> None:
    """A poem's three pictures show three ways, unless the words say which."""
    words, number, far = stage.view.words, stage.shot.number, named.is_far(stage)
    if "bamboo" in stage.view.plants:
        _between_bamboo(stage)
    elif "end" in words and not far:
        _to_the_water(stage)
    elif far:
        (_up_to if words & _UP_TO else _through_fields)(stage)
    elif words & {"stone", "paving"}:
        _through_fields(stage)
    elif words & _CLIMBING and not words & _LEVEL:
        _over_the_hills(stage)
    elif number == 1 and not words & _LEADING:
        _along_the_water(stage)
    elif number == 2 and not words & {"field", "fields", "grass", "divides"}:
        _over_the_hills(stage)
    else:
        _through_fields(stage)


def _tread(stage: Stage, edges: Curves) -> Curves:
    """Nothing grows where it runs, from here on."""
    stage.tread(land.trodden(edges))
    return edges


def _lay(stage: Stage, edges: Curves, lost: float = 0.0) -> None:
    """Trodden earth, or stones where the words say so."""
    if stage.view.words & {"stone", "paving"}:
        stones.stepping(stage, edges)
    else:
        land.way(stage.sheet, stage.light, edges, lost)
    verges(stage, edges)


def _between_bamboo(stage: Stage) -> None:
    """The walls last: they stand before the way's far bends."""
    edges = _tread(stage, bamboo_way.grove(stage))
    _lay(stage, edges, 3 * stage.sheet.unit)
    bamboo_way.walls(stage, edges)


def _breadth(stage: Stage) -> float:
    """Half as wide as it is at the lower edge, a share of the width."""
    if "students" in stage.view.things:
        return 0.17
    return 0.065 if stage.view.words & {"narrow", "little", "thin"} else 0.1


def _through_fields(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.58, 0.63, 0.87)
    sheet = stage.sheet
    heavens(stage)
    behind(stage, horizon, 3, 0.3)
    sky.mist(sheet, horizon, 0.05)
    far_trees(stage, horizon + 0.02, 6)
    earth.earth(stage, horizon + 0.02, 0.9, 0.02)
    if "fields" in stage.view.words:
        patchwork(stage, horizon + 0.03)
    ways = [_tread(stage, each) for each in _level_ways(stage)]
    tufts(stage, horizon + 0.1, 12)
    foreground(stage)
    for edges in ways:
        _lay(stage, edges, 0.0 if named.is_far(stage) else 4 * sheet.unit)


def _level_ways(stage: Stage) -> list[Curves]:
    """The way, and another that leaves it where it divides."""
    sheet, words = stage.sheet, stage.view.words
    swing = stage.lean * (0.0 if "straight" in words else sheet.chance.uniform(0.17, 0.26) * sheet.chance.choice([-1, 1]))
    end = _aim(stage, stage.share(stage.stands + 0.14), stage.horizon + 0.012)
    place = (stage.share(placing.walked(stage)), stage.front)
    if "divides" in words:
        return _parting(stage)
    least = _DOORSTEP if named.is_far(stage) else 0.0012
    return [trail.winding(end, place, swing, _breadth(stage), least=least).edges(sheet)]


def _parting(stage: Stage) -> list[Curves]:
    """One way from the viewer, two from where they part."""
    top, place = stage.horizon + 0.012, (stage.share(stage.stands), 0.8)
    ends = (stage.share(stage.stands + 0.3), stage.share(stage.stands - 0.26))
    return [trail.parting((end, top), place, 0.09).edges(stage.sheet) for end in ends]


def _aim(stage: Stage, x: float, y: float) -> tuple[float, float]:
    """Where a way ends, shares of width and height: at the door of what stands there, which is painted first, else at (x, y)."""
    if not named.is_far(stage):
        return x, y
    placing.stand_far(stage)
    at, foot = placing.door(stage)
    return at / stage.sheet.width, foot / stage.sheet.height


def _up_to(stage: Stage) -> None:
    """One broad hill before the mountains; the path goes up it in bends to what stands on its top."""
    horizon, _, _ = stage.lines(0.62, 0.62, 0.9)
    sheet, crest = stage.sheet, 0.53 + 0.3 * stage.shot.lower
    heavens(stage)
    behind(stage, horizon, 3, 0.4)
    sky.mist(sheet, horizon, 0.07, 0.9)
    far_trees(stage, 0.78, 6)
    stage.middle = crest + 0.012
    earth.hill(stage, _table_hill(stage, crest))
    end = _aim(stage, 0, 0)
    place = (stage.share(placing.walked(stage)), stage.front)
    edges = _tread(stage, trail.winding(end, place, 0.2 * stage.lean, 0.09, least=_DOORSTEP).edges(sheet))
    tufts(stage, 0.8, 12)
    _lay(stage, edges)


def _table_hill(stage: Stage, crest: float) -> Plane:
    """Level on top as far as what stands there reaches, and a little further; then it falls to both sides."""
    across = np.linspace(0, 1, stage.sheet.width, dtype=np.float32)
    there = placing.clearings(stage)
    left = min(each.left for each in there) / stage.sheet.width
    right = max(each.right for each in there) / stage.sheet.width
    out = np.clip(np.maximum(left - across, across - right) - 0.03, 0, None)
    rough = land.outline(stage.sheet, 0.0, 0.008) / stage.sheet.height
    return np.asarray(crest + 0.34 * (1 - np.exp(-((out / 0.24) ** 1.5))) + rough, dtype=np.float32)


def _over_the_hills(stage: Stage) -> None:
    """Two slopes that fall towards each other before the mountains: a path lost behind the first is seen again on the next."""
    horizon, _, _ = stage.lines(0.58, 0.6, 0.9)
    sheet, side = stage.sheet, stage.lean * int(stage.sheet.chance.choice((1, 1, -1)))
    heavens(stage)
    behind(stage, horizon, 3, 0.38)
    sky.mist(sheet, horizon, 0.07, 0.9)
    end, rise = stage.share(stage.stands) + 0.18 * side, 0.25 * stage.shot.lower
    near, far = _slope(stage, end, 0.69 + rise, side), _slope(stage, end, 0.635 + rise, -side)
    beyond = end + 0.16 * side
    earth.hill(stage, far)
    sky.mist(sheet, 0.71 + rise, 0.04, 0.75)
    # It goes on where the first slope hides it, the same way and no broader: one road.
    away = trail.climbing(far, beyond, (end, 0.69 + rise), 0.024, swing=0.012, foot=0.74 + rise)
    land.way(sheet, stage.light, away.edges(sheet))
    earth.hill(stage, near)
    stage.middle = 0.635 + rise
    edges = _tread(
        stage, trail.climbing(near, end, (stage.share(stage.stands), stage.front), 0.85 * _breadth(stage)).edges(sheet)
    )
    tufts(stage, 0.78, 12)
    _lay(stage, edges)


def _slope(stage: Stage, x: float, y: float, side: int) -> Plane:
    """The outline of a hill that passes (x, y) and falls to the `side`, shares of the height."""
    across = np.linspace(0, 1, stage.sheet.width, dtype=np.float32)
    fall = 0.16 * side * (across - x) + 0.1 * np.clip(side * (across - x), 0, None) ** 2
    back = 0.03 * np.sin(5 * (across - x) + stage.sheet.chance.uniform(-0.4, 0.4))
    rough = land.outline(stage.sheet, 0.0, 0.008) / stage.sheet.height
    return np.asarray(y + fall + back - np.interp(x, across, fall + back) + rough, dtype=np.float32)


def _to_the_water(stage: Stage) -> None:
    """The way ends where the land does: at a landing of two posts, with the wide water beyond it."""
    horizon, _, _ = stage.lines(0.46, 0.5, 0.78)
    sheet, line = stage.sheet, horizon + 0.02
    heavens(stage)
    behind(stage, horizon, 3, 0.28)
    drifts(stage, line)
    water.lake(sheet, stage.light, line, 1.0)
    waterline(stage, line)
    earth.bank(stage, stage.front - 0.045, 0.015)
    near = np.linspace(1, 0, 40) ** 1.2
    y = stage.front - 0.012 + (1.05 - stage.front) * near
    x = stage.share(stage.stands) + stage.lean * (0.16 * near**0.8 + 0.07 * np.sin(near * 5) * near)
    half = (0.028 + 0.075 * near) * np.clip((1 - np.linspace(0, 1, 40)) * 9, 0.25, 1)
    edges = np.stack([np.stack([(x + side * half) * sheet.width, y * sheet.height], axis=1) for side in (-1, 1)])
    _lay(stage, _tread(stage, edges))
    _posts(stage)
    tufts(stage, 0.9, 7)


def _posts(stage: Stage) -> None:
    """Where boats were tied: two old posts on either hand of the way's end."""
    sheet, unit = stage.sheet, stage.sheet.unit
    x, y = stage.x(stage.stands), stage.y(stage.front - 0.02)
    for side, tall in ((-1, 7.0), (1, 5.6)):
        foot = (x + side * 7 * unit, y + 0.4 * unit)
        post = [foot, (foot[0] + 0.2 * unit, y - 0.5 * tall * unit), (foot[0] + 0.1 * unit, y - tall * unit)]
        stroke(sheet, post, Brush(1.5 * unit, mixed(PIGMENTS["brown"], stage.light.dark_ink, 0.6), 0.97, 0.2, 0.02, 0.02, 0.2))
        tuft(stage, foot[0], y + 0.8 * unit, 3)


def _along_the_water(stage: Stage) -> None:
    """Seen from the side: a bank with its path from edge to edge, still water behind it."""
    horizon, _, _ = stage.lines(0.44, 0.45, 0.87)
    sheet = stage.sheet
    heavens(stage)
    behind(stage, horizon, 3, 0.26)
    far_trees(stage, horizon + 0.005, 5)
    drifts(stage, horizon + 0.01)
    placing.stand_far(stage)
    water.lake(sheet, stage.light, horizon + 0.01, 1.0)
    waterline(stage, horizon + 0.01)
    across = np.linspace(0, 1, sheet.width, dtype=np.float32)
    rise = across if stage.lean > 0 else 1 - across
    earth.hill(stage, (0.83 - 0.1 * rise**1.5).astype(np.float32))
    places = np.linspace(-0.03, 1.03, 30)
    near = (1 - places).clip(0, None)
    middle = 0.775 + 0.2 * near**1.5 + 0.02 * np.sin(7 * places) * near
    half = 0.005 + 0.034 * near**1.3
    x = stage.sheet.width * (places if stage.lean > 0 else 1 - places)
    _lay(stage, _tread(stage, np.stack([np.stack([x, (middle + side * half) * sheet.height], axis=1) for side in (-1, 1)])))
    tufts(stage, 0.94, 9)
    stage.front = float(np.interp(stage.stands, places, middle + 0.3 * half))
