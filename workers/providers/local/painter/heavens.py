"""The sky of one picture: all that its description sees up there."""

import numpy as np

from workers.providers.local.painter import high_clouds, sky, storm, weather
from workers.providers.local.painter.brush import Brush, dabs, sweep
from workers.providers.local.painter.great_peak import great_peak
from workers.providers.local.painter.palette import PIGMENTS, WHITE, mixed
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.trees import Clearing

_ASIDE, _HEIGHT = (0.62, 0.5, 0.68), (0.2, 0.16, 0.24)
"""Where sun and moon stand, by the shot's number: not twice in one corner."""


_LOW = {"sea": 0.14, "beach": 0.14, "town": 0.4}
"""How far a low sun stands above the horizon, a share of the height: clear of what stands before it."""

_BURSTS = ((0.38, 0.19, 12.0, "gold"), (0.62, 0.27, 8.0, "red"), (0.2, 0.31, 6.0, "pink"))
"""Fireworks: share of the width from the full side, share of the height, size in units, colour."""

_FAR_BURSTS = ((0.36, 0.2, 6.0, "gold"), (0.58, 0.12, 4.4, "red"), (0.24, 0.11, 3.6, "pink"))
"""The same far away, their height told from the horizon up: small and low, where the land ends."""

_SINKING = 0.15
"""The same of a sun that is half behind what stands there."""


def heavens(stage: Stage, aside: float | None = None) -> None:
    """The sky with all the description sees in it; sun or moon stand `aside`, or beside what stands there."""
    sheet, view = stage.sheet, stage.view
    wet = bool(view.weather & {"rain", "snow"})
    if aside is None:
        aside = beside(stage)
    stormy = {"dark", "clouds"} <= view.words or view.says("low", "sky") or "lightning" in view.sky
    sky.sky(sheet, stage.light, stage.horizon, heavy=wet, stormy=stormy)
    if "lightning" in view.sky:
        storm.lightning(sheet, stage.x(aside - 0.1), 0.02 * sheet.height, stage.y(stage.horizon))
    _stars(stage)
    if "red" in view.words and view.words & {"light", "clouds"}:
        sky.afterglow(sheet, stage.horizon - 0.18)
    elif "light" in view.words and view.words & {"first", "pale", "dawn"}:
        sky.first_light(sheet, stage.horizon - 0.12)
    elif "clouds" in view.sky and not stormy:
        _clouds(stage)
    unasked = view.hour == "night" and not view.sky and not wet
    if "moon" in view.sky or (unasked and stage.shot.number == 0 and not view.things):
        size = 7.5 if "moon" in view.sky else 5.5
        sky.moon(sheet, stage.x(aside), stage.y(_HEIGHT[stage.shot.number]), size * sheet.unit, hazy="mist" in view.weather)
    elif unasked and "mist" not in view.weather:
        stage.stars = sky.stars(sheet, stage.horizon)
    if "rainbow" in view.sky:
        sky.rainbow(sheet, stage.x(stage.focus), stage.y(stage.horizon - 0.08), 40 * sheet.unit, faint="faint" in view.words)
    if "fireworks" in view.sky:
        _fireworks(stage)
    if not wet and ("sun" in view.sky or (view.season == "new year" and view.hour != "night" and stage.shot.number == 0)):
        _sun(stage, aside)
    empty = not (view.sky - {"great_peak", "sun"} or wet or view.things or view.hour == "night")
    stage.flock = bool(empty and sheet.chance.uniform() < 0.5 and "great_peak" not in view.sky)
    if "great_peak" in view.sky:
        snowy = "white" in view.words or view.season in ("winter", "new year", "spring")
        great_peak(sheet, stage.light, stage.share(0.42), stage.horizon, 0.54, snowy=snowy)


def _sun(stage: Stage, aside: float) -> None:
    """Red and low at dawn and dusk, red at New Year; by day pale and high."""
    sheet, view = stage.sheet, stage.view
    low = view.hour in ("dawn", "dusk")
    height = stage.horizon - (_SINKING if stage.sinking else _LOW.get(view.setting, 0.32)) if low else 0.2
    if low or view.season == "new year" or "down" in view.words or view.says("red low first", "sun"):
        sky.sun(sheet, stage.x(aside), stage.y(height), 6.5 * sheet.unit, pale=view.season == "winter")
    else:
        sky.high_sun(sheet, stage.x(aside), stage.y(0.16), 4.8 * sheet.unit)


def beside(stage: Stage) -> float:
    """Where sun and moon stand, a share of the width: not over what stands there."""
    return stage.focus + 0.24 if stage.view.things or stage.view.plants else _ASIDE[stage.shot.number]


def about_the_moon(stage: Stage) -> tuple[Clearing, ...]:
    """What branches keep out of where it is said to stand above them."""
    if "moon" not in stage.view.sky or not stage.view.words & {"above", "over"}:
        return ()
    x, y, reach = stage.x(beside(stage)), stage.y(_HEIGHT[stage.shot.number]), 9 * stage.sheet.unit
    return (Clearing(x - reach, y - reach, x + reach, y + reach),)


def _clouds(stage: Stage) -> None:
    sheet, view = stage.sheet, stage.view
    if view.words & {"huge", "great", "pile"}:
        sky.tower_of_cloud(sheet, stage.x(stage.focus), stage.y(stage.horizon - 0.12))
    elif "rippled" in view.words:
        high_clouds.rippled(sheet, 0.86 * stage.horizon)
    elif view.says("thin", "clouds"):
        high_clouds.trailing(sheet, 0.86 * stage.horizon)
    else:
        sky.banks_of_cloud(sheet, 0.12, stage.horizon * 0.6)


def bursts(stage: Stage) -> tuple[tuple[float, float, float, str], ...]:
    """Where fireworks open: high over the far ridge, the largest beside the focus; or small at the edge of the sky."""
    if "edge" not in stage.view.words:
        return _BURSTS
    return tuple((share, stage.horizon - up, size, colour) for share, up, size, colour in _FAR_BURSTS)


def _fireworks(stage: Stage) -> None:
    for share, height, size, colour in bursts(stage):
        weather.fireworks(stage.sheet, stage.x(share), stage.y(height), size * stage.sheet.unit, PIGMENTS[colour])


def glimmer(stage: Stage, line: float) -> None:
    """The colours of fireworks on water that begins at `line`, a share of the height: broken strokes below each."""
    sheet, unit = stage.sheet, stage.sheet.unit
    for share, height, size, colour in bursts(stage) if "fireworks" in stage.view.sky else ():
        count = int(6 * size)
        down = line + 0.03 + (line - height) * 0.75 * sheet.chance.beta(1.6, 1.8, count)
        aside = sheet.chance.normal(0, 0.4 * size, count) * (0.35 + (down - line) / 0.4)
        spots = np.stack([stage.x(share) + aside * unit, down * sheet.height], axis=1)
        brush = Brush(0.45 * unit, mixed(PIGMENTS[colour], WHITE, 0.2), 0.75, 0.35, 0.4, 0.5, 0.4)
        tones = sheet.chance.uniform(0.3, 1, len(spots))
        sweep(sheet, dabs(spots, 0.3 * size * unit, 0.0), brush, 0.5 + tones, tones, opaque=True)


def _stars(stage: Stage) -> None:
    """One star when there is only one; else all, with what the words point out among them."""
    sheet, view, x = stage.sheet, stage.view, stage.x(stage.focus)
    if not view.sky & {"stars", "river_of_stars"}:
        return
    if "one" in view.words:
        sky.star(sheet, stage.x(stage.focus + 0.1), stage.y(0.24), 0.9 * sheet.unit)
        return
    stage.stars = sky.stars(sheet, stage.horizon, river="river_of_stars" in view.sky)
    for share, height in sheet.chance.uniform((0.05, 0.06), (0.95, 0.42), (11, 2)):
        place, radius = (stage.x(float(share)), stage.y(float(height))), sheet.chance.uniform(0.16, 0.4) * sheet.unit
        sky.star(sheet, *place, radius)
        stage.stars.places.append((*place, 7 * radius))
    if "orion" in view.words:
        sky.orion(sheet, x, stage.y(0.27), 15 * sheet.unit)
    if "shooting" in view.words:
        sky.meteor(sheet, x, stage.y(0.26), 26 * sheet.unit, stage.lean)
