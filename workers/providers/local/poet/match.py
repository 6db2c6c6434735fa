"""How a poem answers its topic: which of its words a learner can find in some line, and what else comes near."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.fragments import Fragment
from workers.providers.local.poet.literal import found, is_written, only_qualifies, root
from workers.providers.local.poet.spelling import is_japanese

_SHOWN = 3
"""A poem shows what its fragments are tagged with first; the later tags only hint."""
_SMALL = """
    a an and are at be by day days for from having her his i in into is it my of on or our over that the
    their this through to under was we were who with you your
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_ALIKE = 0.6
"""From here on a word and a tag really mean something alike."""
_NAME = re.compile("[一-鿿々ァ-ヺー]+")
_UNTELLING = frozenset({"falling", "going", "getting", "learning", "shower", "waiting"})
"""Snow that is falling is nothing of falling asleep, nobody sings in a shower of rain, and who waits may wait for spring."""


class Match(Struct, frozen=True):
    """`said` are the topic's words as they stand in the poem, `whole` means all of them and `at_once` in one line.

    `written` means that this is all there is of a Japanese topic, whatever it is as a whole: 夜道 in a poem of 夜 and 道.
    `near` is the nearest thing the poem shows, empty where it only hints at one; `nearness` is up to 1.
    """

    said: tuple[str, ...]
    whole: bool
    at_once: bool
    near: str
    nearness: float
    written: bool = False


def match(anthology: Anthology, verse: Verse, phrases: Sequence[str], topic: str = "") -> Match:
    """`phrases` are the whole topic in English, then its words; `topic` is how the learner wrote it."""
    whole = " ".join(word for word in (phrases[0] if phrases else "").split() if not _is_mood(anthology, word))
    words = [word for word in dict.fromkeys(whole.replace("'s", "").split()) if word not in _SMALL_WORDS]
    standing = {word: found(anthology, verse, word, topic) for word in words}
    every = bool(words) and all(standing[word] == word for word in words)
    things = [word for word in words if not _is_light(anthology, word)]
    at_once = any(all(found(anthology, (line,), word, topic) for word in things) for line in verse)
    written = is_written(anthology, topic, list(standing.values()))
    parts = phrases[1:] or phrases
    if is_japanese(topic):
        said = [gloss for gloss in _glosses(verse, parts, standing) if written or not only_qualifies(anthology, gloss, topic)]
        said = said or _shared(verse, topic)
    else:
        said = _told(anthology, verse, parts, standing, topic)
    written = written or _stands_whole(verse, topic) or _in_season(anthology, verse, whole)
    named = written or _is_named(anthology, verse, whole, words, topic)
    near, nearness = nearest(anthology, verse, phrases)
    if _is_a_tag(verse, whole) and not only_qualifies(anthology, whole, topic):
        near = topic.lower() or whole
    return Match(tuple(said), every or named, at_once or named, near, nearness, written)


def _told(anthology: Anthology, verse: Verse, parts: Sequence[str], standing: Mapping[str, str], topic: str) -> list[str]:
    """Which of the words that stand in the poem tell something: a small one (late, old) only where it stands beside another."""
    telling = {word for part in parts for word in part.split() if _is_telling(anthology, verse, word, topic)}
    beside = [line for line in verse if any(found(anthology, (line,), word, topic) for word in telling)]
    return [said for word, said in standing.items() if said and (word in telling or found(anthology, beside, word, topic))]


def _glosses(verse: Verse, parts: Sequence[str], standing: Mapping[str, str]) -> list[str]:
    """A gloss of two words is one word of the learner's: 桜 is not cherry and blossom."""
    called = {fragment.tags[0] for fragment in verse if " " in fragment.tags[0]}
    return [gloss for gloss in parts if gloss in called or all(standing.get(word) for word in gloss.split())]


def _shared(verse: Verse, topic: str) -> list[str]:
    """The longest part of the topic that some line writes as it does, if it is a word and not one sign."""
    parts = (topic[start:end] for end in range(len(topic), 1, -1) for start in range(end - 1))
    shared = [part for part in parts if _NAME.fullmatch(part) and any(part in line.japanese for line in verse)]
    return [max(shared, key=len)] if shared else []


def _is_a_tag(verse: Verse, whole: str) -> bool:
    return any(root(tag) == root(whole.replace("'s", "")) for fragment in verse for tag in fragment.tags)


def _is_named(anthology: Anthology, verse: Verse, whole: str, words: Sequence[str], topic: str) -> bool:
    """Whether a line is about the whole topic and has a word of it, or is about it before all else."""
    pictured = [fragment for fragment in verse if _is_tagged(anthology, fragment.tags[:_SHOWN], whole)]
    if any(found(anthology, (line,), word, topic) for line in pictured for word in words):
        return True
    return any(root(fragment.tags[0]) == root(whole) for fragment in verse)


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
    return (shown, near[shown]) if near[shown] >= _ALIKE else ("", near[hinted])


def _is_tagged(anthology: Anthology, tags: Sequence[str], whole: str) -> bool:
    """Whether a line was written for the whole topic, whatever it calls it: 雪つぶて for a snowball fight."""
    meant = anthology.vocabulary.look_up(whole)
    names = {root(whole.replace("'s", "")), *([root(meant.value)] if meant and meant.kind == "thing" else [])}
    return any(root(tag) in names for tag in tags)


def _stands_whole(verse: Verse, topic: str) -> bool:
    """Two characters and more tell what they are of wherever they stand: 台風 in 台風過, but not 水 in 水仙."""
    return is_japanese(topic) and len(topic) > 1 and any(topic in fragment.japanese for fragment in verse)


def _in_season(anthology: Anthology, verse: Verse, whole: str) -> bool:
    """Whether the topic is a season and nothing else, and the poem is of it."""
    meant = anthology.vocabulary.look_up(whole)
    return meant is not None and meant.kind == "season" and any(fragment.season == meant.value for fragment in verse)


def _is_telling(anthology: Anthology, verse: Verse, word: str, topic: str) -> bool:
    if word in _UNTELLING:
        return False
    if any(root(word) == root(tag) for fragment in verse for tag in fragment.tags[:_SHOWN]):
        return True
    known = anthology.vocabulary.look_up(word) or anthology.vocabulary.look_up(root(word))
    if known is None:
        return False
    standing = [fragment for fragment in verse if found(anthology, (fragment,), word, topic)]
    return known.kind != "thing" or not standing or any(_is_meant(anthology, fragment, word) for fragment in standing)


def _is_meant(anthology: Anthology, fragment: Fragment, word: str) -> bool:
    """A line has the word in the sense its tags have: I am lost in a book, and no umbrella is."""
    return max(anthology.near(word, tag) for tag in (*fragment.tags, *filter(None, (fragment.season_name,)))) >= _ALIKE


def _is_mood(anthology: Anthology, word: str) -> bool:
    """How a poem feels stands in all of it."""
    meant = anthology.vocabulary.look_up(word)
    return meant is not None and meant.kind == "mood"


def _is_light(anthology: Anthology, word: str) -> bool:
    """Season and hour lie over the whole poem."""
    meant = anthology.vocabulary.look_up(word)
    return meant is not None and meant.kind in ("season", "time")
