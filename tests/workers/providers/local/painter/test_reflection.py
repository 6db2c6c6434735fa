"""What floats hangs in its water, and what stands over it."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import placing, shores, water
from workers.providers.local.painter.palette import light
from workers.providers.local.painter.settings import Setting
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sketch import At, draw, sketches

WATER = (0.6, 0.7, 0.8)
LINE = 128


@pytest.mark.parametrize("name", ["boat", "empty_boat", "swan", "floating_lantern"])
def test_what_floats_is_mirrored_below_its_waterline(name: str) -> None:
    sheet = Sheet(256, 256, np.random.default_rng(1), WATER)

    draw(sheet, sketches()[name], At(128, LINE, 60, turned=False, lit=False))

    changed = np.abs(sheet.rgb - WATER).sum(axis=2)
    above, below = changed[LINE - 30 : LINE - 8], changed[LINE + 8 : LINE + 30][::-1]
    assert float(np.corrcoef(above.ravel(), below.ravel())[0, 1]) > 0.6
    assert below.mean() < above.mean()


@pytest.mark.parametrize("name", ["boat", "empty_boat"])
def test_no_daylight_lies_between_a_hull_and_its_double(name: str) -> None:
    sheet = Sheet(256, 256, np.random.default_rng(1), WATER)

    draw(sheet, sketches()[name], At(128, LINE, 60, turned=False, lit=False))

    changed = np.abs(sheet.rgb - WATER).max(axis=2) > 0.03
    hull = [column for column in changed[LINE - 12 : LINE + 10].T if column[:10].any()]
    gaps = [(~column[column.argmax() :]).sum() for column in hull]
    assert np.mean(np.array(gaps) > 0) < 0.05


def test_the_sails_of_a_boat_stand_on_its_hull() -> None:
    through = shown_through(lambda sheet: draw(sheet, sketches()["sail"], At(150, 200, 150, turned=False, lit=False)))

    for aside in (-24, 0, 24):
        covered = through[:, 150 + aside] < 0.3
        assert covered[covered.argmax() : 192].all()


@pytest.mark.parametrize("shore", [shores.lake, shores.pond, shores.sea])
def test_what_floats_is_painted_before_the_bank(shore: Setting) -> None:
    stage = stage_for("small lights float away on a dark lake", season="summer")
    shore(stage)
    before = stage.sheet.rgb.copy()

    placing.stand(stage)

    assert np.array_equal(stage.sheet.rgb, before)


def test_a_reflection_fades_before_it_ends() -> None:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(1), WATER)
    sheet.rgb[: SIDE // 3] = 0.2

    water.lake(sheet, light("summer", "day"), 1 / 3, 1.0)

    grey = np.median(sheet.rgb[SIDE // 3 :].mean(axis=2), axis=1)
    assert np.abs(np.diff(grey)[4:]).max() < 0.03


def test_nothing_of_the_high_sky_lies_at_the_waterline() -> None:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(1), WATER)
    sheet.rgb[: SIDE // 2] = 0.2
    sheet.rgb[:6] = 1.0

    water.lake(sheet, light("summer", "day"), 0.5, 1.0)

    line = sheet.rgb[SIDE // 2 : SIDE // 2 + 4].mean(axis=(1, 2))
    assert np.ptp(line) < 0.03
