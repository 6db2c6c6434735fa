"""The hour a topic speaks of without naming it: a nap is of the day, supper of dusk."""

from collections.abc import Mapping, Sequence

from workers.providers.local.poet.wishes import Wish

_KANJI: Mapping[str, str] = {"朝": "dawn", "暁": "dawn", "昼": "day", "夕": "dusk", "夜": "night", "晩": "night"}
_ENGLISH: Mapping[str, frozenset[str]] = {
    "dawn": frozenset({"breakfast", "rooster", "alarm", "dew"}),
    "day": frozenset({"nap", "lunch", "picnic", "sunshine", "siesta", "rainbow", "daydream"}),
    "dusk": frozenset({"dinner", "supper"}),
    "night": frozenset({"bedtime", "insomnia", "lullaby", "tonight", "nightmare", "overnight"}),
}


def implied_hour(topic: str, phrases: Sequence[str]) -> tuple[Wish, ...]:
    """At most one wish; nothing when the topic names or implies no hour."""
    written = [hour for kanji, hour in _KANJI.items() if kanji in topic]
    said = [hour for hour, words in _ENGLISH.items() if any(not words.isdisjoint(phrase.split()) for phrase in phrases)]
    return tuple(Wish("time", hour) for hour in (written or said)[:1])
