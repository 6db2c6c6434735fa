"""Rooms: the window is wholly inside the picture, whatever its format."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import stage_for
from workers.providers.local.painter import placing, rooms, shots
from workers.providers.local.painter.frames import FRAMES, Frame


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_a_window_has_wall_on_every_side_and_none_of_the_poem_on_it(frame: Frame, number: int) -> None:
    stage = stage_for("a kettle steams beside the window")
    stage = replace(stage, turned=frame.turned, roomy=frame.roomy, shot=shots.choose(0, number))
    stage.sheet.height = int(300 * (frame.bottom - frame.top) / (frame.right - frame.left))

    pane = rooms.pane(stage)

    left, right = sorted((stage.x(0.04), stage.x(0.76 if frame.roomy else 0.96)))
    assert left < pane.x - pane.across
    assert pane.x + pane.across < right
    assert 0.04 * stage.sheet.height < pane.y - pane.up
    assert pane.foot < 0.8 * stage.sheet.height


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_book_by_a_window_lies_on_its_sill_and_hides_none_of_the_view(number: int) -> None:
    stage = stage_for("an open book lies by the window", number=number)
    pane = rooms.pane(stage)

    rooms.window(stage)

    assert 0 < stage.y(stage.front + 0.02) - pane.foot < rooms.SILL_DEEP * stage.sheet.unit
    assert placing.size_of(stage, "book") < 0.5 * pane.up


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_letter_by_a_window_lies_wholly_on_its_sill(number: int) -> None:
    stage = stage_for("a white letter lies by the window", number=number)
    pane, unit = rooms.pane(stage), stage.sheet.unit
    rooms.window(stage)
    before = stage.sheet.rgb.copy()

    placing.stand(stage)

    rows, columns = (np.abs(stage.sheet.rgb - before).max(axis=2) > 0.3).nonzero()
    assert pane.foot - unit < rows.min()
    assert rows.max() < pane.foot + (rooms.SILL_DEEP + 0.5) * unit
    assert np.ptp(columns) > 3 * np.ptp(rows)


def test_the_frame_of_a_round_window_has_no_seam() -> None:
    breaks = np.mean([_steps_round_the_frame(seed) for seed in range(5)], axis=0)

    assert breaks.max() < 0.1


def _steps_round_the_frame(seed: int) -> NDArray[np.float32]:
    """How much its tone changes from one piece to the next, from beside its foot all the way round to the other side of it."""
    stage = stage_for("a letter lies by the round window", number=2, seed=seed)
    pane = rooms.pane(stage)
    rooms.window(stage)
    turn, reach = np.linspace(-2.5, 2.5, 200) - np.pi / 2, np.linspace(0.975, 1.025, 9)[:, None]
    y, x = pane.y + reach * pane.up * np.sin(turn), pane.x + reach * pane.across * np.cos(turn)
    tone = stage.sheet.rgb[y.astype(int), x.astype(int)].mean(axis=(0, 2))
    pieces = np.convolve(tone, np.full(10, 0.1, dtype=np.float32), "valid")
    return np.asarray(np.abs(pieces[10:] - pieces[:-10]), dtype=np.float32)
