"""Where each named thing stands and how large: what the scene is about in front, far things behind and to its side."""

from collections.abc import Sequence, Set
from functools import partial

from workers.providers.local.painter.aloft import clear
from workers.providers.local.painter.brush import Brush, stroke
from workers.providers.local.painter.footing import footing, grown, rooted
from workers.providers.local.painter.lit import lamplight, moonlit
from workers.providers.local.painter.named import ON_ITS_OWN, is_far, named_on
from workers.providers.local.painter.palette import INK
from workers.providers.local.painter.rails import track
from workers.providers.local.painter.sizes import size_of
from workers.providers.local.painter.sketch import At, draw, members, shadow, sketches, steam
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.together import ANIMALS, FLYING, PEOPLE, WARM
from workers.providers.local.painter.trees import Clearing

_FLAT = 5
"""In centimetres; nothing lower stands."""

_BEFORE_FAR = -0.14
"""How far aside things stand that have something far behind them."""

_NEAR_ITS_TREE = -0.13
"""How far aside a lantern stands that lights what grows at the picture's edge."""

_POST = 0.115
"""How far beside its middle a lantern's post stands, a share of its height."""

_UNDER_EAVES = -0.03
"""How far aside what is said to be before the eaves stands: it is seen against the house."""

_IN_WALLS = {"gate": "gate_in_wall", "new_year_gate": "new_year_gate_in_wall"}
"""What has no walls of its own where the garden's run from edge to edge."""


def stand(stage: Stage) -> None:
    """The things the description names: what flies and hangs first, the nearest last."""
    named = named_on(stage)
    for stands in (("air",), ("hang",), _NEAR):
        row = [name for name in named if sketches()[name].stand in stands]
        _row(stage, row, _aside(stage), {"water"} if stage.afloat else frozenset())


def stand_afloat(stage: Stage) -> None:
    """What floats, its double below it, before the bank and the grass that hide the water."""
    row = [name for name in named_on(stage) if sketches()[name].stand in _NEAR]
    _row(stage, row, _aside(stage), {"ground", "table"})
    stage.afloat = True


_NEAR = ("water", "ground", "table")
"""What is in front, all in one row."""


def _aside(stage: Stage) -> float:
    return _before_far(stage) if is_far(stage) else _beside_the_way(stage)


def _before_far(stage: Stage) -> float:
    return _UNDER_EAVES if {"before", "eaves"} <= stage.view.words else _BEFORE_FAR


def _beside_the_way(stage: Stage) -> float:
    """Whoever is named with a path is on it, a lantern beside it, and one that lights a tree is close to it."""
    if _lights_a_tree(stage):
        return _NEAR_ITS_TREE
    beside = stage.view.setting == "path" and "beside" in stage.view.words
    return 0.17 if beside and not (PEOPLE | ANIMALS).intersection(stage.view.things) else 0.0


def flies(things: Sequence[str]) -> bool:
    """Whether nothing is named but what flies: what grows there has the ground to itself."""
    return all(name in FLYING for name in things)


def stand_far(stage: Stage) -> None:
    """Houses, bridges, trains: what is far goes before everything else, behind a window's wall, and above the water it is by."""
    if stage.far_stands:
        return
    stage.far_stands = True
    _row(stage, [name for name in named_on(stage) if sketches()[name].stand == "far"], furthest(stage) - stage.stands)


def furthest(stage: Stage) -> float:
    """Where what is far stands, a share of the width: aside when something stands before it."""
    before = any(sketches()[name].stand in ("ground", "water") for name in named_on(stage))
    return stage.stands + (0.14 if before else 0.1 if stage.view.plants else 0.0)


def door(stage: Stage) -> tuple[float, float]:
    """Where a way to the first far thing ends: the middle of its foot, in pixels."""
    far = [name for name in named_on(stage) if sketches()[name].stand == "far"]
    place, _ = _places(stage, far, furthest(stage) - stage.stands)[0]
    return stage.x(place), stage.y(stage.middle)


def nearest(stage: Stage) -> float:
    """Where the nearest thing stands, a share of the width: aside when something far stands behind it."""
    return stage.stands + (_before_far(stage) if is_far(stage) else _NEAR_ITS_TREE if _lights_a_tree(stage) else 0.0)


def walked(stage: Stage) -> float:
    """Where a way passes, a share of the width: under whoever is on it, though they had to move into the picture."""
    near = [name for name in named_on(stage) if sketches()[name].stand == "ground"]
    there = _places(stage, near, nearest(stage) - stage.stands) if near else []
    on_it = [place for name, (place, _) in zip(near, there, strict=True) if name in PEOPLE | ANIMALS]
    return sum(on_it) / len(on_it) if on_it else nearest(stage)


def _lights_a_tree(stage: Stage) -> bool:
    return bool(stage.view.plants) and "lantern-lights" in stage.view.said


def clearings(stage: Stage) -> tuple[Clearing, ...]:
    """Before what stands on the ground near and far: no bough goes through it."""
    near, far = ([name for name in named_on(stage) if sketches()[name].stand == stands] for stands in ("ground", "far"))
    found = []
    for row, share, foot in ((near, nearest(stage), stage.front), (far, furthest(stage), stage.middle)):
        for name, (place, size) in zip(row, _places(stage, row, share - stage.stands), strict=True):
            x, y, unit = stage.x(place), stage.y(foot), stage.sheet.unit
            half = size * sketches()[name].wide / 100 + 2 * unit
            found.append(Clearing(x - half, y - 1.15 * size, x + half, y + 2 * unit))
    return tuple(found)


def _row(stage: Stage, row: Sequence[str], aside: float, left_out: Set[str] = frozenset()) -> None:
    """The first in the middle, and drawn last where there are three; what stands on what is `left_out` keeps its place."""
    places = _places(stage, row, aside)
    # A lantern first: its light would lie over whoever stands in it.
    for number in sorted((2, 0, 1) if len(row) == 3 else range(len(row)), key=lambda number: row[number] != "lantern"):
        if sketches()[row[number]].stand not in left_out:
            _put(stage, row[number], *places[number])


def _places(stage: Stage, row: Sequence[str], aside: float) -> list[tuple[float, float]]:
    """Side by side about the focus: where each stands and how high it is, smaller where the zone is too narrow for all."""
    sizes = [size_of(stage, name) for name in row]
    left, right = (share * stage.sheet.width for share in stage.zone)
    widths = [2.1 * size * sketches()[name].wide / 100 for size, name in zip(sizes, row, strict=True)]
    fit = min(1.0, (right - left) / max(sum(widths), 1.0))
    middle = (stage.stands + aside) * stage.sheet.width - sum(widths) * fit / 2
    start = min(max(left, middle), right - sum(widths) * fit)
    order = (2, 0, 1) if len(row) == 3 else tuple(range(len(row)))
    shares = dict.fromkeys(order, 0.0)
    for number in order:
        shares[number] = (start + widths[number] * fit / 2) / stage.sheet.width
        start += widths[number] * fit
    return [(shares[number], sizes[number] * fit) for number in range(len(row))]


def _put(stage: Stage, name: str, share: float, size: float) -> None:
    sheet, sketch = stage.sheet, sketches()[_IN_WALLS.get(name, name) if stage.view.setting == "garden" else name]
    x, y = stage.x(share), stage.y(_foot(stage, name))
    if sketch.stand == "water":
        y += _below_the_horizon(stage, min(foot.y for _, foot in members(sketch, At(x, y, size, stage.turned, False))))
    if sketch.stand in ("ground", "table") and not sketch.airy:
        for each, foot in members(sketch, At(x, y, size, stage.turned, False)):
            # What lies flat throws its shadow no further than its edge.
            up, wide = (0.12, 0.8) if each.tall <= _FLAT else (0.0, 1.0)
            shadow(sheet, foot.x, foot.y - up * foot.size, wide * foot.size * each.wide / 100)
    if sketch.stand == "hang":
        string = [(x, -2.0), (x + 0.4 * sheet.unit, (y - size) / 2), (x, y - size * 0.98)]
        stroke(sheet, string, Brush(0.45 * sheet.unit, INK, 0.85, 0.2, 0.02, 0.02))
    if stage.light.dark > 0.5 and sketch.stand == "ground":
        moonlit(sheet, x, y - size / 2, size)
    at = At(x, y, size, stage.turned, stage.lamplit, stage.snowy)
    if name in FLYING:
        at = clear(stage, sketch, at)
    if name == "lantern" and stage.light.dark > 0.5:
        lamplight(sheet, x, y, size)
    grounded = sketch.stand == "far" and name not in ON_ITS_OWN
    if grounded:
        _laid(stage, name, at)
        draw(sheet, sketch, at, partial(grown, stage, name))
    else:
        draw(sheet, sketch, at)
    if name == "lantern":
        rooted(stage, x - stage.lean * _POST * size, y, 0.06 * size)
    if sketch.steams and stage.view.words & WARM:
        across, up = (share / 100 * size for share in sketch.vapour)
        steam(sheet, x + stage.lean * across, y - up, min(max(1.1 * size, 15 * sheet.unit), 0.34 * sheet.height))


def _below_the_horizon(stage: Stage, highest: float) -> float:
    """How far down all that floats has to go, so that the furthest still floats on water; in pixels."""
    return max(0.0, max(stage.y(stage.horizon) + 1.5 * stage.sheet.unit, stage.y(stage.open_water)) - highest)


def _laid(stage: Stage, name: str, at: At) -> None:
    """The ground under each, the furthest first: nothing stands on mist; what trains stop at or are has its rails."""
    if stage.on_rock or (stage.view.setting == "garden" and name in _IN_WALLS):
        return
    if name in ("station", "train"):
        track(stage, at.y + (2.0 if name == "station" else -0.3) * stage.sheet.unit)
        return
    for each, foot in members(sketches()[name], at):
        footing(stage, foot.x, foot.y, foot.size * each.wide / 100)


def _foot(stage: Stage, name: str) -> float:
    """Where its foot is, in shares of the height."""
    feet = {
        "ground": stage.front,
        "table": stage.front + 0.02,
        "far": stage.middle,
        # High in a round window its edge would cut them.
        "air": (0.3 if stage.round else 0.23) if name in FLYING else 0.42,
        "hang": 0.46,
        "water": stage.water,
    }
    # Moved up or down a little, what stands on a sill would hover above it, and a path would miss its door.
    on_it = stage.view.setting == "path" and name in PEOPLE | ANIMALS
    placed = stage.indoors or on_it or (stage.view.setting in ("path", "garden") and sketches()[name].stand == "far")
    return feet[sketches()[name].stand] + (0 if placed else stage.sheet.chance.uniform(-0.02, 0.02))
