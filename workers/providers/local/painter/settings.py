"""Settings under the sky: each paints what lies behind, and says where the ground is."""

from collections.abc import Callable

from msgspec.structs import replace

from workers.providers.local.painter import earth, high_clouds, land, sky
from workers.providers.local.painter.avenue import avenue
from workers.providers.local.painter.behind import behind, flanks
from workers.providers.local.painter.forest import forest, in_a_forest
from workers.providers.local.painter.garden import garden
from workers.providers.local.painter.heavens import heavens
from workers.providers.local.painter.meadow import meadow
from workers.providers.local.painter.paddies import paddies
from workers.providers.local.painter.patchwork import patchwork
from workers.providers.local.painter.roofscape import roofscape
from workers.providers.local.painter.shadows import long_shadows
from workers.providers.local.painter.shores import SHORES
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.sketch import sketches
from workers.providers.local.painter.skyline import skyline
from workers.providers.local.painter.slope import slope
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.street import street
from workers.providers.local.painter.undergrowth import far_trees, foreground
from workers.providers.local.painter.ways import path

Setting = Callable[[Stage], None]

_LANDSCAPES = ("mountain", "lake", "valley")
_WITH_THINGS = ("mountain", "garden", "valley")
_WIDE_WATER = frozenset({"boat", "empty_boat", "boats", "sail"})
_RAILWAY = frozenset({"station", "train"})


def choose(view: View, number: int = 0) -> str:
    """The setting the words name; for small things a table; for none, a landscape of the season, another for each `number`."""
    return _room(view) or _of_what_stands(view) or _named(view) or _unnamed(view, number)


def _room(view: View) -> str:
    if view.room == "window":
        return "window"
    small = bool(view.things) and all(sketches()[name].stand == "table" for name in view.things)
    return "still life" if view.room or small else ""


def _of_what_stands(view: View) -> str:
    """Where the things and plants of the scene must stand, whatever place is named."""
    if in_a_forest(view):
        return "forest"
    if "bridge" in view.things:
        return "lake" if "train" in view.things else "river"
    return "field" if _RAILWAY.intersection(view.things) else ""


def _named(view: View) -> str:
    """The place that is named, or the one its words together mean."""
    if "river_of_stars" in view.sky:
        return "open sky"
    if "shadows" in view.words and "sun" in view.sky:
        return "long shadows"
    if "fields" in view.words and view.setting == "mountain":
        return "field"
    if view.setting == "path" and "garden" in view.words:
        return "garden"
    wide = "fireworks" in view.sky or _WIDE_WATER.intersection(view.things)
    return "lake" if view.setting == "river" and wide else view.setting


def _unnamed(view: View, number: int) -> str:
    if any(sketches()[name].stand == "water" for name in view.things):
        return "lake"
    if view.season == "winter" and number == 1 and "rain" not in view.weather:
        return "snowfield"
    return (_WITH_THINGS if view.things else _LANDSCAPES)[number]


def mountain(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.74, 0.79, 0.93)
    heavens(stage)
    behind(stage, horizon, 4, 0.44)
    sky.mist(stage.sheet, horizon + 0.02, 0.07)
    far_trees(stage, horizon + 0.05, 7)
    earth.earth(stage, 0.85, 0.75)
    foreground(stage)


def valley(stage: Stage) -> None:
    """Mountains far off, its two sides that come down to the floor between them, a grove there in the mist."""
    horizon, _, _ = stage.lines(0.7, 0.78, 0.92)
    heavens(stage)
    # Nothing level stands across it, or the sides would end on a wall.
    stage.country = replace(stage.country, near=stage.country.between or stage.country.far)
    behind(stage, horizon - 0.08, 2, 0.42)
    sky.mist(stage.sheet, horizon - 0.06, 0.08)
    flanks(stage, horizon + 0.06, 0.4)
    far_trees(stage, horizon + 0.1, 6)
    earth.earth(stage, 0.84, 0.8, 0.04)
    foreground(stage)


def hill(stage: Stage) -> None:
    """A broad round hill with the mountains behind it; who stands on it stands on its top."""
    horizon, _, _ = stage.lines(0.7, 0.82, 0.86)
    heavens(stage)
    behind(stage, horizon, 3, 0.36)
    sky.mist(stage.sheet, horizon + 0.02, 0.07, 0.9)
    far_trees(stage, 0.8, 5)
    crest = 0.76 + 0.3 * stage.shot.lower
    line = land.dome(stage.sheet, crest, 0.9, stage.share(stage.stands), stage.lean)
    earth.hill(stage, line)
    stage.middle, stage.front = crest + 0.015, crest + 0.045
    meadow(stage, line)


def field(stage: Stage) -> None:
    lower = 0.09 if stage.view.says("wide high open great", "sky") else 0.0
    horizon, _, _ = stage.lines(0.62 + lower, 0.69 + lower, 0.87)
    heavens(stage)
    high = {"mountain", "mountains"} & stage.view.words
    behind(stage, horizon, 3, 0.36 if high else 0.22)
    sky.mist(stage.sheet, horizon, 0.05)
    far_trees(stage, horizon + 0.025, 5)
    earth.earth(stage, horizon, 0.8)
    if {"clouds", "shadows"} <= stage.view.words:
        high_clouds.shade(stage.sheet, horizon + 0.02)
    rice = bool({"ripe", "paddies"} & stage.view.words)
    if "fields" in stage.view.words and not rice:
        patchwork(stage, horizon + 0.02)
    if rice:
        paddies(stage, stage.middle + 0.03, ripe="ripe" in stage.view.words)
    else:
        meadow(stage, horizon + 0.03)


def under_a_day_sun(view: View) -> bool:
    """Whether the sky is to be blue about a pale sun."""
    return "sun" in view.sky and view.hour == "day" and view.season != "new year" and not view.weather & {"rain", "snow", "mist"}


def along_a_street(view: View) -> bool:
    """Whether what is seen is a street, and from within."""
    street = bool(view.words & {"street", "alley"} or {"row", "houses"} <= view.words)
    return choose(view) == "town" and street and "towers" not in view.things


def town(stage: Stage) -> None:
    horizon, _, _ = stage.lines(0.62, 0.68, 0.93)
    heavens(stage)
    words, along = stage.view.words, along_a_street(stage.view)
    behind(stage, 0.56, 2 if along else 3, 0.3)
    sky.mist(stage.sheet, 0.57, 0.06)
    if "towers" in stage.view.things:
        stage.far_stands = True
        skyline(stage)
    elif along:
        street(stage, horizon, lanterns=bool({"lantern", "lanterns"} & set(stage.view.things) or "lamplit" in words))
    elif words & {"climb", "climbs"}:
        slope_of_roofs = land.dome(stage.sheet, 0.36, 0.82, stage.share(stage.focus), stage.lean)
        earth.hill(stage, slope_of_roofs)
        roofscape(stage, 0.4, 7, slope_of_roofs)
    else:
        roofscape(stage, 0.56)


def snowfield(stage: Stage) -> None:
    stage.white = True
    horizon, _, _ = stage.lines(0.66, 0.72, 0.88)
    heavens(stage)
    behind(stage, horizon, 3, 0.36)
    sky.mist(stage.sheet, horizon + 0.02, 0.06)
    far_trees(stage, horizon + 0.05, 8)
    earth.earth(stage, 0.84, 0.6, 0.04)
    foreground(stage, 0.95, 10)


def open_sky(stage: Stage) -> None:
    """Nothing but the sky over one low ridge."""
    horizon, _, _ = stage.lines(0.86, 0.88, 0.95)
    heavens(stage)
    behind(stage, horizon, 2, 0.2)
    sky.mist(stage.sheet, horizon + 0.02, 0.04, 0.4)


OUTDOORS: dict[str, Setting] = SHORES | {
    "open sky": open_sky,
    "slope": slope,
    "forest": forest,
    "avenue": avenue,
    "long shadows": long_shadows,
    "mountain": mountain,
    "valley": valley,
    "hill": hill,
    "field": field,
    "path": path,
    "town": town,
    "garden": garden,
    "snowfield": snowfield,
}
