"""What the people of a poem are doing: one thing, or two that one person does in one moment."""

from typing import get_args

from workers.providers.local.poet.fragments import Doing, Fragment

_TOGETHER = frozenset(
    frozenset(pair)
    for pair in (
        ("travel", "walk"),
        ("travel", "ride"),
        ("travel", "look"),
        ("travel", "rest"),
        ("walk", "look"),
        ("walk", "pray"),
        ("walk", "shop"),
        ("walk", "festival"),
        ("part", "festival"),
        ("rest", "look"),
        ("music", "walk"),
        ("music", "tend"),
    )
)
_ALL: frozenset[str] = frozenset(get_args(Doing))
_EXCLUDED = {one: frozenset(other for other in _ALL if other != one and frozenset({one, other}) not in _TOGETHER) for one in _ALL}


def excluded_by(fragment: Fragment) -> frozenset[str]:
    """The doings of another line that cannot go on beside this one's; a line without a doing excludes none."""
    return frozenset() if fragment.doing is None else _EXCLUDED[fragment.doing]


def doing_of(fragment: Fragment) -> frozenset[str]:
    return frozenset() if fragment.doing is None else frozenset({fragment.doing})
