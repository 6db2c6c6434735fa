"""How a poem answers its topic: which of its words a learner can find in some line, and what else comes near."""

import re
from collections.abc import Sequence

from msgspec import Struct

from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.fragments import Fragment
from workers.providers.local.poet.vocabulary import singular

_SHOWN = 3
"""A poem shows what its fragments are tagged with first; the later tags only hint."""
_SMALL = """
    a an and are at be by day days for from her his i in into is it my of on or our over that the their this through to under
    was we were who with you your
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_WORD = re.compile(r"[a-z]+")
_INFLECTED = re.compile(r"(?<=..)(?:ing|ed)$")
_NOT_INFLECTED = frozenset({"evening", "watched"})
_ALIKE = 0.6
_SAME = {
    "ocean": "sea",
    "fog": "mist",
    "foggy": "mist",
    "mom": "mother",
    "dad": "father",
    "grandma": "grandmother",
    "grandpa": "grandfather",
    "bike": "bicycle",
    "photo": "photograph",
    "phone": "telephone",
}
_UNTELLING = frozenset({"falling", "going", "getting"})
"""Snow that is falling is nothing of falling asleep."""
_KANJI = re.compile("[一-鿿]")
_WRITTEN = "[一-鿿ァ-ヿ]"


class Match(Struct, frozen=True):
    """`said` are the topic's words as they stand in the poem, `whole` means all of them and `at_once` in one line.

    `written` means that every kanji of a Japanese topic stands there, known as a word or not: 夜道 in a poem of 夜 and 道.
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
    found = {word: _found(anthology, verse, word, topic) for word in words}
    every = bool(words) and all(found[word] == word for word in words)
    things = [word for word in words if not _is_light(anthology, word)]
    at_once = any(all(_found(anthology, (line,), word, topic) for word in things) for line in verse)
    telling = {word for phrase in phrases[1:] or phrases for word in phrase.split() if _is_telling(anthology, word)}
    said = [said for word, said in found.items() if said and (every or word in telling)]
    near, nearness = nearest(anthology, verse, phrases)
    if any(_root(tag) == _root(whole) for fragment in verse for tag in fragment.tags):
        near = topic.lower() or whole
    return Match(tuple(said), every, at_once, near, nearness, _is_written(verse, topic))


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


def _found(anthology: Anthology, verse: Sequence[Fragment], word: str, topic: str) -> str:
    """The word itself, in whatever form or in Japanese, else what it is made of; empty where neither stands in the verse."""
    japanese = " ".join(fragment.japanese for fragment in verse)
    names = [name for name in _names(anthology, word) if name in topic]
    if any(_stands_alone(name, japanese) or _stands_in(anthology, name, word, verse) for name in names):
        return word
    english = [said for fragment in verse for said in _words(fragment)]
    roots = {_root(form) for form in _forms(anthology, word)}
    if not roots.isdisjoint(map(_root, english)):
        first = any(_root(fragment.tags[0]) in roots for fragment in verse)
        return word if not names or any(_is_same(anthology, name, word, japanese, first) for name in names) else ""
    return next((said for said in english if len(said) > 2 and word.startswith(said) and _is_alike(anthology, word, said)), "")


def _names(anthology: Anthology, word: str) -> list[str]:
    return [name for name, meant in anthology.vocabulary.japanese.items() if meant.value == word]


def _is_same(anthology: Anthology, name: str, word: str, japanese: str, first: bool) -> bool:
    """Whether what is this word in English is also this name: 雨 is rain, and so are 夕立 and 梅雨, which are not one another."""
    special = {fragment.season_word for fragment in anthology.fragments}
    usual = next((other for other in _names(anthology, word) if other not in special), name)
    return (first and name == usual) or all(kanji in japanese for kanji in _KANJI.findall(name))


def _words(fragment: Fragment) -> list[str]:
    """What a learner reads of a line in English, the gloss of its season word too."""
    return _WORD.findall(f"{fragment.english} {fragment.season_word_english}".lower())


def _forms(anthology: Anthology, word: str) -> set[str]:
    """Rainy is of rain and fall is autumn; a bakery is not bread."""
    meant = anthology.vocabulary.look_up(word)
    same = meant and (meant.kind == "season" or word.startswith(meant.value))
    return {word, _SAME.get(word, word), *([meant.value] if meant and same else [])}


def _root(word: str) -> str:
    root = word if word in _NOT_INFLECTED else _INFLECTED.sub("", singular(word))
    return re.sub(r"(?<=..)e$", "", re.sub(r"([b-df-hj-np-tv-z])\1$", r"\1", root))


def _is_alike(anthology: Anthology, word: str, part: str) -> bool:
    """Moonlight is of the moon; homework is not of home."""
    return anthology.is_tag(part) and anthology.near(word, part) >= _ALIKE


def _is_telling(anthology: Anthology, word: str) -> bool:
    known = anthology.vocabulary.look_up(word) or anthology.vocabulary.look_up(_root(word))
    return known is not None and word not in _UNTELLING


def _is_light(anthology: Anthology, word: str) -> bool:
    """Season and hour lie over the whole poem."""
    meant = anthology.vocabulary.look_up(word)
    return meant is not None and meant.kind in ("season", "time")


def _stands_alone(name: str, text: str) -> bool:
    """水 does not stand in 水仙."""
    return re.search(rf"(?<!{_WRITTEN}){re.escape(name)}(?!{_WRITTEN})", text) is not None


def _stands_in(anthology: Anthology, name: str, word: str, verse: Sequence[Fragment]) -> bool:
    """川 stands in 川辺道, which is about a river."""
    return any(name in fragment.japanese and anthology.vocabulary.is_about(fragment, word) for fragment in verse)


def _is_written(verse: Verse, topic: str) -> bool:
    kanji = _KANJI.findall(topic)
    return bool(kanji) and all(any(_stands_alone(each, fragment.japanese) for fragment in verse) for each in kanji)
