"""Tools that do what a test tells them: answer, refuse, or wait until they are let go."""

import asyncio
from collections.abc import Sequence
from typing import Any

from core.contracts.budget import Expected
from core.contracts.haiku import Compose, Describe, Draft, Line, Poem, Scene, Scenes
from core.contracts.ids import StorageKey
from core.contracts.image import Paint, Picture
from core.contracts.job import Answer, File, Paid, Queue
from core.contracts.speech import Recording, Say
from core.contracts.upload import Check, Checked
from core.storage import Storage
from workers.tools import ImageTools, OnText, SpeechTools, TextTools, Tools

PAID = Paid("scripted", "scripted-1", {"tokens": 7}, 120)

POEM = Poem(
    lines=(
        Line("古池や", "ふるいけや", "ふるいけ や", "An old pond:"),
        Line("蛙飛びこむ", "かわずとびこむ", "かわず とびこむ", "a frog leaps in,"),
        Line("水の音", "みずのおと", "みず の おと", "the sound of water."),
    ),
    season="spring",
    season_word="蛙",
    season_word_english="frog",
)

SCENES = Scenes(
    (Scene(1, "a pond", "A pond.", "池。"), Scene(2, "a frog", "A frog.", "蛙。"), Scene(3, "rings", "Rings.", "波紋。"))
)


class Script:
    """What the next calls do, in order: an error is raised, None answers; after the last every call answers."""

    def __init__(self) -> None:
        self.calls = 0
        self.paid = PAID
        self.expected = Expected(None)
        self.at_once = 0
        self.most_at_once = 0
        self._next: list[Exception | None] = []
        self._open = asyncio.Event()
        self._open.set()
        self._called = asyncio.Event()

    def then(self, steps: Sequence[Exception | None]) -> None:
        self._next.extend(steps)

    def hold(self) -> None:
        """Calls wait from now on, until `release`."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    async def called(self, times: int = 1) -> None:
        """Returns when so many calls have begun."""
        while self.calls < times:
            self._called.clear()
            await self._called.wait()

    async def play(self) -> None:
        self.calls += 1
        self._called.set()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._open.wait()
        finally:
            self.at_once -= 1
        step = self._next.pop(0) if self._next else None
        if step is not None:
            raise step


class Scripted:
    """Nobody knows its price before it is told, unless a test says so."""

    provider, model = PAID.provider, PAID.model

    def __init__(self, script: Script) -> None:
        self._script = script

    def expected(self, _: Any) -> Expected:
        return self._script.expected


class ScriptedPoet(Scripted):
    """Always Bashō."""

    async def converse(self, ask: Compose, on_text: OnText) -> Answer[Draft]:
        await on_text(POEM.lines[0].japanese)
        await self._script.play()
        return Answer(Draft(f"About {ask.topic}.", POEM, "scripted"), self._script.paid)

    async def describe(self, ask: Describe) -> Answer[Scenes]:
        await self._script.play()
        return Answer(SCENES, self._script.paid)


class ScriptedPainter(Scripted):
    """Paints bytes."""

    async def paint(self, ask: Paint) -> Answer[Picture]:
        await self._script.play()
        scene = ask.scene
        picture = Picture(scene.number, ask.width, ask.height, scene.alt, scene.alt_japanese, "scripted")
        return Answer(picture, self._script.paid, File(f"picture {scene.number}".encode(), "image/png"))


class ScriptedInspector(Scripted):
    """Finds everything clean."""

    async def inspect(self, ask: Check) -> Answer[Checked]:
        await self._script.play()
        return Answer(Checked(8, 8, "image/png"), self._script.paid, File(ask.key.encode(), "image/jpeg"))


class ScriptedVoice(Scripted):
    """Speaks bytes."""

    async def say(self, ask: Say) -> Answer[Recording]:
        await self._script.play()
        return Answer(Recording(ask.number, 1.5, "scripted"), self._script.paid, File(ask.text.encode(), "audio/mpeg"))


def scripted_tools(script: Script) -> dict[Queue, Tools]:
    return {
        "text": TextTools(ScriptedPoet(script)),
        "image": ImageTools(ScriptedPainter(script), ScriptedInspector(script)),
        "speech": SpeechTools(ScriptedVoice(script)),
    }


FULL = OSError("no space left on device")


class FickleDisk:
    """Storage that answers puts with these errors first; None puts, and so does every later one."""

    def __init__(self, storage: Storage, answers: Sequence[Exception | None] = ()) -> None:
        self.puts = 0
        self.putting = asyncio.Event()
        self._answers = list(answers)
        self._storage = storage
        self.get = storage.get
        self.delete = storage.delete
        self.exists = storage.exists
        self.link = storage.link

    async def put(self, key: StorageKey, content: bytes, media_type: str) -> None:
        self.puts += 1
        self.putting.set()
        if self._answers and (error := self._answers.pop(0)) is not None:
            raise error
        await self._storage.put(key, content, media_type)


class SlowDisk(FickleDisk):
    """Storage that is at it until it is let go."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self.free = asyncio.Event()

    def again(self) -> None:
        self.putting.clear()
        self.free.clear()

    async def put(self, key: StorageKey, content: bytes, media_type: str) -> None:
        self.putting.set()
        await self.free.wait()
        await super().put(key, content, media_type)
