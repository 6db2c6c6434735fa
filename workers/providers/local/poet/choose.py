"""Choose one poem: what was wished for must hold as far as it can, what the topic means decides, the seed breaks the ties."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial, reduce

import numpy as np
from msgspec import Struct

from workers.providers.local.poet.anthology import Among, Anthology, Scores, Some, Verse
from workers.providers.local.poet.fragments import Fragment
from workers.providers.local.poet.luck import Luck
from workers.providers.local.poet.meet import MOODS, Current, hinted, meetings
from workers.providers.local.poet.opposites import is_opposed, sides_of
from workers.providers.local.poet.uncalled_for import uncalled_for
from workers.providers.local.poet.wishes import Wish

_KEPT_LINE = 0.35
_MOOD = 0.25
_KINSHIP = 1.5
_BEST_LINE, _EVERY_LINE = 0.5, 0.8
_SAID = 0.3
"""What it is worth to say a word of the topic, not only to be about it."""
_OPENS = 0.26
"""What it is worth that the poem opens with what the topic names, rather than that it comes in later."""
_CHANCE = 0.06
"""How far a poem may be from the best one and still be chosen: the temperature of a softmax."""
_LOTS = (0.1, 0.17, 0.22)
"""How much luck moves an opening, a middle and a closing up or down in all its poems, so that one that fits many of them is not
drawn more often; what a poem opens with is for the topic to say."""
_SHORTLIST = 400
"""So many of the best poems are left to chance; among all of them chance would outvote the topic."""
_REACH = 0.25
"""A poem worse than the best one by more than this has lost the topic."""
_KIN_ENOUGH = 0.65
"""Three lines that agree more than this only say the same."""


class Ask(Struct, frozen=True):
    """What is asked of the next poem.

    `wishes` stand the newest first, `newest` are those of the last turn; `quiet_wishes` only follow from the topic.
    """

    phrases: Mapping[str, float]
    wishes: tuple[Wish, ...]
    newest: tuple[Wish, ...]
    quiet_wishes: tuple[Wish, ...]
    current: Current
    seed: int


class Choice(Struct, frozen=True):
    """The poem, and which wishes it could not meet."""

    verse: Verse
    unmet: tuple[Wish, ...]


def choose(anthology: Anthology, ask: Ask) -> Choice:
    allowed, unmet = _allowed(anthology, ask)
    luck = Luck(anthology.bank, ask.seed)
    numbers = np.flatnonzero(allowed)
    scores = _scores(anthology, ask, numbers) + _lots(anthology, luck, numbers)
    close = np.flatnonzero(scores >= scores.max() - _REACH)
    best = close[np.argsort(-scores[close], kind="stable")[:_SHORTLIST]]
    lucky = scores[best] + _CHANCE * luck.of_poems(anthology.poems[numbers[best]])
    return Choice(anthology.verse(int(numbers[best[lucky.argmax()]])), unmet)


def _lots(anthology: Anthology, luck: Luck, numbers: Among) -> Scores:
    return np.asarray(
        anthology.spread([share * lots for share, lots in zip(_LOTS, luck.of_lines(), strict=True)], numbers).sum(axis=0),
        dtype=np.float32,
    )


def _allowed(anthology: Anthology, ask: Ask) -> tuple[Some, tuple[Wish, ...]]:
    """As many wishes as possible are met a little, then each as fully as the others leave room; the things of a topic each as
    fully as those before it leave room. Then what is only hinted at."""
    allowed = _unopposed(anthology, ask, _another_poem(anthology, ask))
    met: list[list[Some]] = []
    unmet: list[Wish] = []
    missed: list[Wish] = []
    for wish in (*ask.wishes, *ask.quiet_wishes):
        degrees = next((some for some in _meetings(anthology, wish, ask) if (allowed & some[-1]).any()), [])
        if degrees and wish.kind == "with" and wish not in ask.wishes:
            degrees = [next(degree for degree in degrees if (allowed & degree).any())]
        if degrees:
            allowed = allowed & degrees[-1]
            met.append(degrees)
            continue
        missed.append(wish)
        if wish in ask.newest or (wish in ask.wishes and _held(anthology, ask, wish)):
            unmet.append(wish)
    allowed = reduce(_as_fully_as_possible, met, allowed)
    return reduce(_where_there_are_any, _hints(anthology, missed), allowed), tuple(unmet)


def _hints(anthology: Anthology, missed: Iterable[Wish]) -> Iterator[Some]:
    """Also where a line about the thing cannot stand beside those that were wished for first."""
    return (hinted(anthology, wish.value) for wish in missed if wish.kind == "with")


def _where_there_are_any(allowed: Some, some: Some) -> Some:
    return both if (both := allowed & some).any() else allowed


def _unopposed(anthology: Anthology, ask: Ask, allowed: Some) -> Some:
    """No poem that says the opposite of its topic, where there is another."""
    sides = sides_of(ask.phrases)
    if not sides:
        return allowed
    unopposed: Some = allowed & ~anthology.any_line(partial(is_opposed, sides))
    return unopposed if unopposed.any() else allowed


def _as_fully_as_possible(allowed: Some, degrees: list[Some]) -> Some:
    return next(both for degree in degrees if (both := allowed & degree).any())


def _held(anthology: Anthology, ask: Ask, wish: Wish) -> bool:
    """Whether the poem so far met the wish, so that the learner should hear that it is lost."""
    if ask.current is None:
        return False
    return any((degrees[-1] & ~_another_poem(anthology, ask)).any() for degrees in _meetings(anthology, wish, ask))


def _another_poem(anthology: Anthology, ask: Ask) -> Some:
    if ask.current is None or Wish("stay") in ask.newest:
        return np.ones(len(anthology.poems), dtype=np.bool_)
    differs: Some = (anthology.poems != np.array(ask.current)).any(axis=1)
    return differs


def _meetings(anthology: Anthology, wish: Wish, ask: Ask) -> list[list[Some]]:
    """Ways to meet the wish, each by degrees: the next is for where nothing allowed meets the one before."""
    degrees = meetings(anthology, wish, ask.current)
    if wish in ask.wishes:
        # Who asks for night wants to read it; of a topic it is enough that no line says day.
        degrees = degrees[:1] if wish.kind == "time" else degrees
        return [degrees] if degrees else []
    if wish.kind == "tact":
        # Who grieves is met as gently as can be before any word of theirs is.
        return [[degree] for degree in degrees]
    # A topic without a line of its own is better served by a cat than by no kitten.
    owned = wish.kind != "with" or degrees[-1].any()
    return [degrees if owned else [hinted(anthology, wish.value)]]


def _scores(anthology: Anthology, ask: Ask, numbers: Among) -> Scores:
    """Of the poems with these numbers."""
    near = {phrase: anthology.closeness(phrase) for phrase in ask.phrases}
    scores = _KINSHIP * np.minimum(anthology.kinship[numbers], _KIN_ENOUGH)
    for phrase, weight in ask.phrases.items():
        scores = scores + weight * _relevance(anthology.spread(near[phrase], numbers))
        scores = scores + weight * _SAID * anthology.spread(anthology.said(phrase), numbers).max(axis=0)
    scores = scores + _OPENS * _opens(anthology, ask.quiet_wishes, numbers)
    scores = scores - anthology.spread(uncalled_for(anthology.costs, list(near.values())), numbers).sum(axis=0)
    for wish in ask.wishes:
        if wish.kind == "mood":
            scores = scores + _MOOD * anthology.per_line(partial(_welcomes, MOODS[wish.value][0]), numbers).sum(axis=0)
    if ask.current is not None and Wish("fresh") not in ask.wishes:
        scores = scores + _KEPT_LINE * (anthology.poems[numbers] == np.array(ask.current)).sum(axis=1)
    return np.asarray(scores, dtype=np.float32)


def _opens(anthology: Anthology, wishes: Iterable[Wish], numbers: Among) -> Scores:
    """1 for each poem whose opening is about the first thing of the topic before all else."""
    thing = next((wish.value for wish in wishes if wish.kind == "with"), "")
    named = [bool(thing) and anthology.vocabulary.names(opening, thing) for opening in anthology.bank.openings]
    opens: Scores = np.array(named, dtype=np.float32)[anthology.poems[numbers][:, 0]]
    return opens


def _relevance(lines: Scores) -> Scores:
    """The line nearest to the phrase counts most, the others a little."""
    relevance: Scores = _BEST_LINE * lines.max(axis=0) + _EVERY_LINE * lines.mean(axis=0)
    return relevance


def _welcomes(welcome: frozenset[str], fragment: Fragment) -> float:
    return len(welcome & fragment.moods)
