"""What wants tact: grief is met with quiet words, and some things a poet does not make verses about with a learner."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from workers.providers.local.poet.contradictions import kinds_of
from workers.providers.local.poet.fragments import Fragment

Delicate = Literal["despair", "shunned", "grief"]

_TABLES: Mapping[str, Mapping[str, list[str]]] = tomllib.loads((Path(__file__).parent / "tact.toml").read_text(encoding="utf-8"))
_MERRY = frozenset({"playful", "lively"})
_DARK = frozenset({"gloomy", "lonely"})
_MERRY_DOINGS = frozenset({"festival", "play", "shop", "table", "cook"})
GENTLE = ("memory", "silence")
"""What a poem for someone who grieves is near to."""


_LIFELESS = re.compile(
    r"\b(?:battery|camera|car|computer|engine|laptop|phone|printer|screen|server|tv|wifi)s? (?:just |has |is )*(?:died|dead)"
)
"""What only stopped."""


def delicate(text: str) -> Delicate | None:
    """Whether the text, in lower case, touches on something that wants tact."""
    text = _LIFELESS.sub(" ", text)
    for kind in ("despair", "shunned", "grief"):
        if _pattern(kind).search(text):
            return kind
    return None


def without_grief(text: str) -> str:
    """What else the text speaks of."""
    return _pattern("grief").sub(" ", text)


def is_gentle(fragment: Fragment) -> bool:
    """Fit for someone who grieves: no feast, no war, nobody making merry."""
    unfit = frozenset(_TABLES["unfit"]["grief"]) & frozenset(fragment.tags)
    merry = bool(_MERRY & fragment.moods) or fragment.doing in _MERRY_DOINGS or fragment.season == "new year"
    return not unfit and not merry


def is_calm(fragment: Fragment) -> bool:
    """Wind and weather, flowers and birds: nothing anybody could read something into."""
    unfit = frozenset(_TABLES["unfit"]["calm"]) & frozenset(fragment.tags)
    return not unfit and fragment.doing in (None, "look", "rest", "walk") and not (_MERRY | _DARK) & fragment.moods


def is_wild(fragment: Fragment) -> bool:
    return "wild" in kinds_of(fragment)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    words = sorted(_TABLES["words"][kind], key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    japanese = "|".join(re.escape(word) for word in words if not word.isascii())
    return re.compile(rf"(?<![a-z])(?:{latin})(?![a-z])|(?:{japanese})")
