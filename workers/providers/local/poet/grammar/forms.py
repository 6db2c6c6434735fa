"""The forms a noun is said in, and where a text says it so."""

import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from core.contracts.haiku import Season
from core.kana import count_morae
from workers.providers.local.poet.fragments import Doing, Ground, Sky, Time
from workers.providers.local.poet.grammar.lexicon import Mention, Noun, NounKind

_FORMS = Path(__file__).with_name("forms.toml")
_OPENING_MORAE = 5
_DETERMINER = r"(?:an?|the|my|our|your|his|her|its|their|this|that|these|those|some|one|two|three|first|last|another|\w+'s)"


class Form(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """See forms.toml. A `quality` stands right before its noun, without any other word between; what is `faint` only
    says where somebody is."""

    name: str
    says: tuple[str, ...]
    kana: tuple[str, ...]
    english: str | tuple[str, ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    japanese_before: tuple[str, ...] = ()
    japanese_after: tuple[str, ...] = ()
    quality: bool = False
    faint: bool = False
    of: frozenset[NounKind] = frozenset()
    names: frozenset[str] = frozenset()
    cut: Literal["noun", "sentence"] = "noun"
    tags: tuple[str, ...] = ()
    moods: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    doing: Doing | None = None
    ground: Ground | None = None
    times: frozenset[Time] = frozenset()
    skies: frozenset[Sky] = frozenset()
    season: Season | None = None
    season_word: str = ""
    season_word_english: str = ""
    scene: str = ""
    scene_japanese: str = ""

    @property
    def is_bare(self) -> bool:
        return not (self.before or self.after or self.japanese_before or self.japanese_after)

    def fits(self, noun: Noun) -> bool:
        if self.names:
            return not self.names.isdisjoint(noun.names)
        return not self.of or noun.kind in self.of

    def ways(self, noun: Noun) -> Iterator[tuple[str, str, str]]:
        """Each way to say it in five morae: as it is written, as it is read, and the pattern of its English."""
        english = (self.english,) * len(self.says) if isinstance(self.english, str) else self.english
        for says, kana, pattern in zip(self.says, self.kana, english, strict=True):
            reading = kana.format(noun.kana)
            if count_morae(reading.replace(" ", "")) == _OPENING_MORAE:
                yield says.format(noun.japanese), reading, pattern

    def heard(self, text: str, mention: Mention, *, japanese: bool) -> str | None:
        """The words of the text that say the form of the noun mentioned; None where nothing does."""
        before, after = text[: mention.start], text[mention.end :]
        patterns = self._japanese if japanese else self._english
        for pattern, side in zip(patterns, (before, after), strict=True):
            if pattern and (match := pattern.search(side)):
                return match.group(0)
        return None

    @cached_property
    def _english(self) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
        between = r"\W+" if self.quality else rf"\W+(?:(?:{_DETERMINER}|{_QUALITIES})\W+)*"
        before = re.compile(rf"\b(?:{'|'.join(self.before)}){between}$") if self.before else None
        own = "|".join(f"(?:{each})" if each.startswith("'") else rf"(?:\W+(?:(?:who|that) )?{each})" for each in self.after)
        return before, re.compile(rf"^(?:{own})\b") if self.after else None

    @cached_property
    def _japanese(self) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
        before = re.compile(rf"(?:{'|'.join(self.japanese_before)})$") if self.japanese_before else None
        return before, re.compile(rf"^(?:{'|'.join(self.japanese_after)})") if self.japanese_after else None


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    form: tuple[Form, ...]


@cache
def read_forms() -> tuple[Form, ...]:
    return msgspec.toml.decode(_FORMS.read_bytes(), type=_Table).form


_QUALITIES = "|".join(pattern for form in read_forms() if form.quality for pattern in form.before)
"""What may stand between a form and its noun: walking my old dog."""
