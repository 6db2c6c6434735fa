"""What stands in a room together is as large as it is: a bowl beside its book, a kettle beside its window."""

from itertools import combinations

import pytest

from tests.workers.providers.local.painter.asks import bank_fragments, stage_for
from workers.providers.local.painter import named, panes, settings, sizes
from workers.providers.local.painter.rooms import INDOORS
from workers.providers.local.painter.sight import see
from workers.providers.local.painter.sketch import sketches
from workers.providers.local.painter.stage import Stage

REAL = {
    "book": (20, 34),
    "bowl": (11, 16),
    "box": (18, 32),
    "cat": (22, 38),
    "chair": (40, 65),
    "child": (30, 60),
    "cup": (11, 17),
    "fruit": (13, 22),
    "inkstone": (22, 36),
    "kettle": (20, 32),
    "letter": (14, 24),
    "paper": (14, 24),
    "sitter": (45, 100),
    "tea_bowl": (8, 14),
    "tea_bowls": (18, 30),
}
"""How wide each really is at least and at most, in centimetres; a cup stands on its saucer."""


def widths(stage: Stage) -> dict[str, float]:
    """How wide each named thing is drawn, in pixels."""
    return {name: sizes.size_of(stage, name) * sketches()[name].wide / 50 for name in named.named_on(stage)}


def furnished(shows: str, number: int) -> Stage:
    """The room the words name, as it is when its things are about to be put there."""
    stage = stage_for(shows, number=number)
    INDOORS[settings.choose(stage.view, number)](stage)
    return stage


def two_in_a_room() -> list[str]:
    views = {fragment["scene"]: see(fragment["scene"], "autumn") for fragment in bank_fragments()}
    return sorted(shows for shows, view in views.items() if settings.choose(view) in INDOORS and len(set(view.things)) > 1)


@pytest.mark.parametrize("shows", [*two_in_a_room(), "two hands hold a cup beside a book", "a cat sits beside a chair"])
def test_two_in_a_room_are_of_one_measure(shows: str) -> None:
    drawn = widths(furnished(shows, 0))

    for one, other in combinations(drawn, 2):
        times = drawn[one] / drawn[other]
        assert REAL[one][0] / REAL[other][1] <= times <= REAL[one][1] / REAL[other][0], (one, other, times)


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("thing", ["kettle", "chair", "tea bowl", "cup", "candle", "box", "book"])
def test_nothing_by_a_window_is_as_large_as_the_window(thing: str, number: int) -> None:
    stage = furnished(f"a {thing} stands by the window", number)

    name = named.named_on(stage)[0]
    assert sizes.size_of(stage, name) < 0.85 * panes.pane(stage).up


def test_a_window_is_as_small_or_as_wide_as_it_is_said_to_be() -> None:
    small, plain, wide = (panes.pane(stage_for(f"a {size} window looks out on the hills")) for size in ("small", "plain", "wide"))

    assert small.across < 0.8 * plain.across
    assert wide.across > 1.15 * wide.up


def test_it_is_darker_in_a_dim_room() -> None:
    dim, plain = (furnished(f"a {light} window opens on the hills", 0) for light in ("dim", "plain"))

    assert dim.sheet.rgb.mean() < 0.75 * plain.sheet.rgb.mean()


def test_a_bright_window_lights_the_floor() -> None:
    bright, plain = (furnished(f"a {light} window opens on the hills", 0) for light in ("bright", "plain"))

    floor = slice(int(bright.y(0.87)), int(bright.y(0.95)))
    assert (bright.sheet.rgb[floor] - plain.sheet.rgb[floor]).mean() > 0.03
