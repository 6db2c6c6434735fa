"""Which lines say the opposite of a topic."""

import pytest

from workers.providers.local.poet.fragments import Bank
from workers.providers.local.poet.opposites import is_opposed, sides_of


@pytest.mark.parametrize(
    ("topic", "line", "opposed"),
    [
        ("first day at new job", "職を離れて", True),
        ("first day at new job", "初雪や", False),
        ("new job", "職を離れて", True),
        ("leaving my job", "職を離れて", False),
        ("leaving my job", "初出社", True),
        ("swallows leaving", "つばめ来る", True),
        ("swallows leaving", "つばめ去る", False),
        ("autumn leaves", "つばめ来る", False),
        ("the first and the last day", "初雪や", False),
        ("new year's eve", "大晦日", False),
        ("meeting a friend", "さよならや", True),
        ("goodbye", "ふいに出会いし", True),
        ("opening a window", "閉じにけり", True),
        ("at last the first snow", "初雪や", False),
    ],
)
def test_a_line_is_opposed_to_the_other_half_of_what_it_says(bank: Bank, topic: str, line: str, opposed: bool) -> None:
    fragment = next(fragment for slot in bank.slots for fragment in slot if fragment.japanese == line)

    assert is_opposed(sides_of([topic]), fragment) == opposed
