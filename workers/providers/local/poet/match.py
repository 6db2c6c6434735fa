"""How a poem answers its topic: which of its words a learner can find in some line, and what else comes near."""

from collections.abc import Sequence

from msgspec import Struct

from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.literal import found, is_written, root
from workers.providers.local.poet.spelling import is_japanese

_SHOWN = 3
"""A poem shows what its fragments are tagged with first; the later tags only hint."""
_SMALL = """
    a an and are at be by day days for from her his i in into is it my of on or our over that the their this through to under
    was we were who with you your
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_ALIKE = 0.6
"""From here on a word and a tag really mean something alike."""
_UNTELLING = frozenset({"falling", "going", "getting"})
"""Snow that is falling is nothing of falling asleep."""


class Match(Struct, frozen=True):
    """`said` are the topic's words as they stand in the poem, `whole` means all of them and `at_once` in one line.

    `written` means that this is all there is of a Japanese topic, whatever it is as a whole: 夜道 in a poem of 夜 and 道.
    `near` is the nearest thing the poem shows, `nearness` is up to 1.
    """

    said: tuple[str, ...]
    whole: bool
    at_once: bool
    near: str
    nearness: float
    written: bool = False


def match(anthology: Anthology, verse: Verse, phrases: Sequence[str], topic: str = "") -> Match:
    """`phrases` are the whole topic in English, then its words; `topic` is how the learner wrote it."""
    whole = phrases[0] if phrases else ""
    words = [word for word in dict.fromkeys(whole.replace("'s", "").split()) if word not in _SMALL_WORDS]
    standing = {word: found(anthology, verse, word, topic) for word in words}
    every = bool(words) and all(standing[word] == word for word in words)
    things = [word for word in words if not _is_light(anthology, word)]
    at_once = any(all(found(anthology, (line,), word, topic) for word in things) for line in verse)
    # A small word (late, old) tells something only where it stands beside another.
    telling = {word for phrase in phrases[1:] or phrases for word in phrase.split() if _is_telling(anthology, word)}
    beside = [line for line in verse if any(found(anthology, (line,), word, topic) for word in telling)]
    said = [said for word, said in standing.items() if said and (word in telling or found(anthology, beside, word, topic))]
    if is_japanese(topic):
        # A gloss of two words is one word of the learner's: 桜 is not cherry and blossom.
        said = [gloss for gloss in phrases[1:] or phrases if all(standing.get(word) for word in gloss.split())]
    near, nearness = nearest(anthology, verse, phrases)
    if any(root(tag) == root(whole.replace("'s", "")) for fragment in verse for tag in fragment.tags):
        near = topic.lower() or whole
    return Match(tuple(said), every, at_once, near, nearness, is_written(anthology, topic, list(standing.values())))


def nearest(anthology: Anthology, verse: Verse, phrases: Sequence[str]) -> tuple[str, float]:
    """What the poem shows, else hints at, that is nearest to any of the phrases or to what they mean; how near, up to 1."""
    meant = [meant.value for phrase in phrases if (meant := anthology.vocabulary.look_up(phrase)) and meant.kind == "thing"]
    near = {
        tag: max((anthology.near(phrase, tag) for phrase in (*phrases, *meant)), default=0.0)
        for fragment in verse
        for tag in fragment.tags
    }
    shown = max((tag for fragment in verse for tag in fragment.tags[:_SHOWN]), key=near.__getitem__)
    hinted = max(near, key=near.__getitem__)
    return (shown, near[shown]) if near[shown] >= _ALIKE else (hinted, near[hinted])


def _is_telling(anthology: Anthology, word: str) -> bool:
    known = anthology.vocabulary.look_up(word) or anthology.vocabulary.look_up(root(word))
    return known is not None and word not in _UNTELLING


def _is_light(anthology: Anthology, word: str) -> bool:
    """Season and hour lie over the whole poem."""
    meant = anthology.vocabulary.look_up(word)
    return meant is not None and meant.kind in ("season", "time")
