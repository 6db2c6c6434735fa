"""What grows in the setting and what falls through it, the poem's side left empty."""

from collections.abc import Callable

from msgspec.structs import replace

from core.contracts.haiku import Season
from workers.providers.local.painter import flowers, meadow, named, placing, plants, wayside, weather
from workers.providers.local.painter.among import among, below_a_roof
from workers.providers.local.painter.bamboo import bamboo
from workers.providers.local.painter.blooms import blooms
from workers.providers.local.painter.chrysanthemum import chrysanthemum
from workers.providers.local.painter.fallen import fallen
from workers.providers.local.painter.forest import in_a_forest
from workers.providers.local.painter.garden import is_laid_out, island, of_its_own
from workers.providers.local.painter.heavens import about_the_moon
from workers.providers.local.painter.hydrangea import hydrangea
from workers.providers.local.painter.lily import lily
from workers.providers.local.painter.lotus import afloat, lotus
from workers.providers.local.painter.palette import PIGMENTS
from workers.providers.local.painter.pine import pine
from workers.providers.local.painter.plum import plum, white_plum
from workers.providers.local.painter.river import ashore
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.spider_lily import spider_lily
from workers.providers.local.painter.spot import Plant, Spot
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.standing import on_the_hill, standing, stands
from workers.providers.local.painter.sunflowers import sunflowers
from workers.providers.local.painter.wisteria import wisteria

_TREES: dict[str, Plant] = {
    "maple": plants.maple,
    "cherry": plants.cherry,
    "plum": plum,
    "pine": pine,
    "willow": plants.willow,
    "bamboo": bamboo,
    "persimmon": plants.persimmon,
    "bare": plants.bare,
    "ginkgo": plants.ginkgo,
    "last_leaf": plants.last_leaf,
    "wisteria": wisteria,
    "camellia": plants.camellia,
}
_LOW: dict[str, Plant] = {
    "grass": flowers.grass,
    "young_grass": flowers.young_grass,
    "silver_grass": flowers.silver_grass,
    "reeds": flowers.reeds,
    "flowers": flowers.flowers,
    "chrysanthemum": chrysanthemum,
    "sunflower": sunflowers,
    "lotus": lotus,
    "white_flowers": flowers.white_flowers,
    "lily": lily,
    "hydrangea": hydrangea,
    "dandelion": flowers.dandelion,
    "spider_lily": spider_lily,
}
_GENERAL = ("flowers", "tree", "grass")
_TREE_OF: dict[str, Plant] = {
    "spring": plants.broadleaf,
    "summer": plants.broadleaf,
    "autumn": plants.maple,
    "winter": plants.bare,
    "new year": pine,
}
_SPRIGS = {"spring": "plum", "summer": "bamboo", "autumn": "maple", "winter": "bare", "new year": "pine"}
_UNASKED: dict[Season, tuple[str, str, str]] = {
    "spring": ("cherry", "", "pine"),
    "summer": ("bamboo", "", "pine"),
    "autumn": ("maple", "", "pine"),
    "winter": ("bare", "", "pine"),
    "new year": ("pine", "plum", "bamboo"),
}
"""What a landscape without a plant is given, by the shot's number."""

_COLOURED: dict[str, Plant] = {
    "red": flowers.red_flowers,
    "blue": flowers.blue_flowers,
    "white": flowers.white_flowers,
    "yellow": flowers.yellow_flowers,
}

_PERCHED = frozenset({"crow", "kingfisher", "songbird", "warbler"})
"""Seen so near, on a branch of their own, that another tree would only hide them."""

_BESIDE = frozenset({"beside", "along", "past"})

_OPEN = frozenset({"wide", "open", "shop", "water"})

_WATER = frozenset({"lake", "pond", "river", "sea", "beach"})

_IN_ROUND = 0.14
"""How much nearer to the middle of a round window a tree stands: at the edge of others the round shows no foot."""

_LYING = frozenset({"fallen", "lie"})
_BENEATH = frozenset({"beneath", "under"})

_ONE = frozenset({"lone", "alone", "one", "great"})

_LINES = frozenset({"ring", "rings", "ripple", "bank", "banks", "ridge"})
"""What a branch would hide."""
_BARE = frozenset({"", "mountain", "valley", "hill", "garden"})
"""Settings that are given a tree; any other is what the picture is about."""


def plant(stage: Stage) -> None:
    """A tree stands at the full side's edge and reaches in; low things grow in clumps along the front."""
    if stage.view.setting == "avenue" or in_a_forest(stage.view) or _PERCHED.intersection(stage.view.things):
        return
    if stage.along_a_way and not stage.view.plants:
        _passed(stage)
        return
    for number, name in enumerate(_names(stage)):
        if name == "lotus":
            afloat(stage)
        elif name in _LOW:
            _clumps(stage, _low(stage, name))
        elif name != "bamboo" or not stage.along_a_way:
            _tree(stage, tree_of(stage, name), number)


def _tree(stage: Stage, grow: Plant, number: int) -> None:
    """One tree where the words want it; where they do not say, it reaches in from the full side."""
    view = stage.view
    if stage.along_a_way and view.words & _BESIDE:
        wayside.tree(stage, grow, 50)
    elif _is_alone(view) and (view.words & _ONE or stands(view)):
        size = (58 if "great" in view.words else 46) * stage.shot.near
        standing(stage, grow, replace(on_the_hill(stage, stage.spot(stage.focus, stage.front, size)), lean=0, fence=None))
    elif "among" in view.words and (view.things or view.setting == "path"):
        _about(stage, grow)
    elif view.setting == "fall":
        grow(stage.sheet, stage.spot(-0.02, 0.95, 46))
    else:
        rooted = of_its_own if view.setting == "garden" and is_laid_out(stage) else _reaching_in
        spot = _over_them(stage) if _is_over(view) else rooted(stage, number)
        standing(stage, grow, replace(spot, clear=placing.clearings(stage) + about_the_moon(stage)))


def _about(stage: Stage, grow: Plant) -> None:
    among(stage, grow)
    if "roof" in stage.view.words and named.is_far(stage):
        below_a_roof(stage, grow)


def _is_alone(view: View) -> bool:
    """Whether nothing but the plant stands on the ground."""
    return placing.flies(view.things) and bool(view.plants)


def _reaching_in(stage: Stage, number: int) -> Spot:
    """Its root is outside the picture: cut off within it, a trunk would hang in the air."""
    alone = _is_alone(stage.view)
    x = (
        (0.2 if "persimmon" in stage.view.plants and alone else 0.08 if alone else -0.02)
        + 0.5 * number
        + (_IN_ROUND if stage.round else 0.0)
    )
    return stage.spot(x, 1.06, 90 if alone else 64)


def _passed(stage: Stage) -> None:
    """Where nothing is said to grow by a way, the season's tree does; not in the wide open, nor beside a house."""
    if not stage.view.words & _OPEN and not named.is_far(stage):
        wayside.tree(stage, tree_of(stage, wayside.kind(stage)))


def _is_over(view: View) -> bool:
    return bool(view.words & _BENEATH and view.plants and view.things)


def _over_them(stage: Stage) -> Spot:
    """A tree that something is under stands beside it and spreads above it."""
    if named.is_far(stage):
        return stage.spot(placing.furthest(stage) - 0.2, stage.middle + 0.07, 46)
    return stage.spot(stage.stands - 0.18, stage.front + 0.02, 48)


def _names(stage: Stage) -> tuple[str, ...]:
    """What grows: maple trees are one maple, a lily's flowers are its own, and grass is everywhere."""
    names = stage.view.plants or _season_plants(stage)
    if "new_year_gate" in stage.view.things:
        return ("pine",)
    if "last_leaf" in names:
        return ("last_leaf",)
    named = tuple(name for name in names if name not in _GENERAL)
    # A bare branch with fruit on it is the fruit tree's own.
    if "persimmon" in named:
        named = tuple(name for name in named if name != "bare")
    return named or tuple(name for name in _GENERAL if name in names)[:1]


def view_from_window(stage: Stage, middle: float, half: float) -> None:
    """A branch of what grows outside, across a window that is `half` as wide, in units; unasked, none before water."""
    if stage.view.setting in _WATER and not stage.view.plants:
        return
    asked = next((name for name in stage.view.plants if name not in _LOW), "")
    aside = 0.0085 if asked else 0.0109
    grow = tree_of(stage, asked or _SPRIGS[stage.view.season])
    grow(stage.sheet, stage.spot(middle - aside * half, 0.77 + 0.0027 * half, 2.36 * half))


def _season_plants(stage: Stage) -> tuple[str, ...]:
    """A scene without a plant is given one, so that the season shows."""
    name = _UNASKED[stage.view.season][stage.shot.number]
    busy = stage.view.things or stage.view.sky or stage.view.setting not in _BARE
    # A round window would cut what reaches in from beside it to a stub.
    if not name or busy or stage.round or stage.view.words & _LINES:
        return ()
    return (name,)


def tree_of(stage: Stage, name: str) -> Plant:
    if name == "plum" and "white" in stage.view.words:
        return white_plum
    green = name == "maple" and stage.view.season in ("spring", "summer")
    return plants.green_maple if green else _TREES.get(name) or _TREE_OF[stage.view.season]


def _coloured(view: View) -> Plant:
    """Flowers in the first colour that is told."""
    return next((grow for colour, grow in _COLOURED.items() if colour in view.words), flowers.flowers)


def _low(stage: Stage, name: str) -> Plant:
    """Grass is dry in the cold half of the year, and white with frost."""
    if name == "flowers":
        return _coloured(stage.view)
    if name != "grass" or stage.view.season in ("spring", "summer"):
        return _LOW[name]
    if "frost" in stage.view.words:
        return flowers.frosted_grass
    return lambda sheet, spot: flowers.grass(sheet, spot, colour=PIGMENTS["brown"])


def _clumps(stage: Stage, grow: Plant) -> None:
    if stage.along_a_way:
        wayside.clumps(stage, grow, 30)
        return
    if grow is flowers.grass and meadow.lies(stage.view):
        return
    hero = not stage.view.things
    if hero and stage.view.setting == "field" and "flowers" in stage.view.plants:
        blooms(stage, stage.horizon + 0.05)
    deep = stage.view.says("deep tall long", "grass")
    size = 42 if hero or deep else 24
    shares = (0.02, 0.18, 0.36, 0.54, 0.72) if deep else (0.1, 0.34, 0.56) if hero else (0.08, 0.52)
    if "garden" in stage.view.words and hero:
        # Between its lantern, its stones and the way through it.
        size, shares = 30, (0.33, 0.43, 0.76)
    # On a hill they grow on the side towards the viewer: further up a row of them would leave its outline.
    foot = max(stage.front + 0.06, 0.95 if stage.view.setting == "hill" else 0.0)
    # The furthest first: the ground of each hides the foot of what is behind it.
    for jitter, share in sorted((stage.sheet.chance.normal(0, 0.03), share) for share in shares):
        for place in ashore(stage, share + jitter, foot + jitter):
            spot = wayside.aside(stage, stage.spot(place, foot + jitter, size * (1.15 - share * 0.6)))
            if spot is not None:
                if "garden" in stage.view.words and hero:
                    island(stage, place, foot + jitter, 0.95 * spot.size)
                grow(stage.sheet, spot)


def sprig(stage: Stage, ground: float | None = None) -> None:
    """A branch of the season behind small things; bamboo whole, from the `ground` if there is one, a share of the height."""
    name = next((name for name in stage.view.plants if name not in _LOW), "") or _SPRIGS[stage.view.season]
    if name == "bamboo" and ground is not None:
        tree_of(stage, name)(stage.sheet, stage.spot(0.3 if stage.round else 0.22, ground, 31))
        return
    # A round picture is narrow where the branch comes in.
    tree_of(stage, name)(stage.sheet, stage.spot(0.0, 0.62, 62) if stage.round else stage.spot(-0.08, 0.5, 58))


def fall(stage: Stage) -> None:
    """What falls or flies through everything."""
    sheet, falling = stage.sheet, stage.view.weather
    dark, wind = stage.view.hour == "night", 0.0 if "straight" in stage.view.words else stage.lean
    happenings: dict[str, Callable[[], None]] = {
        "rain": lambda: weather.rain(
            sheet, -0.22 * stage.lean, hard=bool(stage.view.words & {"hard", "sudden", "slanting"}), dark=dark
        ),
        "snow": lambda: None if stage.thawing else weather.snow(sheet, wind=wind, fine=stage.view.says("fine", "snow")),
        "wind": lambda: None if meadow.lies(stage.view) else weather.wind(sheet),
        "petals": lambda: weather.petals(sheet, 150 if "thick" in stage.view.words else 46),
        "bubbles": lambda: weather.bubbles(sheet),
        "leaves": lambda: fallen(stage) if stage.view.words & _LYING else weather.dry_leaves(sheet),
        "fireflies": lambda: weather.fireflies(sheet),
    }
    for name, happen in happenings.items():
        if name in falling:
            happen()
    if "cherry" in stage.view.plants and "petals" not in falling:
        weather.petals(sheet, 14)
    many = bool(stage.view.words & {"scatters", "scatter", "fall", "falling"})
    if "maple" in stage.view.plants and stage.view.season == "autumn" and not stage.view.words & _LYING:
        weather.maple_leaves(sheet, stage.light, lean=stage.lean, many=many)
    if "ginkgo" in stage.view.plants and stage.view.season == "autumn":
        weather.ginkgo_leaves(sheet, lean=stage.lean, many=many)
