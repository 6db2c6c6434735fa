"""What cannot stand in one poem: quiet beside noise, alone beside a crowd, the same word twice."""

import re
from functools import cache

from workers.providers.local.poet.fragments import Fragment

_DISHES = """
    barbecue, bread, cake, chestnut, chocolate, coffee, curry, egg, hot pot, lemonade, midnight snack, noodles, oden, pancakes,
    persimmon, pizza, porridge, pumpkin, ramen, rice, sake, shaved ice, soup, supper, sushi, sweet potato, tangerine, tea, tofu,
    beer, wine, whiskey
"""

_WILD = """
    autumn bird breeze cloud dawn field flower frog grass haze insect insects leaf leaves mist moon morning mountain night rain
    river sea sky snow stars sunset tree weather wind
"""

_KINDS: dict[str, frozenset[str]] = {
    "alone": frozenset({"alone", "solitude", "solo"}),
    "together": frozenset({"together", "friends", "couple"}),
    "crowd": frozenset({"crowd", "people", "neighbors", "lively"}),
    "silence": frozenset({"silence", "stillness", "whisper"}),
    "noise": frozenset({"noise", "drums", "cheering", "lively"}),
    "calm": frozenset({"calm", "stillness"}),
    "wind": frozenset({"wind", "breeze"}),
    "grief": frozenset({"death", "grief", "mourning", "funeral", "soldier", "gloomy"}),
    "playful": frozenset({"playful"}),
    "lively": frozenset({"lively"}),
    "gloomy": frozenset({"gloomy"}),
    "lonely": frozenset({"lonely"}),
    "outside": frozenset({"outdoors", "umbrella", "walking", "hiking", "street", "adventure"}),
    "laughter": frozenset({"laughter", "smile"}),
    "waiting": frozenset({"waiting"}),
    "sleep": frozenset({"sleep", "nap"}),
    "solemn": frozenset({"solemn"}),
    "sick": frozenset({"sick", "fever"}),
    "feast": frozenset({"hungry", "restaurant", "party"}),
    "dish": frozenset(dish.strip() for dish in _DISHES.split(",")),
    "creature": frozenset({"animal", "bird", "pet"}),
    "ride": frozenset({"train", "bus"}),
    "stars": frozenset({"stars", "milky way"}),
    "glow": frozenset({"sunset", "red sky"}),
    "lamp": frozenset({"lamp", "firefly", "lantern"}),
    "instrument": frozenset({"piano", "guitar", "koto", "flute", "music box"}),
    "romance": frozenset({"romance", "first love", "kiss", "love letter", "date"}),
    "student": frozenset({"student", "exam"}),
    "worker": frozenset({"office", "job"}),
    "rainfall": frozenset({"rain"}),
    "errand": frozenset({"shopping", "store", "vending machine", "taxes", "gym", "office", "job", "commute"}),
    "baseball": frozenset({"baseball"}),
    "mother": frozenset({"mother", "mom"}),
    "father": frozenset({"father", "dad"}),
    "exam": frozenset({"exam"}),
    "wild": frozenset(_WILD.split()) | {"clear sky"},
    "off work": frozenset({"off work"}),
    "footwear": frozenset({"shoes", "sandals", "boots"}),
    "journey": frozenset({"journey"}),
    "flora": frozenset({"flower", "tree", "leaf", "leaves"}),
}
"""A fragment is of a kind when one of its tags, moods or joints is among these; what it offers and its season are kinds too."""

_OPPOSITES = (
    ("alone", "together"),
    ("alone", "crowd"),
    ("silence", "noise"),
    ("calm", "wind"),
    ("grief", "playful"),
    ("grief", "lively"),
    ("lonely", "lively"),
    ("gloomy", "playful"),
    ("sick", "feast"),
    ("laughter", "laughter"),
    ("waiting", "waiting"),
    ("sleep", "sleep"),
    ("dish", "dish"),
    ("footwear", "footwear"),
    ("dish", "reflection"),
    ("new year", "student"),
    ("student", "worker"),
)
"""What excludes what; a kind opposite to itself is one for a single line of a poem."""

_ONE_SIDED = frozenset({"creature", "ride", "stars", "glow", "lamp", "instrument"})
"""What only one side of the cut may show; the two lines on the other side are one phrase and speak of the same thing."""

_KANJI = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[a-z]+")
_SMALL = """
    a all an and are as at be beside by down for from i in into is it its just lies me my no not of off old on once one
    only or our out over small stands that the their there this through to under up us was we were when where with you
    your
"""
_SMALL_WORDS = frozenset(_SMALL.split())


def kinds_of(fragment: Fragment) -> frozenset[str]:
    words = fragment.moods | fragment.needs | fragment.offers | frozenset(fragment.tags)
    kinds = frozenset(kind for kind, members in _KINDS.items() if words & members)
    season = frozenset({fragment.season}) if fragment.season else frozenset()
    return kinds | fragment.offers | season | _only_place(fragment) | _side_of_a_door(fragment)


def one_sided_of(fragment: Fragment) -> frozenset[str]:
    return kinds_of(fragment) & _ONE_SIDED


def shunned_by(fragment: Fragment) -> frozenset[str]:
    """The kinds this fragment cannot stand beside."""
    kinds = kinds_of(fragment)
    opposites = {b for a, b in _OPPOSITES if a in kinds} | {a for a, b in _OPPOSITES if b in kinds}
    return fragment.avoid | frozenset(opposites)


def words_of(fragment: Fragment) -> frozenset[str]:
    """The kanji and English words that a second line may not say again."""
    return frozenset(_KANJI.findall(fragment.japanese)) | english_words(fragment.english)


@cache
def english_words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(text.lower()) if word not in _SMALL_WORDS)


def picture_words_of(fragment: Fragment) -> frozenset[str]:
    return english_words(fragment.scene)


def _only_place(fragment: Fragment) -> frozenset[str]:
    return fragment.places if len(fragment.places) == 1 else frozenset()


def _side_of_a_door(fragment: Fragment) -> frozenset[str]:
    sides = (("inside", "outside"), ("outdoors", "indoors"))
    return frozenset(side for side, other in sides if other in fragment.avoid)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
