"""The stars of a night: points, and none where the air hides them."""

import numpy as np

from tests.workers.providers.local.painter.asks import ask_for, pixels
from workers.providers.local.painter import sky
from workers.providers.local.painter.compose import picture
from workers.providers.local.painter.sheet import Sheet


def test_stars_are_round_and_not_all_as_bright() -> None:
    sheet = Sheet(512, 512, np.random.default_rng(7), (0.1, 0.12, 0.2))
    before = sheet.rgb.copy()

    sky.stars(sheet, 1.0)

    light = (sheet.rgb - before).sum(axis=2)
    falling, rising = (float((light * np.roll(light, (2, way), (0, 1))).sum()) for way in (2, -2))
    assert 0.8 < falling / rising < 1.25
    down, along = (float((light * np.roll(light, 2, axis)).sum()) for axis in (0, 1))
    assert 0.8 < down / along < 1.25
    assert 0.0005 < (light > 0.3).mean() < 0.01
    assert (light > 1.5).sum() < (light > 0.3).sum() / 2


def test_mist_hides_the_stars() -> None:
    lights = ("autumn night, clear weather", "autumn night, mist")
    asks = (ask_for("a ridge of mountains", light=light, number=2, calligraphy=()) for light in lights)
    clear, misty = (pixels(picture(ask)).mean(axis=2)[50:100, 80:170] for ask in asks)

    def sharp(sight: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> int:
        return int((np.abs(np.diff(sight, axis=1)) > 25).sum())

    assert sharp(clear) > 4
    assert sharp(misty) == 0
