"""The bank: every fragment a poem can be made of, read from the TOML tables beside it."""

import re
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from core.contracts.haiku import Line, Season

Slot = Literal["openings", "middles", "closings"]
Place = Literal["home", "city", "country", "sea", "mountain"]
Time = Literal["dawn", "day", "dusk", "night"]
Sky = Literal["clear", "cloudy", "rain", "snow", "mist"]
Ground = Literal[
    "airport", "bus", "camp", "castle", "cinema", "field", "forest", "garden", "grave", "hill", "hospital", "house", "inn",
    "lake", "library", "mountain", "museum", "office", "park", "railway", "river", "road", "school", "sea", "shop", "stadium",
    "temple", "town", "zoo",
]  # fmt: skip
"""Where a line stands with both feet: a poem has one, seen as a reader would stage it."""
Doing = Literal[
    "cook", "festival", "gather", "hold", "look", "music", "part", "play", "pray", "read", "rest", "ride", "shop", "speak",
    "table", "tend", "travel", "walk", "work",
]  # fmt: skip
"""What those in a line are at: `table` is eating and drinking, `tend` work of the hands, `part` meeting and parting."""

SLOTS: tuple[Slot, ...] = ("openings", "middles", "closings")
_SPOKEN = {"は": "わ", "へ": "え", "を": "お"}
"""Particles, which stand alone between spaces, are not spoken as they are written."""
_GLOSS = re.compile(r"^(?:an?|the) | *\(.*?\)|, .*$")
"""An article, and all a dictionary adds."""
_BANK = Path(__file__).parent / "bank"


class Fragment(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """One line of some poem, with all that decides what it may stand beside.

    `kana` is the reading with spaces between words. Empty `places`, `times` or `skies` mean any of them.
    An opening says how it is `cut` from the rest, a middle what it `needs` the closing to be and whether it hangs on a
    noun (`adnominal`), a closing what it `offers` and how it ends. A line nobody acts in has no `doing`,
    one that could be anywhere no `ground`.
    """

    japanese: str
    kana: str
    english: str
    scene: str
    scene_japanese: str
    tags: tuple[str, ...]
    moods: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    season: Season | None = None
    season_word: str = ""
    season_word_english: str = ""
    cut: Literal["", "ya", "noun", "sentence", "link"] = ""
    adnominal: bool = False
    needs: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    ending: Literal["", "noun", "verb", "yo", "keri", "kana"] = ""
    doing: Doing | None = None
    ground: Ground | None = None
    places: frozenset[Place] = frozenset()
    times: frozenset[Time] = frozenset()
    skies: frozenset[Sky] = frozenset()

    @cached_property
    def season_name(self) -> str:
        """The season word in English as a learner would type it: 冬の海 is winter sea."""
        return _GLOSS.sub("", self.season_word_english).lower()

    @cached_property
    def settled(self) -> frozenset[str]:
        """The season, hour and weather this fragment leaves no choice about."""
        season = frozenset({self.season} if self.season else ())
        return season.union(*(values for values in (self.times, self.skies) if len(values) == 1))

    @cached_property
    def line(self) -> Line:
        words = self.kana.split()
        spoken = " ".join(_SPOKEN.get(word, word) for word in words)
        return Line(japanese=self.japanese, reading="".join(words), pronunciation=spoken, english=self.english)


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    fragment: tuple[Fragment, ...]


class Bank(Struct, frozen=True):
    """All fragments, by the line of the poem they can be."""

    openings: tuple[Fragment, ...]
    middles: tuple[Fragment, ...]
    closings: tuple[Fragment, ...]

    @property
    def slots(self) -> tuple[tuple[Fragment, ...], ...]:
        return self.openings, self.middles, self.closings


def read_bank() -> Bank:
    return Bank(*(_read_folder(_BANK / slot) for slot in SLOTS))


def _read_folder(folder: Path) -> tuple[Fragment, ...]:
    tables = (msgspec.toml.decode(path.read_bytes(), type=_Table) for path in sorted(folder.glob("*.toml")))
    return tuple(fragment for table in tables for fragment in table.fragment)
