"""The tools of one machine, one call at a time."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from core.contracts.haiku import Compose, Describe, Message
from core.contracts.image import Paint
from core.contracts.speech import Say
from core.queue import connect_bell
from core.settings import Settings
from core.storage.choose import choose_storage
from tests.benchmarks.figures import Figure
from workers.providers import open_tools
from workers.tools import ImageTools, SpeechTools, TextTools

TOPICS = ("autumn rain", "first snow", "a cat asleep", "the last train", "plum blossom")


async def measure_tools() -> list[Figure]:
    # The tools of one machine ask nobody whether they may.
    async with open_tools(
        _settings(), ("text", "image", "speech"), connect_bell("redis://127.0.0.1:1"), choose_storage(_settings())
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


def _settings() -> Settings:
    nowhere = ""
    return Settings(
        database_url=nowhere,
        redis_url=nowhere,
        media_dir=Path(),
        link_secret=nowhere,
        public_url=nowhere,
        issuer=nowhere,
        jwks_url=nowhere,
        client_ids=nowhere,
    )
