"""Puts what grows and what stands into the setting: the largest first, the nearest last, the poem's side left empty."""

from collections.abc import Callable, Sequence

from workers.providers.local.painter import flowers, plants, sky, weather
from workers.providers.local.painter.brush import Brush, stroke
from workers.providers.local.painter.palette import INK, PIGMENTS
from workers.providers.local.painter.sketch import At, Sketch, draw, shadow, sketches, steam
from workers.providers.local.painter.spot import Plant
from workers.providers.local.painter.stage import Stage

_TREES: dict[str, Plant] = {
    "maple": plants.maple,
    "cherry": plants.cherry,
    "plum": plants.plum,
    "pine": plants.pine,
    "willow": plants.willow,
    "bamboo": plants.bamboo,
    "persimmon": plants.persimmon,
    "bare": plants.bare,
    "last_leaf": plants.last_leaf,
}
_LOW: dict[str, Plant] = {
    "grass": flowers.grass,
    "silver_grass": flowers.silver_grass,
    "reeds": flowers.reeds,
    "flowers": flowers.flowers,
    "chrysanthemum": flowers.chrysanthemum,
    "sunflower": flowers.sunflower,
    "lotus": flowers.lotus,
}
_TREE_OF: dict[str, Plant] = {
    "spring": plants.broadleaf,
    "summer": plants.broadleaf,
    "autumn": plants.maple,
    "winter": plants.bare,
    "new year": plants.pine,
}
_SPRIGS = {"spring": "plum", "summer": "bamboo", "autumn": "maple", "winter": "bare", "new year": "pine"}
_PEOPLE = frozenset({"figure", "traveler", "seated", "umbrella_walker"})
_SURFACES = frozenset({"table", "desk", "wall", "shelf"})


def plant(stage: Stage) -> None:
    """A tree stands at the full side's edge and reaches in; low things grow in clumps along the front."""
    names = _one_tree(stage.view.plants or _season_plants(stage))
    for number, name in enumerate(names):
        if name in _LOW:
            _clumps(stage, _LOW[name])
            continue
        alone = not stage.view.things
        grow = _tree(stage, name)
        x = (0.08 if alone else -0.02) + 0.5 * number
        grow(stage.sheet, stage.spot(x, 1.0 if alone else 0.93, 90 if alone else 72))


def _one_tree(names: tuple[str, ...]) -> tuple[str, ...]:
    """Maple trees are one maple, and the leaves of a lotus are its own."""
    return tuple(name for name in names if name != "tree" or len(names) == 1)


def view_from_window(stage: Stage, middle: float) -> None:
    """A branch of what grows outside, across the upper corner of the window."""
    name = next((name for name in stage.view.plants if name not in _LOW), "") or (_season_plants(stage) or ("",))[0]
    if name and name not in _LOW:
        _tree(stage, name)(stage.sheet, stage.spot(middle - 0.36, 0.86, 78))


def _season_plants(stage: Stage) -> tuple[str, ...]:
    """A scene without a plant is given one sometimes, so that the season shows."""
    if stage.scale > 1.5 or stage.view.setting in ("sea", "beach", "town") or stage.sheet.chance.uniform() < 0.35:
        return ()
    return {
        "spring": ("cherry",),
        "summer": ("bamboo",),
        "autumn": ("silver_grass",),
        "winter": ("bare",),
        "new year": ("pine",),
    }[stage.view.season]


def _tree(stage: Stage, name: str) -> Plant:
    green = name == "maple" and stage.view.season in ("spring", "summer")
    return plants.green_maple if green else _TREES.get(name) or _TREE_OF[stage.view.season]


def _clumps(stage: Stage, grow: Plant) -> None:
    hero = not stage.view.things
    size = (42 if hero else 24) * stage.scale**0.3
    for share in (0.1, 0.34, 0.56) if hero else (0.08, 0.52):
        jitter = stage.sheet.chance.normal(0, 0.03)
        grow(stage.sheet, stage.spot(share + jitter, stage.front + 0.06 + jitter, size * (1.15 - share * 0.6)))


def stand(stage: Stage) -> None:
    """The things the description names: what flies and hangs first, the nearest last."""
    named = [sketches()[name] for name in _without_furniture(stage)]
    for stands in (("air",), ("hang",), ("water", "ground", "table")):
        _row(stage, [sketch for sketch in named if sketch.stand in stands])


def stand_far(stage: Stage) -> None:
    """Houses, bridges, trains: what is far goes before everything else, and behind a window's wall."""
    _row(stage, [sketch for sketch in (sketches()[name] for name in _without_furniture(stage)) if sketch.stand == "far"])


def _without_furniture(stage: Stage) -> tuple[str, ...]:
    """What stands on a table is seen so near that the table is the picture's own lower edge."""
    things = stage.view.things
    light = [name for name in things if name not in _SURFACES]
    if stage.scale > 1.0:
        return tuple(light) or things
    return tuple(name for name in things if name != "hand") or things


def _row(stage: Stage, row: Sequence[Sketch]) -> None:
    """Side by side about the focus, the first in the middle, made smaller where the zone is too narrow for all."""
    if not row:
        return
    sizes = [_size(stage, sketch) for sketch in row]
    left, right = (share * stage.sheet.width for share in stage.zone)
    widths = [2.1 * size * sketch.wide / 100 for size, sketch in zip(sizes, row, strict=True)]
    fit = min(1.0, (right - left) / sum(widths))
    order = (2, 0, 1) if len(row) == 3 else tuple(range(len(row)))
    start = min(max(left, stage.focus * stage.sheet.width - sum(widths) * fit / 2), right - sum(widths) * fit)
    for number in order:
        middle = start + widths[number] * fit / 2
        _put(stage, row[number], middle / stage.sheet.width, sizes[number] * fit)
        start += widths[number] * fit


def _size(stage: Stage, sketch: Sketch) -> float:
    """Its height in pixels: near things and single ones are drawn large."""
    size = sketch.size * stage.sheet.unit
    if sketch.stand == "far":
        return size * (1.0 if stage.scale > 1.0 else 1.1)
    alone = 1.3 if len(stage.view.things) == 1 else 1.0
    small = 1.4 if stage.scale == 1.0 and sketch.size < 22 else 1.0
    if sketch.size < 26 and _PEOPLE.intersection(stage.view.things) - {_name(sketch)}:
        small = 0.6 if sketch.stand == "ground" else 0.45
    return min(size * stage.scale * alone * small, 0.5 * stage.sheet.height)


def _name(sketch: Sketch) -> str:
    return next(name for name, known in sketches().items() if known is sketch)


def _put(stage: Stage, sketch: Sketch, share: float, size: float) -> None:
    sheet = stage.sheet
    x, y = stage.x(share), stage.y(_foot(stage, sketch))
    if sketch.stand in ("ground", "table"):
        shadow(sheet, x, y, size * sketch.wide / 100)
    if sketch.stand == "hang":
        string = [(x, -2.0), (x + 0.4 * sheet.unit, (y - size) / 2), (x, y - size * 0.98)]
        stroke(sheet, string, Brush(0.45 * sheet.unit, INK, 0.85, 0.2, 0.02, 0.02))
    draw(sheet, sketch, At(x, y, size, stage.turned, stage.view.hour in ("night", "dusk", "dawn")))
    if sketch.steams:
        steam(sheet, x, y - size * 1.05, min(size * 1.1, 0.36 * sheet.height))


def _foot(stage: Stage, sketch: Sketch) -> float:
    """Where its foot is, in shares of the height."""
    feet = {
        "ground": stage.front,
        "table": stage.front + 0.02,
        "far": stage.middle,
        "air": 0.42,
        "hang": 0.46,
        "water": stage.water,
    }
    return feet[sketch.stand] + stage.sheet.chance.uniform(-0.02, 0.02)


def sprig(stage: Stage) -> None:
    """A branch of the season against the wall behind small things."""
    name = next((name for name in stage.view.plants if name not in _LOW), "") or _SPRIGS[stage.view.season]
    _tree(stage, name)(stage.sheet, stage.spot(-0.08, 0.5, 58))


def fall(stage: Stage) -> None:
    """What falls or flies through everything."""
    sheet, falling = stage.sheet, stage.view.weather
    dark = stage.view.hour == "night"
    happenings: dict[str, Callable[[], None]] = {
        "rain": lambda: weather.rain(
            sheet, -0.22 * stage.lean, hard=bool(stage.view.words & {"hard", "sudden", "slanting"}), dark=dark
        ),
        "snow": lambda: weather.snow(sheet, wind=stage.lean),
        "wind": lambda: weather.wind(sheet),
        "petals": lambda: weather.petals(sheet),
        "leaves": lambda: weather.dry_leaves(sheet),
        "fireflies": lambda: weather.fireflies(sheet),
    }
    for name, happen in happenings.items():
        if name in falling:
            happen()
    if "cherry" in stage.view.plants and "petals" not in falling:
        weather.petals(sheet, 14)
    if "maple" in stage.view.plants and stage.view.season == "autumn":
        weather.maple_leaves(sheet, 8)
    if "rainbow" in stage.view.sky:
        sky.rainbow(sheet, stage.x(stage.focus), stage.y(stage.horizon), 40 * sheet.unit)
    if "fireworks" in stage.view.sky:
        _fireworks(stage)


def _fireworks(stage: Stage) -> None:
    for share, height, size, colour in ((0.34, 0.24, 17, "gold"), (0.6, 0.36, 10, "red"), (0.16, 0.42, 8, "pink")):
        weather.fireworks(stage.sheet, stage.x(share), stage.y(height), size * stage.sheet.unit, PIGMENTS[colour])
