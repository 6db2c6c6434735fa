"""What the poet says about a poem: plainly, in the learner's language, and honestly where a wish could not be met."""

from collections.abc import Iterable

from core.contracts.haiku import Poem
from workers.providers.local.poet.match import Match
from workers.providers.local.poet.tongue import Tongue, tell_season
from workers.providers.local.poet.unchanged import NEAR, Unchanged
from workers.providers.local.poet.wishes import Wish


def first_words(topic: str, poem: Poem, unmet: tuple[Wish, ...], matched: Match, tongue: Tongue) -> str:
    return tongue.gap.join([_opening(topic, matched, tongue), *_sorry(unmet, tongue), tell_season(poem, tongue)])


def tactful_words(kind: str, poem: Poem, tongue: Tongue) -> str:
    """The first words about a topic that wants tact."""
    opening = {"grief": tongue.opening.grief, "shunned": tongue.opening.shunned, "despair": tongue.opening.despair}[kind]
    return tongue.gap.join([opening, tell_season(poem, tongue)])


def next_words(heard: Iterable[Wish], before: Poem, poem: Poem, unmet: tuple[Wish, ...], tongue: Tongue) -> str:
    """`heard` is what the newest turn asked for, `unmet` what of all the wishes the poem does not fulfil."""
    done = [tongue.say(tongue.done, wish) for wish in heard if wish not in unmet]
    opening = tongue.clauses(done) + tongue.sentence_end if done else ""
    said = [opening, *_sorry(unmet, tongue), _changed(before, poem, tongue), tell_season(poem, tongue)]
    return tongue.gap.join(filter(None, said))


def unchanged_words(why: Unchanged, answers: Iterable[str], poem: Poem, tongue: Tongue) -> str:
    said = list(answers)
    if why.held:
        held = tongue.clauses([tongue.say(tongue.held, wish) for wish in why.held])
        said.append(tongue.held_unchanged.format(held))
    if why.unmet:
        said.append(tongue.sorry_unchanged.format(tongue.any_of([tongue.say(tongue.unmet, wish) for wish in why.unmet])))
    if why.liked:
        said += [tongue.clauses([tongue.say(tongue.done, Wish("stay"))]) + tongue.sentence_end, tell_season(poem, tongue)]
    return tongue.gap.join(said or [tongue.not_understood, tongue.help])


def _opening(topic: str, matched: Match, tongue: Tongue) -> str:
    opening = tongue.opening
    if matched.whole and matched.at_once:
        return opening.on.format(topic)
    if matched.said:
        words = tongue.all_of(tongue.quote(matched.said))
        return opening.all_words.format(words) if matched.whole else opening.some_words.format(topic, words)
    if matched.nearness < NEAR:
        return opening.chance.format(topic)
    if not matched.near:
        return opening.mood.format(topic)
    if f" {matched.near} " in f" {topic.lower()} " and matched.near != topic.lower():
        return opening.some_words.format(topic, tongue.all_of(tongue.quote((matched.near,))))
    if matched.near == topic.lower():
        return opening.in_mind.format(topic)
    return opening.near.format(topic, matched.near)


def _sorry(unmet: tuple[Wish, ...], tongue: Tongue) -> list[str]:
    return [tongue.sorry.format(tongue.any_of([tongue.say(tongue.unmet, wish) for wish in unmet]))] if unmet else []


def _changed(before: Poem, poem: Poem, tongue: Tongue) -> str:
    pairs = zip(before.lines, poem.lines, strict=True)
    new = [tongue.name("number", str(n)) for n, (old, line) in enumerate(pairs, 1) if old.japanese != line.japanese]
    if len(new) == len(poem.lines):
        return tongue.changed_all
    template = tongue.changed_one if len(new) == 1 else tongue.changed_some
    return template.format(tongue.all_of(new)) if new else ""
