"""One list of cases, and everybody who claims to be a Poet, a Painter or a Voice."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from core.contracts.job import Queue
from tests.workers.providers.conformance import PAINTER, POET, VOICE
from workers.tools import ImageTools, SpeechTools, TextTools, Tools

Case = Callable[[Any], Awaitable[None]]


def name(case: Case) -> str:
    return getattr(case, "__name__", "case")


@pytest.fixture(params=["local_tools", "fake_tools", pytest.param("account_tools", marks=pytest.mark.aws)])
def tools(request: pytest.FixtureRequest) -> Mapping[Queue, Tools]:
    found: Mapping[Queue, Tools] = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("case", POET, ids=name)
async def test_a_poet(case: Case, tools: Mapping[Queue, Tools]) -> None:
    text = tools["text"]
    assert isinstance(text, TextTools)
    await case(text.poet)


@pytest.mark.parametrize("case", PAINTER, ids=name)
async def test_a_painter(case: Case, tools: Mapping[Queue, Tools]) -> None:
    image = tools["image"]
    assert isinstance(image, ImageTools)
    await case(image.painter)


@pytest.mark.parametrize("case", VOICE, ids=name)
async def test_a_voice(case: Case, tools: Mapping[Queue, Tools]) -> None:
    speech = tools["speech"]
    assert isinstance(speech, SpeechTools)
    await case(speech.voice)
