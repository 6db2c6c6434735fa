"""The tools of one machine, one call at a time."""

import time
from collections.abc import Awaitable, Callable

from core.contracts.haiku import Compose, Describe, Message
from core.contracts.image import Paint
from core.contracts.speech import Say
from core.queue import connect_bell
from core.storage.choose import choose_storage
from tests.benchmarks.figures import Figure
from tests.benchmarks.settings import settings_of
from workers.providers import open_tools
from workers.tools import ImageTools, SpeechTools, TextTools

TOPICS = ("autumn rain", "first snow", "a cat asleep", "the last train", "plum blossom")


async def measure_tools() -> list[Figure]:
    # The tools of one machine ask nobody whether they may.
    async with open_tools(
        settings_of(), ("text", "image", "speech"), connect_bell("redis://127.0.0.1:1"), choose_storage(settings_of())
    ) as tools:
        text, image, speech = tools["text"], tools["image"], tools["speech"]
        assert isinstance(text, TextTools)
        assert isinstance(image, ImageTools)
        assert isinstance(speech, SpeechTools)
        asks = [Compose(topic, (Message("learner", topic),), None, seed) for seed, topic in enumerate(TOPICS)]
        poems = [(await text.poet.converse(ask, _unheard)).value.poem for ask in asks]
        scenes = [(await text.poet.describe(Describe(poem, 1))).value.scenes[0] for poem in poems]
        paints = [Paint(scene, poem.season, (poem.lines[0].japanese,), 1) for scene, poem in zip(scenes, poems, strict=True)]
        says = [Say(2, poem.lines[1].japanese, poem.lines[1].pronunciation) for poem in poems]
        return [
            await _timed("one poem, local poet", lambda n: text.poet.converse(asks[n], _unheard), 50),
            await _timed("one picture 768×768, local painter", lambda n: image.painter.paint(paints[n]), 1000),
            await _timed("one spoken line, local voice", lambda n: speech.voice.say(says[n]), 250),
        ]


async def _timed(name: str, call: Callable[[int], Awaitable[object]], target_ms: float) -> Figure:
    """Five different calls after one that is not counted: it loads what the others use."""
    await call(0)
    seen = []
    for number in range(len(TOPICS)):
        before = time.perf_counter()
        await call(number)
        seen.append((time.perf_counter() - before) * 1000)
    return Figure(name, "ms", tuple(seen), target_ms)


async def _unheard(_: str) -> None:
    """Nobody reads along."""
