"""What lies behind a setting: the ranges of its country, one before the other."""

import numpy as np

from workers.providers.local.painter.land import range_of_hills
from workers.providers.local.painter.palette import mixed
from workers.providers.local.painter.stage import Stage
from workers.providers.local.painter.texture import Face


def behind(stage: Stage, base: float, layers: int, height: float) -> None:
    """Each paler and higher than the one before it; `base`, the nearest's foot, and `height` are shares of the sheet's height."""
    sheet, light, country = stage.sheet, stage.light, stage.country
    side, tall = stage.share(sheet.chance.uniform(0.1, 0.6)), stage.rise(height) * country.share
    for layer in range(layers):
        near = (layer + 1) / layers
        crest = (country.near if layer == layers - 1 else country.far)(sheet, side if layer % 2 == 0 else 1 - side)
        line = (base + (near - 1) * tall * 0.28 - crest * tall * (1.12 - 0.62 * near) * 0.72) * sheet.height
        ink = mixed(light.ink, light.dark_ink, 0.75 * near**2)
        face = Face(line.astype(np.float32), ink, (0.24 + 0.66 * near**1.6) * country.tone, near)
        range_of_hills(sheet, face, hand=country.hand, mist=country.mist, snowy=stage.snowy)
