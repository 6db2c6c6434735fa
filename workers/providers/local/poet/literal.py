"""Whether a word of a topic stands in a line: in some form of English, or in the Japanese it was written in."""

import re
from collections.abc import Sequence

from workers.providers.local.poet.anthology import Anthology
from workers.providers.local.poet.fragments import Fragment
from workers.providers.local.poet.spelling import is_japanese
from workers.providers.local.poet.vocabulary import singular

_WORD = re.compile(r"[a-z]+")
_INFLECTED = re.compile(r"(?:(?<=..)ing|(?<=...)ed)$")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")
_NOT_INFLECTED = frozenset({"evening", "watched"})
_SAME = {
    "ocean": "sea",
    "harbour": "harbor",
    "neighbour": "neighbor",
    "colour": "color",
    "grey": "gray",
    "theatre": "theater",
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
_WEATHER = frozenset({"rain", "snow"})
_ALIKE = 0.6
_KANJI = re.compile("[一-鿿]")
_WRITTEN = "[一-鿿ァ-ヿ]"


def found(anthology: Anthology, verse: Sequence[Fragment], word: str, topic: str) -> str:
    """The word itself, in whatever form or in Japanese (a shower is rain), else what it is made of; empty where nothing of it
    stands in the verse."""
    if is_japanese(topic):
        return word if _stands_in_japanese(anthology, verse, word, topic) else ""
    said = [each for fragment in verse for each in _words(fragment)]
    stands = not {root(form) for form in _forms(anthology, word)}.isdisjoint(map(root, said))
    if stands or _begins(anthology, verse, word) or _falls(verse, word):
        return word
    return next((each for each in said if len(each) > 2 and word.startswith(each) and _is_alike(anthology, word, each)), "")


def _stands_in_japanese(anthology: Anthology, verse: Sequence[Fragment], word: str, topic: str) -> bool:
    japanese = " ".join(fragment.japanese for fragment in verse)
    names = [name for name in _names(anthology, word) if name in topic]
    names = [name for name in names if not any(name in other for other in names if other not in (name, f"お{name}"))]
    if any(_stands_alone(name, japanese) or _stands_in(anthology, name, word, verse) for name in names):
        return True
    roots = {root(form) for form in _forms(anthology, word)}
    if roots.isdisjoint(root(said) for fragment in verse for said in _words(fragment)):
        return False
    first = any(root(fragment.tags[0]) in roots for fragment in verse)
    return any(_is_same(anthology, name, word, japanese, first) for name in names)


def _falls(verse: Sequence[Fragment], word: str) -> bool:
    return word in _WEATHER and any(fragment.tags[0] == word for fragment in verse)


def _begins(anthology: Anthology, verse: Sequence[Fragment], word: str) -> bool:
    """The river stands in riverside where the line is about a river; rain does not stand in rainbow."""
    about = [fragment for fragment in verse if anthology.vocabulary.is_about(fragment, word)]
    return any(said.startswith(word) for fragment in about for said in _words(fragment))


def _names(anthology: Anthology, word: str) -> list[str]:
    """What the word, or a longer name it is part of, is called in Japanese."""
    return [name for name, meant in anthology.vocabulary.japanese.items() if word in (meant.value, *meant.value.split())]


def _is_same(anthology: Anthology, name: str, word: str, japanese: str, first: bool) -> bool:
    """Whether what is this word in English is also this name: 雨 is rain, and so are 夕立 and 梅雨, which are not one another."""
    special = {fragment.season_word for fragment in anthology.fragments}
    called = anthology.vocabulary.japanese
    usual = next((other for other in called if called[other].value == word and other not in special), name)
    return (first and name == usual) or all(kanji in japanese for kanji in _KANJI.findall(name))


def _words(fragment: Fragment) -> list[str]:
    """What a learner reads of a line in English, the gloss of its season word too."""
    return _WORD.findall(f"{fragment.english} {fragment.season_word_english}".lower())


def _forms(anthology: Anthology, word: str) -> set[str]:
    """Rainy is of rain and fall is autumn; a bakery is not bread."""
    meant = anthology.vocabulary.look_up(word)
    same = meant and (meant.kind == "season" or word.startswith(meant.value))
    return {word, _SAME.get(word, word), *([meant.value] if meant and same else [])}


def root(word: str) -> str:
    stem = word if word in _NOT_INFLECTED else _INFLECTED.sub("", singular(word))
    return re.sub(r"(?<=..)e$", "", _DOUBLED.sub(r"\1", stem))


def _is_alike(anthology: Anthology, word: str, part: str) -> bool:
    """Moonlight is of the moon; homework is not of home."""
    return anthology.is_tag(part) and anthology.near(word, part) >= _ALIKE


def _stands_alone(name: str, text: str) -> bool:
    """水 does not stand in 水仙."""
    return re.search(rf"(?<!{_WRITTEN}){re.escape(name)}(?!{_WRITTEN})", text) is not None


def _stands_in(anthology: Anthology, name: str, word: str, verse: Sequence[Fragment]) -> bool:
    """川 stands in 川辺道, which is about a river."""
    return any(name in fragment.japanese and anthology.vocabulary.is_about(fragment, word) for fragment in verse)


def is_written(anthology: Anthology, topic: str, words: Sequence[str]) -> bool:
    """Whether the words found leave no kanji of the topic over."""
    rest = topic
    for name in (name for word in words for name in _names(anthology, word)):
        rest = rest.replace(name, "")
    return rest != topic and not re.search(_WRITTEN, rest)


def only_qualifies(anthology: Anthology, word: str, topic: str) -> bool:
    """Whether the word is only the front of a compound: 野良犬 is a dog, but 梅干し is no plum blossom."""
    names = [name for name in _names(anthology, word) if name in topic]
    return bool(names) and all(re.search(rf"{re.escape(name)}(?={_WRITTEN})", topic) for name in names)
