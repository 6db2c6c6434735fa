"""What lies behind a setting: the ranges of its country, one before the other."""

import numpy as np

from workers.providers.local.painter.land import range_of_hills
from workers.providers.local.painter.palette import mixed
from workers.providers.local.painter.sight import View
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.texture import Face

_HILLS = ("hills", "hill", "mountain", "mountains", "ridge", "ridges", "peak", "peaks")


def _tallness(view: View) -> float:
    """Of what they would be if nothing were said of them."""
    if view.says("high steep great tall", *_HILLS):
        return 1.35
    return 0.55 if view.says("low", *_HILLS) else 0.75 if view.says("far distant", *_HILLS) else 1.0


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
        crest = (country.near if layer == layers - 1 else country.far)(sheet, side if layer % 2 == 0 else 1 - side)
        line = (base + (near - 1) * tall * 0.28 - crest * tall * (1.12 - 0.62 * near) * 0.72) * sheet.height
        ink = mixed(light.ink, light.dark_ink, 0.75 * near**2)
        face = Face(line.astype(np.float32), ink, min(1.0, (0.24 + 0.66 * near**1.6) * country.tone * tone), near)
        range_of_hills(sheet, face, hand=country.hand, mist=country.mist * mist, snowy=stage.snowy)
