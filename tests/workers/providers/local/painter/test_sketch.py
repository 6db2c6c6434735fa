"""The things drawn from text: every one can be drawn, and every word means one of them."""

from collections import Counter

import numpy as np
import pytest

from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.sketch import At, draw, sketches

PAPER = (0.95, 0.93, 0.89)


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return Sheet(256, 256, np.random.default_rng(1), PAPER)


@pytest.mark.parametrize("name", sorted(sketches()))
def test_a_thing_is_drawn_about_where_it_stands(name: str, sheet: Sheet) -> None:
    sheet.rgb[:] = PAPER
    before = sheet.rgb.copy()

    draw(sheet, sketches()[name], At(128, 200, 80, turned=False, lit=True))

    rows, columns = np.nonzero(np.abs(sheet.rgb - before).max(axis=2) > 0.08)
    assert len(rows) > 60
    assert 100 < (rows.min() + rows.max()) / 2 < 215
    assert abs((columns.min() + columns.max()) / 2 - 128) < 80


def test_a_word_means_one_thing() -> None:
    words = Counter(word for sketch in sketches().values() for word in sketch.words.split())

    assert [word for word, count in words.items() if count > 1] == []
