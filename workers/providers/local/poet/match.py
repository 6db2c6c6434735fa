"""How a poem answers its topic: what of it some line says in so many words, and what else comes near."""

from collections.abc import Sequence

from msgspec import Struct

from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.fragments import Fragment

_SHOWN = 3
"""A poem shows what its fragments are tagged with first; the later tags only hint."""
_SMALL = """
    a an and are at be by day days for from her his i in is it my of on or our that the their this to was we were who with you
    your
"""
_SMALL_WORDS = frozenset(_SMALL.split())


class Match(Struct, frozen=True):
    """`said` are the topic's words the poem says, `whole` means all of them and `at_once` in one line.

    `near` is the nearest thing the poem shows, `nearness` is up to 1.
    """

    said: tuple[str, ...]
    whole: bool
    at_once: bool
    near: str
    nearness: float


def match(anthology: Anthology, verse: Verse, phrases: Sequence[str]) -> Match:
    """`phrases` are the whole topic, then its words."""
    topic = phrases[0] if phrases else ""
    words = tuple(dict.fromkeys(word.removesuffix("'s") for word in topic.split() if word not in _SMALL_WORDS))
    named = _says(anthology, verse, topic)
    one_thing = anthology.vocabulary.look_up(topic) is not None
    said = () if one_thing else tuple(word for word in words if word in phrases and _says(anthology, verse, word))
    things = [word for word in said if not _is_light(anthology, word)]
    at_once = any(all(_says(anthology, (fragment,), thing) for thing in things) for fragment in verse)
    near, nearness = nearest(anthology, verse, phrases)
    return Match(said, named or said == words != (), named or at_once, near, nearness)


def nearest(anthology: Anthology, verse: Verse, phrases: Sequence[str]) -> tuple[str, float]:
    """What the poem shows that is nearest to any of the phrases, and how near it is, up to 1."""
    shown = [tag for fragment in verse for tag in fragment.tags[:_SHOWN]]
    near = {tag: max((anthology.near(phrase, tag) for phrase in phrases), default=0.0) for tag in shown}
    tag = max(near, key=near.__getitem__)
    return tag, near[tag]


def _is_light(anthology: Anthology, word: str) -> bool:
    """Season and hour lie over the whole poem."""
    meant = anthology.vocabulary.look_up(word)
    return meant is not None and meant.kind in ("season", "time")


def _says(anthology: Anthology, verse: Sequence[Fragment], word: str) -> bool:
    vocabulary = anthology.vocabulary
    meant = vocabulary.look_up(word)
    thing = meant.value if meant else word
    return any(vocabulary.names(fragment, thing) or (" " in thing and thing in fragment.tags[:_SHOWN]) for fragment in verse)
