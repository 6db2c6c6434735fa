"""An opening made for a topic: 友を待つ for waiting for a friend, 母の文 for Mother's letter."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from core.contracts.haiku import Season
from workers.providers.local.poet.fragments import Fragment, Time
from workers.providers.local.poet.grammar.forms import Form, read_forms
from workers.providers.local.poet.grammar.hearing import POSSESSED, QUALIFYING, Around, Heard, hear
from workers.providers.local.poet.grammar.lexicon import Lexicon, Noun, NounKind

_HOURS: Mapping[str, Time] = {"の朝": "dawn", "の夜": "night"}


class Made(Struct, frozen=True):
    """An opening, what its noun is, and what it was heard from."""

    fragment: Fragment
    kind: NounKind
    heard: Heard


class Grammar:
    def __init__(self) -> None:
        self._lexicon = Lexicon()
        self._forms = read_forms()

    def openings(self, topic: str, season: Season | None) -> Iterator[Made]:
        """Everything the grammar can say of the topic in five morae: first what says how a noun is meant, then nouns alone.
        Where a season is given, no opening is of another."""
        text = topic.lower().replace("’", "'")
        heard = hear(text, self._lexicon.mentions(text), self._forms)
        for each in sorted(heard, key=lambda each: (each.form.is_bare and not each.owner, each.form.faint)):
            made = (Made(fragment, kind, each) for fragment, kind in _openings(each))
            yield from (one for one in made if not season or one.fragment.season in (None, season))

    def recall(self, japanese: str) -> tuple[Fragment, NounKind] | None:
        """The opening that is written so, and what its noun is, if the grammar makes it."""
        made = self._all(self._lexicon.in_line(japanese))
        return next((one for one in made if one[0].japanese == japanese), None)

    def _all(self, nouns: Sequence[Noun]) -> Iterator[tuple[Fragment, NounKind]]:
        for noun in nouns:
            forms = ((form, None) for form in self._forms if form.fits(noun))
            owned = ((POSSESSED, owner) for owner in nouns)
            for form, owner in (*forms, *owned):
                if fragment := _opening(form, noun, owner, Around()):
                    yield fragment, noun.kind


def _openings(heard: Heard) -> Iterator[tuple[Fragment, NounKind]]:
    for noun in heard.mention.nouns:
        for owner in heard.owner.nouns if heard.owner else (None,):
            if heard.form.fits(noun) and (fragment := _opening(heard.form, noun, owner, heard.around)):
                yield fragment, noun.kind


def _opening(form: Form, noun: Noun, owner: Noun | None, around: Around) -> Fragment | None:
    """None where nothing of it counts five morae, or where two words of it tell a season."""
    japanese, kana, pattern = next(form.ways(_owned(noun, owner)), ("", "", ""))
    seasons = [(each.season, each.japanese, each.english) for each in (noun, owner) if each and each.season]
    seasons += [(form.season, form.season_word, form.season_word_english)] if form.season else []
    if not japanese or len(seasons) > 1:
        return None
    season, season_word, season_word_english = seasons[0] if seasons else (None, "", "")
    hours = frozenset(hour for ending, hour in _HOURS.items() if japanese.endswith(ending))
    return Fragment(
        japanese=japanese,
        kana=kana,
        english=_english(pattern, noun, owner, around),
        scene=form.scene,
        scene_japanese=form.scene_japanese,
        tags=(noun.key, *form.tags, *((owner.key,) if owner else ())),
        moods=form.moods,
        avoid=form.avoid,
        season=season,
        season_word=season_word,
        season_word_english=season_word_english,
        cut="ya" if japanese.endswith("や") else form.cut,
        doing=form.doing,
        ground=form.ground,
        times=hours or form.times,
        skies=form.skies,
    )


def _owned(noun: Noun, owner: Noun | None) -> Noun:
    if owner is None:
        return noun
    return msgspec.structs.replace(noun, japanese=f"{owner.japanese}の{noun.japanese}", kana=f"{owner.kana} の {noun.kana}")


def _english(pattern: str, noun: Noun, owner: Noun | None, around: Around) -> str:
    if owner and owner.kind in ("person", "animal"):
        return f"{_with(around.determiner, owner)}'s {noun.name}—"
    if owner and owner.kind in QUALIFYING and not around.preposition:
        return f"the {owner.name} {noun.name}—"
    if owner:
        return f"the {noun.name} {around.preposition or 'of'} {_with(around.determiner, owner)}—"
    if pattern.startswith(("a ", "an ")):
        return _indefinite(pattern.partition(" ")[2].format(noun.name, bare=noun.name), around.determiner, noun)
    return pattern.format(_with(around.determiner, noun), at=around.preposition or "at")


def _indefinite(phrase: str, determiner: str, noun: Noun) -> str:
    """An old dog; my old dog; old paper."""
    if determiner:
        return f"{determiner} {phrase}"
    return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}" if noun.english != noun.name else phrase


def _with(determiner: str, noun: Noun) -> str:
    return f"{determiner} {noun.name.lower()}" if determiner else noun.english
