"""A recording: one line spoken once."""

from typing import ClassVar

from msgspec import Struct

from core.contracts.job import Ask, Queue


class Say(Ask, frozen=True):
    """Speak one line. `pronunciation` is kana as spoken, so that no voice has to guess a reading."""

    kind: ClassVar[str] = "speech.say"
    queue: ClassVar[Queue] = "speech"

    number: int
    text: str
    pronunciation: str
    speed: float = 0.85


class Mark(Struct, frozen=True):
    """A word and the moment it is spoken, from the start of the recording."""

    start_seconds: float
    text: str


class Recording(Struct, frozen=True):
    """What was spoken; the bytes are the job's artifact."""

    number: int
    duration_seconds: float
    spoken_by: str
    marks: tuple[Mark, ...] = ()
