"""What the topic of a haiku asks for: phrases a poem should be near to, quiet wishes, and tact."""

import re
from collections.abc import Mapping

from msgspec import Struct

from workers.providers.local.poet.hours import implied_hour
from workers.providers.local.poet.listen import hear_wishes
from workers.providers.local.poet.spelling import is_japanese
from workers.providers.local.poet.subject import Subjects
from workers.providers.local.poet.tact import GENTLE, Delicate, delicate, without_grief
from workers.providers.local.poet.vocabulary import Vocabulary
from workers.providers.local.poet.wishes import Wish

_WHOLE, _WORD = 1.3, 0.8
_PLACING = frozenset({"at", "behind", "by", "down", "for", "in", "of", "over", "through", "to", "under", "up", "with"})
_LIGHT = frozenset({"being", "coming", "going", "living", "lost", "sitting", "standing", "staying", "visiting", "walking"})
_ACTS = frozenset({"cook", "draw", "drive", "eat", "lost", "make", "play", "read", "ride", "speak", "write"})
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend"})
_FROM_A_TOPIC = ("season", "time", "mood", "with", "without")

_CHATTER = re.compile(
    r"^.*?\b(?:haiku|poem|verse|write|something|one)\b.*?\babout\s+"
    r"(?:the (?:time|day|night|way) |how |when )?(?:(?:i|we|my) (?:still )?)?",
    re.IGNORECASE,
)
"""How a wish leads up to what it is about."""
_SETTING_OUT = re.compile(
    r"^(?:(?:learning|trying|starting|beginning|wanting|hoping|planning|preparing|having|how) (?:how )?to "
    r"|(?:i|we) (?:wish|hope|want|would (?:like|love)) (?:that )?(?:(?:i|we) )?(?:could )?(?:to )?)",
    re.IGNORECASE,
)
"""Who is learning to ride a bicycle thinks of bicycles, not of lessons; who wishes, of what is wished for."""


_TEACHING = re.compile(r"\b(?:is )?teaching (?:me|us|him|her|them|(?:my|our|his|her) \w+)(?: how)?(?: to)? ", re.IGNORECASE)
"""So does whoever is taught."""


class Topic(Struct, frozen=True):
    """`phrases` say how much each counts."""

    text: str
    phrases: Mapping[str, float]
    wishes: tuple[Wish, ...]
    delicate: Delicate | None


def read_topic(text: str, vocabulary: Vocabulary, subjects: Subjects) -> Topic:
    lowered = text.lower()
    kind = delicate(lowered) or ("grief" if subjects.phrases(text)[:1] == ("death",) else None)
    if kind in ("despair", "shunned"):
        return Topic(text, {}, (Wish("tact", "calm"),), kind)
    if kind == "grief":
        phrases, wishes = _ordinary(without_grief(lowered), vocabulary, subjects)
        return Topic(text, phrases | dict.fromkeys(GENTLE, _WORD), (Wish("tact", "grief"), *wishes), kind)
    return Topic(text, *_ordinary(text, vocabulary, subjects), None)


def _ordinary(text: str, vocabulary: Vocabulary, subjects: Subjects) -> tuple[dict[str, float], tuple[Wish, ...]]:
    whole, *words = subjects.phrases(_TEACHING.sub("", _SETTING_OUT.sub("", _CHATTER.sub("", text)))) or ("",)
    phrases = {whole: _WHOLE} if whole else {}
    wishes = hear_wishes(whole, vocabulary)
    wishes = _head_first(text, wishes, vocabulary) if is_japanese(text) else _object_first(whole, wishes, vocabulary)
    # A season that is told is the poem's, whatever else is; the day of the week is only when it was.
    wishes = tuple(sorted(wishes, key=lambda wish: (wish.kind != "season", wish.value in _DAYS)))
    if all(wish.kind != "time" for wish in wishes):
        wishes = (*wishes, *implied_hour(text, tuple(phrases)))
    return phrases | dict.fromkeys(words, _WORD), tuple(wish for wish in wishes if wish.kind in _FROM_A_TOPIC)


def _begins_with_a_name(whole: str, vocabulary: Vocabulary) -> bool:
    """Baking bread is one thing."""
    words = whole.split()
    return any(vocabulary.look_up(" ".join(words[:count])) for count in range(2, 5) if len(words) >= count)


def _head_first(text: str, wishes: tuple[Wish, ...], vocabulary: Vocabulary) -> tuple[Wish, ...]:
    """母の弁当 is a lunch before it is a mother."""
    if "の" not in text:
        return wishes
    return tuple(sorted(wishes, key=lambda wish: -text.rfind(vocabulary.in_japanese(wish.value, text))))


def _object_first(whole: str, wishes: tuple[Wish, ...], vocabulary: Vocabulary) -> tuple[Wish, ...]:
    """Who is peeling an orange or walking in Prague thinks of the orange and of Prague; who is crying in the car, of crying; and
    of my mother's voice, the voice."""
    verb, follows = (*whole.split(), "", "")[:2]
    owner = verb.endswith("'s")
    meant = vocabulary.look_up(verb.removesuffix("'s"))
    acts = verb in _ACTS or verb.endswith("ing")
    acts = acts and bool(follows) and (follows not in _PLACING or verb in _LIGHT) and not _begins_with_a_name(whole, vocabulary)
    return (*wishes[1:], wishes[0]) if (acts or owner) and meant and wishes and wishes[0].value == meant.value else wishes
