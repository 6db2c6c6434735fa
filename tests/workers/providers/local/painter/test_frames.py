"""The formats of one poem's pictures: three, and at least two as large as the paper."""

import pytest

from workers.providers.local.painter import frames, shots


@pytest.mark.parametrize("poem", [*range(18), 4_000_000_000])
def test_the_pictures_of_one_poem_have_three_formats_two_of_them_large(poem: int) -> None:
    three = [frames.choose(poem, number) for number in (1, 2, 3)]

    assert len({frame.name for frame in three}) == 3
    assert sum((frame.right - frame.left) * (frame.bottom - frame.top) > 0.9 for frame in three) == 2


@pytest.mark.parametrize("poem", range(9))
def test_the_pictures_of_one_poem_are_seen_from_three_distances(poem: int) -> None:
    three = [shots.choose(poem, number) for number in (1, 2, 3)]

    assert len({shot.near for shot in three}) == len({shot.focus for shot in three}) == 3


def test_every_format_comes_up() -> None:
    assert {frames.choose(poem, 1) for poem in range(9)} == set(frames.FRAMES)
