"""Nothing a stand-in made is said to be Amazon's."""

from collections.abc import Mapping

import pytest

from core.contracts.job import Queue
from tests.workers.providers.aws.asks import converse, paint, say
from workers.providers.aws.answered_by import answered_by
from workers.tools import Tools

AT_AMAZON = ("https://bedrock-runtime.us-east-1.amazonaws.com", "https://vpce-1-2.polly.us-east-1.vpce.amazonaws.com")


@pytest.mark.parametrize("endpoint", AT_AMAZON)
def test_what_amazon_answered_is_under_its_makers_name(endpoint: str) -> None:
    assert answered_by("a model", endpoint) == "a model"


async def test_what_the_fakes_answered_says_that_amazon_was_not_called(fake_tools: Mapping[Queue, Tools]) -> None:
    draft, picture, recording = (
        await converse(fake_tools["text"]),
        await paint(fake_tools["image"]),
        await say(fake_tools["speech"]),
    )

    for maker in (draft.value.composed_by, picture.value.painted_by, recording.value.spoken_by):
        assert maker.startswith("a stand-in for ")
        assert "Amazon was not called, and its prices are not paid" in maker
