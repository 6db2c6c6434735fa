"""What a topic says of the things it names: that they are waited for, that they are old, whose they are."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct

from workers.providers.local.poet.grammar.forms import Form
from workers.providers.local.poet.grammar.lexicon import Mention, NounKind
from workers.providers.local.poet.spelling import is_japanese

_DETERMINER = re.compile(r"\b(the|my|our|your|his|her|its|their|this|that) (?:[\w-]+ +){0,2}$")
_PREPOSITION = re.compile(r"\b(at|in|of|on|by|from|under|near|beside|behind|below|above|inside|outside)\W+(?:\w+\W+){0,2}$")
_OWNING = re.compile(r"^(?:'s|s')\W+(?:[\w-]+\W+){0,1}$")
_GOING = re.compile(r"\b(?:bik|com|cycl|driv|fly|get|go|head|return|rid|runn?|walk)(?:ing|es|e|s)? $")
_OF = re.compile(r"^ (of|in|on|at|from|by) (?:an? |the |my |our |his |her |their )?$")
_PLACING: frozenset[NounKind] = frozenset({"place", "vehicle", "weather", "plant", "thing"})
"""Where something can be."""
_LIVING: frozenset[NounKind] = frozenset({"person", "animal"})
_LIFELESS: frozenset[NounKind] = frozenset({"place", "thing", "light", "sound", "plant", "vehicle", "weather", "food", "drink"})
"""What may be of a place or of a thing: the lights of the city, but no grandfather of the temple."""
QUALIFYING: frozenset[NounKind] = frozenset({"place", "vehicle", "sound", "event", "plant", "light"})
"""What may stand before another noun and say which it is: a garden gate, a jazz bar, but no cold barn."""
_SMALL = re.compile(
    r"\b(?:an?|the|my|our|your|his|her|its|their|this|that|some|'?s|of|in|on|at|with|and|is|are|to|for)\b|[のがをにとへ]"
)
"""What tells nothing by itself."""
POSSESSED = Form(name="possessed", says=("{}",), kana=("{}",), english="{}—")


class Around(Struct, frozen=True):
    """The small words a learner wrote before a noun in English: whose it is, and where."""

    determiner: str = ""
    preposition: str = ""


class Heard(Struct, frozen=True):
    """A thing named, and how the topic speaks of it.

    `said` are the words of the topic that ask for the form; `leads` unless the thing belongs to another or comes after one that
    does not; `is_all` when nothing else is left of the topic.
    """

    mention: Mention
    form: Form
    owner: Mention | None
    around: Around
    said: str
    leads: bool
    is_all: bool


def hear(text: str, mentions: Sequence[Mention], forms: Sequence[Form]) -> Iterator[Heard]:
    """Of a text in lower case."""
    mentions = [mention for mention in mentions if not _is_a_direction(text, mention)]
    leading = next((each for each in mentions if not any(_owns(text, each, other) for other in mentions)), None)
    for mention in mentions:
        heard = partial(Heard, mention, leads=mention is leading)
        for form in forms:
            said = "" if form.is_bare else form.heard(text, mention, japanese=is_japanese(text))
            if said is not None:
                yield heard(form, None, _around(text, mention), said, is_all=_is_all(text, (mention,), said))
        for owner in mentions:
            if _owns(text, owner, mention):
                yield heard(POSSESSED, owner, _around(text, owner), "", is_all=_is_all(text, (mention, owner), ""))


def _is_a_direction(text: str, mention: Mention) -> bool:
    """Who is walking home names no house."""
    return text[mention.start : mention.end] == "home" and _GOING.search(text[: mention.start]) is not None


def _owns(text: str, owner: Mention, thing: Mention) -> bool:
    if owner is thing:
        return False
    if is_japanese(text):
        return text[owner.end : thing.start] == "の"
    kind, of_kind = owner.nouns[0].kind, thing.nouns[0].kind
    if owner.end > thing.start:
        of = _OF.match(text[thing.end : owner.start])
        if of is None or not (kind in _LIVING or of_kind in _LIFELESS):
            return False
        return kind in _PLACING or of.group(1) == "of"
    between = text[owner.end : thing.start]
    return bool(_OWNING.match(between)) or (between == " " and kind in QUALIFYING and not text[thing.end :].startswith("'s"))


def _around(text: str, mention: Mention) -> Around:
    if is_japanese(text):
        return Around()
    determiner, preposition = (each.search(text[: mention.start]) for each in (_DETERMINER, _PREPOSITION))
    return Around(determiner.group(1) if determiner else "", preposition.group(1) if preposition else "")


def _is_all(text: str, mentions: Sequence[Mention], said: str) -> bool:
    rest = text.replace(said, " ") if said else text
    for mention in mentions:
        rest = rest.replace(text[mention.start : mention.end], " ")
    return not re.search(r"\w", _SMALL.sub(" ", rest))
