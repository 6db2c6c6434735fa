"""What the poet says about a poem: plainly, in English, and honestly where a wish could not be met."""

from collections.abc import Mapping

from core.contracts.haiku import Poem
from workers.providers.local.poet.match import Match
from workers.providers.local.poet.wishes import Wish

NEAR = 0.6
"""From here on a phrase and a tag really mean something alike."""
_TIMES = {"dawn": "at dawn", "day": "in daylight", "dusk": "at dusk", "night": "at night"}
_LINES = {"1": "the first line", "2": "the second line", "3": "the third line"}
_DONE: Mapping[str, str] = {
    "season": "it is {0} now",
    "time": "it happens {0}",
    "mood": "the mood is {0}",
    "with": "it turns to “{0}”",
    "without": "there is no “{0}” in it",
    "about": "it leans towards “{0}”",
    "keep": "{0} stayed",
    "change": "{0} is new",
    "fresh": "all of it is new",
    "stay": "the poem stays as it is",
}
_UNMET: Mapping[str, str] = {
    "season": "move it to {0}",
    "time": "set it {0}",
    "mood": "make it {0}",
    "with": "bring in “{0}”",
    "without": "do without “{0}”",
    "about": "bring in “{0}”",
    "keep": "keep {0}",
    "change": "change {0} alone",
    "fresh": "make all of it new",
    "stay": "leave it as it is",
}


def first_words(topic: str, poem: Poem, unmet: tuple[Wish, ...], matched: Match) -> str:
    return " ".join([_opening(topic, matched), *_sorry(unmet), _season(poem)])


def next_words(heard: tuple[Wish, ...], before: Poem, poem: Poem, unmet: tuple[Wish, ...]) -> str:
    """`heard` is what the newest turn asked for, `unmet` what of all the wishes the poem does not fulfil."""
    done = [_say(_DONE, wish) for wish in heard if wish not in unmet]
    opening = _sentence(f"{_listed(done)}.") if done else ""
    if not heard:
        opening = "I did not quite understand that, so I offer another poem in the same spirit."
    return " ".join(filter(None, [opening, *_sorry(unmet), _changed(before, poem), _season(poem)]))


def _opening(topic: str, matched: Match) -> str:
    said = [f"“{word}”" for word in matched.said]
    if matched.whole and matched.at_once:
        return f"Here is a haiku on “{topic}”."
    if matched.whole:
        return f"Here is a haiku with {_listed(said)} in it."
    if said:
        return f"My fragments cannot say all of “{topic}”; of its words this haiku has {_listed(said)}."
    if matched.near == topic.lower():
        return f"No line says “{topic}”, but this haiku was chosen with it in mind."
    if matched.nearness >= NEAR:
        return f"My fragments do not know “{topic}”, so here is a haiku on something near it: “{matched.near}”."
    return f"My fragments hold nothing close to “{topic}”, so I let chance choose this haiku for you."


def _sorry(unmet: tuple[Wish, ...]) -> list[str]:
    if not unmet:
        return []
    return [f"I could not {_listed([_say(_UNMET, wish) for wish in unmet], 'or')}; this is the nearest my fragments allow."]


def _changed(before: Poem, poem: Poem) -> str:
    pairs = zip(before.lines, poem.lines, strict=True)
    new = [str(number) for number, (old, line) in enumerate(pairs, 1) if old.japanese != line.japanese]
    if not new:
        return ""
    if len(new) == len(poem.lines):
        return "All three lines changed."
    return f"I changed line {new[0]}." if len(new) == 1 else f"I changed lines {_listed(new)}."


def _season(poem: Poem) -> str:
    return f"The season word is {poem.season_word} ({poem.season_word_english}), a word of {_named(poem.season)}."


def _named(season: str) -> str:
    return "the New Year" if season == "new year" else season


def _say(phrases: Mapping[str, str], wish: Wish) -> str:
    value = {"time": _TIMES, "keep": _LINES, "change": _LINES}.get(wish.kind, {}).get(wish.value, wish.value)
    return phrases[wish.kind].format(_named(value))


def _listed(words: list[str], link: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {link} {words[-1]}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
