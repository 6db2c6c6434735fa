"""What these tests ask for, and how it failed."""

from collections.abc import Awaitable, Callable

import pytest

from core.contracts.haiku import Compose, Describe, Draft, Message, Scene
from core.contracts.image import Paint, Picture
from core.contracts.job import Answer
from core.contracts.speech import Recording, Say
from core.errors import GiveUp, JobFailed, TryAgain, Unfinished
from tests.workers.scripted import POEM
from workers.tools import ImageTools, OnText, SpeechTools, TextTools, Tools

Ask = Callable[[Tools], Awaitable[object]]

AGAIN_FREE = "again, free"
AGAIN_PAID = "again, an attempt used up"
AGAIN_PRICED = "again, an attempt used up, and it is known what it cost"
OVER = "over"
OVER_FREE = "over, free"
OVER_PRICED = "over, and it is known what it cost"


async def nobody(_: str) -> None:
    """Nobody reads along."""


def compose_ask(topic: str = "autumn rain", seed: int = 7) -> Compose:
    return Compose(topic, (Message("learner", topic),), None, seed)


async def converse(tools: Tools, topic: str = "autumn rain", on_text: OnText = nobody) -> Answer[Draft]:
    assert isinstance(tools, TextTools)
    return await tools.poet.converse(compose_ask(topic), on_text)


async def describe(tools: Tools) -> object:
    assert isinstance(tools, TextTools)
    return await tools.poet.describe(Describe(POEM, 1))


async def paint(tools: Tools) -> Answer[Picture]:
    assert isinstance(tools, ImageTools)
    scene = Scene(1, "Sumi-e ink painting, autumn: a maple", "A maple.", "紅葉。")
    return await tools.painter.paint(Paint(scene, "autumn", (), 7, 256, 256))


async def say(tools: Tools) -> Answer[Recording]:
    assert isinstance(tools, SpeechTools)
    return await tools.voice.say(Say(1, "秋", "あき の あめ"))


async def failure(call: Awaitable[object]) -> JobFailed:
    with pytest.raises(JobFailed) as failed:
        await call
    return failed.value


def next_of(error: JobFailed) -> str:
    """What the job does next, and who pays."""
    is_priced = error.paid is not None and error.paid.cost_microusd is not None
    if type(error) is TryAgain and error.refund and error.is_free:
        return AGAIN_FREE
    if type(error) is Unfinished and not error.refund and not error.is_free:
        return AGAIN_PRICED if is_priced else AGAIN_PAID
    if type(error) is GiveUp:
        return OVER_FREE if error.is_free else OVER_PRICED if is_priced else OVER
    return repr(error)
