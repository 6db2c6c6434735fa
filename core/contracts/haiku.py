"""A haiku: three lines of 5, 7 and 5 morae with readings and English, its scenes, and the two asks that make them."""

from typing import ClassVar, Literal

from msgspec import Struct

from core.contracts.job import Ask, Queue

Season = Literal["spring", "summer", "autumn", "winter", "new year"]


class Line(Struct, frozen=True):
    """One line of a poem.

    `reading` is hiragana as written (は stays は) and is what morae are counted on;
    `pronunciation` is kana as spoken (the particle は is わ), words parted by spaces: romaji and speech are made from it.
    """

    japanese: str
    reading: str
    pronunciation: str
    english: str


class Poem(Struct, frozen=True):
    """Three lines and the season word (kigo) that places them in the year."""

    lines: tuple[Line, Line, Line]
    season: Season
    season_word: str
    season_word_english: str


class Message(Struct, frozen=True):
    """One turn of the conversation a poem grows out of."""

    role: Literal["learner", "poet"]
    text: str


class Draft(Struct, frozen=True):
    """A chat turn's outcome: what the poet says, and the poem as it stands now."""

    reply: str
    poem: Poem
    composed_by: str


class Scene(Struct, frozen=True):
    """What the picture of one line shows: `description` for the painter, `alt` for people who cannot see it."""

    number: int
    description: str
    alt: str
    alt_japanese: str


class Scenes(Struct, frozen=True):
    """The scenes of all three lines, seen together so that they agree."""

    scenes: tuple[Scene, Scene, Scene]


class Compose(Ask, frozen=True):
    """Answer the newest turn of a conversation with a poem. `poem` is what it has reached so far.

    A new poem is illustrated if `illustrate`; one that stays as it is only if it was `interrupted`, that is, if pictures of it
    were given up for this turn.
    """

    kind: ClassVar[str] = "haiku.compose"
    queue: ClassVar[Queue] = "text"
    renews: ClassVar[bool] = True

    topic: str
    conversation: tuple[Message, ...]
    poem: Poem | None
    seed: int
    illustrate: bool = True
    interrupted: bool = False


class Describe(Ask, frozen=True):
    """Describe one scene a line, in one call that sees all three."""

    kind: ClassVar[str] = "haiku.scenes"
    queue: ClassVar[Queue] = "text"

    poem: Poem
    seed: int
