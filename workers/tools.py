"""What a kind may ask of the world. Results are contracts; errors are TryAgain or GiveUp, translated at the vendor's door."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from msgspec import Struct

from core.contracts.budget import FREE, Expected
from core.contracts.haiku import Compose, Describe, Draft, Scenes
from core.contracts.image import Paint, Picture
from core.contracts.job import Answer
from core.contracts.speech import Recording, Say
from core.contracts.upload import Check, Checked

OnText = Callable[[str], Awaitable[None]]
"""Receives the poem's text piece by piece while it is written."""


class Tool(Protocol):
    """What all tools tell of themselves: who is paid for a call, and which model answers; as in `Paid`."""

    provider: str
    model: str

    def expected(self, ask: Any) -> Expected:
        """What one call for this ask counts as until its price is told. Asks nobody."""
        ...


class TellsEachCall:
    """A tool that may make several calls for one ask, and tells each as a span where it is made."""


class DoneHere:
    """A tool nobody takes money for."""

    def expected(self, _: Any) -> Expected:
        return FREE


class Poet(Tool, Protocol):
    """Writes haiku and sees what they show."""

    async def converse(self, ask: Compose, on_text: OnText) -> Answer[Draft]:
        """Answer the newest turn. The poem always counts 5-7-5 morae by its readings."""
        ...

    async def describe(self, ask: Describe) -> Answer[Scenes]: ...


class Painter(Tool, Protocol):
    """Paints one scene as a PNG of the size asked for; the same ask with the same seed is the same picture."""

    async def paint(self, ask: Paint) -> Answer[Picture]: ...


class Voice(Tool, Protocol):
    """Speaks one line as an MP3 between -23 and -16 LUFS."""

    async def say(self, ask: Say) -> Answer[Recording]: ...


class Inspector(Tool, Protocol):
    """Makes a clean picture of what somebody uploaded, or refuses it."""

    async def inspect(self, ask: Check) -> Answer[Checked]: ...


class TextTools(Struct, frozen=True):
    """What the text queue works with."""

    poet: Poet


class ImageTools(Struct, frozen=True):
    """What the image queue works with."""

    painter: Painter
    inspector: Inspector


class SpeechTools(Struct, frozen=True):
    """What the speech queue works with."""

    voice: Voice


Tools = TextTools | ImageTools | SpeechTools
