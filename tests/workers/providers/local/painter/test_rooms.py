"""Rooms: the window is wholly inside the picture, whatever its format."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from tests.workers.providers.local.painter.asks import SIDE, shown_through, stage_for
from workers.providers.local.painter import boards, cast, named, panes, placing, rooms, settings, shots, sizes
from workers.providers.local.painter.frames import FRAMES, Frame
from workers.providers.local.painter.rooms import INDOORS
from workers.providers.local.painter.sketch import sketches


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_a_window_has_wall_on_every_side_and_none_of_the_poem_on_it(frame: Frame, number: int) -> None:
    stage = stage_for("a kettle steams beside the window")
    stage = replace(stage, turned=frame.turned, roomy=frame.roomy, shot=shots.choose(0, number))
    stage.sheet.height = int(300 * (frame.bottom - frame.top) / (frame.right - frame.left))

    pane = panes.pane(stage)

    left, right = sorted((stage.x(0.04), stage.x(0.76 if frame.roomy else 0.96)))
    assert left < pane.x - pane.across
    assert pane.x + pane.across < right
    assert 0.04 * stage.sheet.height < pane.y - pane.up
    assert pane.foot < 0.8 * stage.sheet.height


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("thing", ["open book", "white letter", "tea bowl", "cup", "candle", "kettle"])
def test_what_is_by_a_window_stands_on_the_desk_before_it_and_leaves_most_of_the_view(thing: str, number: int) -> None:
    stage = stage_for(f"a {thing} lies by the window", number=number)
    pane = panes.pane(stage)
    rooms.window(stage)
    before = stage.sheet.rgb.copy()

    placing.stand(stage)

    drawn = np.abs(stage.sheet.rgb - before).max(axis=2) > 0.2
    lowest = float(drawn.any(axis=1).nonzero()[0].max())
    assert pane.foot < lowest < stage.y(boards.DESK_ENDS)
    view = drawn[int(pane.y - pane.up) : int(pane.foot), int(pane.x - pane.across) : int(pane.x + pane.across)]
    assert view.mean() < 0.3


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize(
    "shows", ["a bowl waits on the veranda", "a tea bowl stands by the window", "an open book lies by the window"]
)
def test_a_single_thing_takes_up_a_fourth_of_the_picture_or_more(shows: str, number: int) -> None:
    stage = stage_for(shows, number=number)
    INDOORS[settings.choose(stage.view, number)](stage)
    (name,) = named.named_on(stage)

    high = sizes.size_of(stage, name)

    assert max(high, high * sketches()[name].wide / 50) > 0.25 * SIDE


@pytest.mark.parametrize("seed", range(4))
def test_the_post_of_a_veranda_hides_what_is_behind_it(seed: int) -> None:
    stage = stage_for("a bowl waits on the veranda")
    through = shown_through(lambda sheet: boards.post(replace(stage, sheet=sheet), 0.72), seed)

    left, right = sorted(int(stage.x(share)) for share in boards.POST)
    assert through[: int(0.7 * SIDE), left + 2 : right - 2].max() < 0.06


@pytest.mark.parametrize("seed", range(4))
def test_the_wall_about_a_window_shows_nothing_of_the_tree_outside(seed: int) -> None:
    stage = stage_for("a window opens on the hills", season="winter")
    pane = panes.pane(stage)
    through = shown_through(lambda sheet: panes.wall(replace(stage, sheet=sheet), pane), seed)

    assert through[: int(pane.y - pane.up) - 12].max() < 0.01


def test_light_on_the_floor_has_the_shape_of_its_window() -> None:
    for shows, square in (("a bright round window opens on the hills", False), ("a bright wide window opens on the hills", True)):
        lit = _lit(shows)
        widths = (lit > 0.08).sum(axis=1)
        rows = widths.nonzero()[0]
        first, middle = widths[rows[len(rows) // 8]], widths[rows[len(rows) // 2]]

        assert bool(first > 0.7 * middle) == square


def _lit(shows: str) -> NDArray[np.float32]:
    """How much paler a window makes each place of the wood before it."""
    stage = stage_for(shows)
    stage.sheet.rgb[:] = 0.4
    panes.sunlight(stage, panes.pane(stage), 0.86, 0.985)
    return np.asarray((stage.sheet.rgb - 0.4).mean(axis=2), dtype=np.float32)


def test_the_frame_of_a_round_window_has_no_seam() -> None:
    breaks = np.mean([_steps_round_the_frame(seed) for seed in range(5)], axis=0)

    assert breaks.max() < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_the_frame_of_a_round_window_is_as_broad_all_round(seed: int) -> None:
    stage = stage_for("a bright round window opens on the hills", number=2, seed=seed)
    pane = panes.pane(stage)
    stage.sheet.rgb[:] = 0.9

    panes.wall(stage, pane)

    turn, reach = np.linspace(0, 2 * np.pi, 180), np.linspace(1.0, 1.12, 80)[:, None]
    y, x = pane.y + reach * pane.up * np.sin(turn), pane.x + reach * pane.across * np.cos(turn)
    wood = stage.sheet.rgb[y.astype(int), x.astype(int)].mean(axis=2) < 0.42
    broad = (len(wood) - wood[::-1].argmax(axis=0)) * 0.12 / 80 * pane.across
    assert np.ptp(broad) < 3, "in pixels"


def _steps_round_the_frame(seed: int) -> NDArray[np.float32]:
    """How much its tone changes from one piece to the next, from beside its foot all the way round to the other side of it."""
    stage = stage_for("a letter lies by the round window", number=2, seed=seed)
    pane = panes.pane(stage)
    rooms.window(stage)
    turn, reach = np.linspace(-2.5, 2.5, 200) - np.pi / 2, np.linspace(0.975, 1.025, 9)[:, None]
    y, x = pane.y + reach * pane.up * np.sin(turn), pane.x + reach * pane.across * np.cos(turn)
    tone = stage.sheet.rgb[y.astype(int), x.astype(int)].mean(axis=(0, 2))
    pieces = np.convolve(tone, np.full(10, 0.1, dtype=np.float32), "valid")
    return np.asarray(np.abs(pieces[10:] - pieces[:-10]), dtype=np.float32)


@pytest.mark.parametrize("seed", range(6))
def test_bamboo_before_a_veranda_stands_on_the_ground_clear_of_its_post(seed: int) -> None:
    stage = stage_for("a cup stands on the veranda", season="summer", seed=seed)
    before = stage.sheet.rgb.copy()

    cast.sprig(stage, 0.74)

    rows, columns = np.nonzero(np.abs(stage.sheet.rgb - before).max(axis=2) > 0.15)
    shares = columns / SIDE if not stage.turned else 1 - columns / SIDE
    assert rows.max() > 0.72 * SIDE, "rooted behind the floor"
    assert rows.min() > 0.05 * SIDE, "whole"
    assert np.quantile(shares, 0.02) > max(boards.POST)
