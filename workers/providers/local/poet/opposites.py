"""What says the opposite of a topic: leaving a job is nothing for a first day at work."""

import re
from collections.abc import Iterable

from workers.providers.local.poet.fragments import Fragment

_LEAVING = r"leav(?:e|ing)(?! out)|depart\w*"
_SIDES = (
    (
        r"begin\w*|start\w*|first|new (?:job|school|life|home)",
        r"end|ends|ended|ending|final|done|finish\w*|(?<!at )last|quit\w*|retir\w*|resign\w*|unemploy\w*|graduat\w*"
        r"|(?:losing|leaving|lost|left) (?:\w+ )?(?:job|school|work|company)|job behind",
    ),
    (r"arriv\w*|return\w*|(?:come|comes|coming|are) (?:back|home)", _LEAVING),
    (r"meet|meets|meeting|met|reunion|encounter\w*", r"part|parting|parted|farewell|goodbye"),
    (r"open|opens|opened|opening", r"close|closes|closed|closing|shut\w*"),
    (
        r"missing|miss|longing for|goodbye|farewell",
        r"inviting|together|side by side|my dog and i|two of us|all of us|hand in hand|holding",
    ),
    (r"working|overtime|office|deadline|night shift", r"forgetting all my work|my job behind"),
    (r"study|studying|revising|before|tomorrow", r"behind me|after the \w+|results"),
    (r"win|wins|winning|victory", r"lose|loses|defeat\w*"),
    (r"(?:lost|losing|lose) (?:the |a |our )?(?:final|game|match|cup)|defeat\w*|defeated", r"victory|laughing with|cheer\w*"),
    (
        r"in the hospital|(?:hospital|sickroom|ward) (?:window|room|corridor|bed|ward)|from (?:a|the|my) hospital",
        r"out of the hospital",
    ),
    (r"wedding|married|marry\w*|bride|anniversary", r"part|parted|parting|divorce\w*|goodbye|farewell"),
    (r"(?:nobody|no one|never) plays?|unplayed|silent", r"i play"),
    (r"new|first|learning|lessons?", r"same as long ago|unchanged|nothing has changed"),
    (r"before work|no signal|unread", r"work done|work behind|homeward after work|phone call"),
    (r"empty|alone|everyone has gone|nobody|deserted", r"all of us|side by side|laughing with|two of us"),
)
_OPPOSITES = tuple((re.compile(rf"\b(?:{one})\b"), re.compile(rf"\b(?:{other})\b")) for one, other in _SIDES)
_ABOUT = 3
"""A fragment is about its first tags; the later ones are only near it."""

Side = tuple[re.Pattern[str], re.Pattern[str]]
"""What is said, and its opposite."""


def sides_of(phrases: Iterable[str]) -> tuple[Side, ...]:
    """The sides a topic takes; one that says both halves of a pair (first and last) takes none of it."""
    return tuple(side for side in _each_way() if _says_only(side, " / ".join(phrases)))


def is_opposed(sides: Iterable[Side], fragment: Fragment) -> bool:
    """Whether the line says the other half of what one of the sides says, and not that half too."""
    text = " / ".join((fragment.english.lower(), fragment.season_name, *fragment.tags[:_ABOUT]))
    return any(_says_only((opposite, said), text) for said, opposite in sides)


def _each_way() -> Iterable[Side]:
    return (side for one, other in _OPPOSITES for side in ((one, other), (other, one)))


def _says_only(side: Side, text: str) -> bool:
    said, opposite = side
    return said.search(text) is not None and opposite.search(text) is None
