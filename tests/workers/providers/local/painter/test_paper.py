"""Pages: white to their edge, and written on in columns with air between them."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import SIDE
from workers.providers.local.painter.paper import page, script
from workers.providers.local.painter.sheet import Sheet

CORNERS = ((60.0, 60.0), (240.0, 60.0), (240.0, 240.0), (60.0, 240.0))


def dark_sheet(seed: int) -> Sheet:
    sheet = Sheet(SIDE, SIDE, np.random.default_rng(seed), (0.95, 0.93, 0.89))
    sheet.rgb[:] = 0.3
    page(sheet, CORNERS, (0.98, 0.98, 0.96), 0.05, 0.3)
    return sheet


@pytest.mark.parametrize("seed", range(4))
def test_a_page_is_pale_and_darker_on_its_shaded_side(seed: int) -> None:
    tone = dark_sheet(seed).rgb.mean(axis=2)[70:230]

    assert tone[:, 70:230].min() > 0.6
    assert tone[:, 70:90].mean() > tone[:, 210:230].mean() + 0.05


@pytest.mark.parametrize("seed", range(4))
def test_writing_stands_in_as_many_columns_as_are_asked_for(seed: int) -> None:
    sheet = dark_sheet(seed)
    before = sheet.rgb.copy()

    script(sheet, CORNERS, 5)

    ink = np.abs(sheet.rgb - before).max(axis=2) > 0.3
    thick = ink[60:150].mean(axis=0)[60:240].reshape(5, 36)
    assert (thick[:, 8:28].mean(axis=1) > 0.05).all()
    assert thick[:, :3].mean() < 0.3 * thick[:, 8:28].mean()
