"""Puts what grows and what stands into the setting: the largest first, the nearest last, the poem's side left empty."""

from collections.abc import Callable

from workers.providers.local.painter import plants, weather
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.sketch import At, Sketch, draw, shadow, sketches, steam
from workers.providers.local.painter.stage import Stage

_TREES: dict[str, plants.Plant] = {
    "maple": plants.maple,
    "cherry": plants.cherry,
    "plum": plants.plum,
    "pine": plants.pine,
    "willow": plants.willow,
    "bamboo": plants.bamboo,
    "bare": plants.bare,
    "last_leaf": plants.last_leaf,
}
_LOW: dict[str, plants.Plant] = {
    "grass": plants.grass,
    "silver_grass": plants.silver_grass,
    "reeds": plants.reeds,
    "flowers": plants.flowers,
    "chrysanthemum": plants.chrysanthemum,
    "sunflower": plants.sunflower,
    "lotus": plants.lotus,
}
_TREE_OF: dict[str, plants.Plant] = {
    "spring": plants.broadleaf,
    "summer": plants.broadleaf,
    "autumn": plants.maple,
    "winter": plants.bare,
    "new year": plants.pine,
}
_PLACES = (0.0, 0.27, -0.22)
"""Where the first, second and third thing stand, from the focus, in shares of the width."""


def plant(stage: Stage) -> None:
    """A tree stands at the full side's edge and reaches in; low things grow in clumps along the front."""
    names = stage.view.plants or _season_plants(stage)
    for number, name in enumerate(names):
        if name in _LOW:
            _clumps(stage, _LOW[name])
            continue
        alone = not stage.view.things
        grow = _tree(stage, name)
        x = (0.1 if alone else 0.02) + 0.5 * number
        grow(stage.sheet, stage.spot(x, 1.0 if alone else 0.93, 92 if alone else 74))


def _season_plants(stage: Stage) -> tuple[str, ...]:
    """A scene without a plant is given one sometimes, so that the season shows."""
    if stage.view.room or stage.view.setting in ("sea", "beach", "town") or stage.sheet.chance.uniform() < 0.35:
        return ()
    return {
        "spring": ("cherry",),
        "summer": ("bamboo",),
        "autumn": ("silver_grass",),
        "winter": ("bare",),
        "new year": ("pine",),
    }[stage.view.season]


def _tree(stage: Stage, name: str) -> plants.Plant:
    green = name == "maple" and stage.view.season in ("spring", "summer")
    return plants.green_maple if green else _TREES.get(name) or _TREE_OF[stage.view.season]


def _clumps(stage: Stage, grow: plants.Plant) -> None:
    hero = not stage.view.things
    size = (42 if hero else 24) * stage.scale**0.3
    for share in (0.1, 0.34, 0.56) if hero else (0.08, 0.52):
        jitter = stage.sheet.chance.normal(0, 0.03)
        grow(stage.sheet, stage.spot(share + jitter, stage.front + 0.06 + jitter, size * (1.15 - share * 0.6)))


def stand(stage: Stage) -> None:
    """The things the description names; what is far goes first."""
    drawn = [(number, sketches()[name]) for number, name in enumerate(stage.view.things)]
    for number, sketch in sorted(drawn, key=lambda pair: _DEPTH[pair[1].stand]):
        _put(stage, sketch, stage.focus + _PLACES[number])


_DEPTH = {"far": 0, "air": 1, "hang": 2, "water": 3, "ground": 4, "table": 5}


def _put(stage: Stage, sketch: Sketch, share: float) -> None:
    sheet = stage.sheet
    size = sketch.size * sheet.unit * (stage.scale if sketch.stand != "far" else max(1.0, stage.scale * 0.75))
    if len(stage.view.things) == 1:
        size *= 1.25
    if stage.scale == 1.0 and sketch.stand == "table":
        size *= 1.25
    half = size * sketch.wide / 100
    room = (0.46 if stage.roomy else 0.56) * sheet.width
    if half * 2 > room * 1.25:
        size, half = size * room * 1.25 / (half * 2), room * 0.625
    x = stage.x(max(share, half / sheet.width * 0.8))
    y = stage.y(_foot(stage, sketch))
    if sketch.stand in ("ground", "table"):
        shadow(sheet, x, y, half)
    draw(sheet, sketch, At(x, y, size, stage.turned))
    if sketch.steams:
        steam(sheet, x, y - size * 1.05, size * 1.1)


def _foot(stage: Stage, sketch: Sketch) -> float:
    jitter = stage.sheet.chance.uniform(-0.02, 0.02)
    return {
        "ground": stage.front,
        "table": stage.front + 0.02,
        "far": stage.middle,
        "air": 0.42,
        "hang": 0.46,
        "water": stage.water,
    }[sketch.stand] + jitter


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
    if "fireworks" in stage.view.sky:
        _fireworks(stage)


def _fireworks(stage: Stage) -> None:
    for share, height, size, colour in ((0.34, 0.24, 17, "gold"), (0.6, 0.36, 10, "red"), (0.16, 0.42, 8, "pink")):
        weather.fireworks(stage.sheet, stage.x(share), stage.y(height), size * stage.sheet.unit, PIGMENTS[colour])
