"""How a river lies in its valley, and what keeps out of it."""

import numpy as np
import pytest

from tests.workers.providers.local.painter.asks import stage_for
from workers.providers.local.painter import river, shores
from workers.providers.local.painter.bed import Bed
from workers.providers.local.painter.sheet import Sheet
from workers.providers.local.painter.undergrowth import tuft


@pytest.mark.parametrize("swing", [-0.26, 0.0, 0.34])
def test_a_river_is_a_thread_at_its_far_end_and_its_banks_never_cross(swing: float) -> None:
    sheet = Sheet(400, 400, np.random.default_rng(1), (1, 1, 1))

    left, right = Bed(0.6, 0.5, 0.6, swing).edges(sheet, 0.3)

    near, far = (float(np.linalg.norm(right[at] - left[at])) for at in (0, -1))
    assert far < 0.04 * near
    assert (np.diff(left[:, 1]) < 0).all()
    assert (np.diff(right[:, 1]) < 0).all()
    for row in np.linspace(260, 400, 30):
        a, b = Bed(0.6, 0.5, 0.6, swing).reach(sheet, 0.3, float(row))
        assert a < b


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_a_river_comes_out_of_the_mist_without_an_end(number: int, seed: int) -> None:
    stage = stage_for("a long river winds between the hills", season="spring", number=number, seed=seed)

    shores.river(stage)

    assert stage.stream is not None
    widths = (stage.stream.mask > 0.5).sum(axis=1)
    first = int(np.flatnonzero(widths)[0])
    assert widths[first] < 0.1 * widths.max()
    assert stage.stream.mask[: first + 1].max() < 0.99, "its first row is half mist"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_nothing_takes_root_in_a_river(number: int) -> None:
    stage = stage_for("green herbs grow beside a river", season="spring", number=number)
    shores.river(stage)
    assert stage.stream is not None
    left, top, mask = stage.stream
    bed = np.argwhere(mask > 0.9)
    before = stage.sheet.rgb.copy()

    for y, x in bed[:: len(bed) // 40]:
        tuft(stage, float(x + left), float(y + top), 8)

    assert len(bed) > 400
    assert np.array_equal(stage.sheet.rgb, before)


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("share", [0.08, 0.34, 0.52, 0.72])
def test_what_is_named_beside_a_river_grows_on_its_bank(number: int, share: float) -> None:
    stage = stage_for("green herbs grow beside a broad river", season="spring", number=number)
    shores.river(stage)

    (place,) = river.ashore(stage, share, 0.95)

    assert not stage.in_stream(stage.x(place), stage.y(0.95))
    assert place == share or stage.in_stream(stage.x(share), stage.y(0.95))
