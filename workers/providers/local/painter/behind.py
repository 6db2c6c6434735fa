"""What lies behind a setting: the ranges of its country, one before the other."""

import numpy as np

from workers.providers.local.painter import aloft, placing, ranges, sky
from workers.providers.local.painter.land import range_of_hills
from workers.providers.local.painter.noise import Plane
from workers.providers.local.painter.palette import mixed
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.texture import Face

_RANGES = ("hills", "hill", "mountains", "ridges", "peaks")
_HILLS = ("hills", "hill", "mountain", "mountains", "ridge", "ridges", "peak", "peaks")


def _tallness(view: View) -> float:
    """Of what they would be if nothing were said of them."""
    if view.says("high steep great tall", *_HILLS):
        return 1.35
    if view.says("low", *_HILLS):
        return 0.55
    return 0.75 if view.says("far distant", *_RANGES) else 1.0


def _tone(view: View) -> tuple[float, float]:
    """How much ink they are given, and how much mist, beside others."""
    if view.says("dark black deep", *_HILLS) or view.says("rises", "dark"):
        return 1.7, 0.55
    return (0.55, 1.25) if view.says("pale far faint distant", *_HILLS) else (1.0, 1.0)


def behind(stage: Stage, base: float, layers: int, height: float) -> None:
    """Each paler and higher than the one before it; `base`, the nearest's foot, and `height` are shares of the sheet's height."""
    sheet, light, country = stage.sheet, stage.light, stage.country
    side, tall = stage.share(sheet.chance.uniform(0.1, 0.6)), stage.rise(height) * country.share * _tallness(stage.view)
    tone, mist = _tone(stage.view)
    for layer in range(layers):
        near = (layer + 1) / layers
        shape = country.near if layer == layers - 1 else country.far if layer == 0 else country.between or country.far
        crest = shape(sheet, side if layer % 2 == 0 else 1 - side)
        # One great mountain stands broad behind whatever is before it.
        crest = crest if country is ranges.MASS and layer == 0 else calm(stage, crest)
        line = (base + (near - 1) * tall * 0.28 - crest * tall * (1.12 - 0.62 * near) * 0.72) * sheet.height
        ink = mixed(light.ink, light.dark_ink, 0.75 * near**2)
        face = Face(line.astype(np.float32), ink, min(1.0, (0.24 + 0.66 * near**1.6) * country.tone * tone), near)
        range_of_hills(sheet, face, hand=country.hand, mist=country.mist * mist, snowy=stage.snowy)
        stage.rises(face.line)
    if stage.stars is not None and stage.skyline is not None:
        sky.clear(sheet, stage.stars, stage.skyline)
        stage.stars = None
    aloft.far_flock(stage)


def flanks(stage: Stage, base: float, height: float) -> None:
    """The two sides of a valley, the one beside the poem before the other, its foot lower; shares of the height."""
    for number, down in enumerate((0.0, 0.07)):
        near, side = 0.7 + 0.3 * number, stage.share(float(number))
        line = (base + down - ranges.flank(stage.sheet, side) * height * (1 - 0.25 * number)) * stage.sheet.height
        ink = mixed(stage.light.ink, stage.light.dark_ink, 0.6 * near)
        face = Face(line.astype(np.float32), ink, (0.3 + 0.4 * near) * _tone(stage.view)[0], near)
        range_of_hills(stage.sheet, face, hand=stage.country.hand, snowy=stage.snowy)
        stage.rises(face.line)
        sky.mist(stage.sheet, base + down + 0.01, 0.05)


_FINE = 0.015
"""How far an edge that is kept rises and falls, in shares of a crest."""

_BROAD = 14.0
"""A hill as broad as this, in units, is a hill behind any village and no knob."""


def calm(stage: Stage, crest: Plane) -> Plane:
    """Behind what stands there, and the poem, a range only passes: a summit narrower than a roof would sit on it like a knob."""
    columns = np.arange(len(crest), dtype=np.float32)
    for middle, wide in _kept_calm(stage):
        there = np.exp(-(((columns - middle) / wide) ** 4))
        # Of its rough edge only as much as is fine: a notch between two hills would be left standing as a tooth. Cut off at
        # that height instead of made lower, it would be scallops.
        edge = crest - _smoothed(crest, 1.5 * stage.sheet.unit)
        edge *= min(1.0, _FINE / float((np.abs(edge) * there).max() + 1e-6))
        crest = (1 - there) * crest + there * (_smoothed(crest, min(0.55 * wide, _BROAD * stage.sheet.unit)) + edge)
    return np.asarray(crest, dtype=np.float32)


def _kept_calm(stage: Stage) -> list[tuple[float, float]]:
    """Middle and width of each such place, in pixels."""
    places = [((stands.left + stands.right) / 2, stands.right - stands.left) for stands in placing.clearings(stage)]
    return [*places, (stage.x(0.93), 0.16 * stage.sheet.width)] if stage.roomy else places


def _smoothed(crest: Plane, reach: float) -> Plane:
    """Without what is narrower than `reach`, in pixels."""
    bell = np.exp(-(np.linspace(-2.5, 2.5, 2 * int(2.5 * reach) + 1) ** 2) / 2)
    padded = np.pad(crest, len(bell) // 2, mode="edge")
    return np.asarray(np.convolve(padded, bell / bell.sum(), "valid"), dtype=np.float32)
