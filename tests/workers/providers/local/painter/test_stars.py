"""The stars of a night: points, and none where the air hides them."""

import numpy as np

from tests.workers.providers.local.painter.asks import ask_for, pixels, stage_for
from workers.providers.local.painter import behind, heavens, sky
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


def test_no_star_is_cut_by_a_ridge() -> None:
    sheet = Sheet(512, 512, np.random.default_rng(7), (0.1, 0.12, 0.2))
    stars = sky.Stars(sheet.rgb.copy(), [(100.0, 200.0, 20.0), (300.0, 120.0, 20.0)])
    for x, y, _ in stars.places:
        sky.star(sheet, x, y, 3.0)
    crest = np.full(512, 205, dtype=np.float32)
    sheet.rgb[205:] = 0.05

    sky.clear(sheet, stars, crest)

    bright = sheet.rgb.mean(axis=2) > 0.3
    assert not bright[:, 60:140].any()
    assert bright[:, 260:340].any(), "it stands high above the ridge"


def test_the_stars_of_a_night_are_kept_until_the_hills_have_risen() -> None:
    stage = stage_for("many stars shine over dark hills", season="winter")
    heavens.heavens(stage)
    kept = stage.stars

    behind.behind(stage, stage.horizon, 3, 0.3)

    assert kept is not None
    assert len(kept.places) > 70
    assert stage.stars is None
