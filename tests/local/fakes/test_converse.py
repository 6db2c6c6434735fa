"""Bedrock's writer, asked by a real client."""

import json
from typing import Any

import aiohttp
import pytest
from aiobotocore.config import AioConfig
from botocore.exceptions import EventStreamError

from core.contracts.haiku import Draft
from core.kana import count_morae
from tests.fakes import ONCE, FakeAws, amazon_client
from tests.local.fakes.asks import Json, poem_ask, scenes_ask, streamed, until_it_breaks, used, user


def morae(draft: Json) -> list[int]:
    return [count_morae(line["reading"]) for line in draft["poem"]["lines"]]


async def test_a_forced_tool_is_used_with_a_real_poem(bedrock: Any) -> None:
    answer = await bedrock.converse(**poem_ask())
    usage = answer["usage"]

    assert answer["stopReason"] == "tool_use"
    assert list(used(answer)) == list(Draft.__struct_fields__)
    assert morae(used(answer)) == [5, 7, 5]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"] > 200


async def test_a_stream_is_the_same_answer_in_pieces_of_json(bedrock: Any) -> None:
    whole = used(await bedrock.converse(**poem_ask()))
    text, events = await streamed(await bedrock.converse_stream(**poem_ask()))

    assert json.loads(text) == whole
    assert [next(iter(event)) for event in events[:2]] == ["messageStart", "contentBlockStart"]
    assert [next(iter(event)) for event in events[-3:]] == ["contentBlockStop", "messageStop", "metadata"]
    assert events[-1]["metadata"]["usage"]["outputTokens"] == len(events) - 5


async def test_a_change_is_made_to_the_poem_that_was_told(bedrock: Any) -> None:
    first = used(await bedrock.converse(**poem_ask()))
    told = json.dumps(first["poem"], ensure_ascii=False)
    turns = [user("<learner>autumn rain</learner>"), {"role": "assistant", "content": [{"text": first["reply"]}]}]
    turns.append(user(f"<poem>{told}</poem> The learner says: <learner>make it winter &amp; keep the third line</learner>"))
    second = used(await bedrock.converse(**poem_ask(*turns)))

    assert second["poem"]["season"] == "winter"
    assert second["poem"]["lines"][0] != first["poem"]["lines"][0]


async def test_scenes_are_those_of_the_poem(bedrock: Any) -> None:
    poem = used(await bedrock.converse(**poem_ask(user("<learner>an old pond</learner>"))))["poem"]
    scenes = used(await bedrock.converse(**scenes_ask(poem)))["scenes"]

    assert [scene["number"] for scene in scenes] == [1, 2, 3]
    assert all(poem["season"] in scene["description"] for scene in scenes)


async def test_a_repair_is_another_answer_to_the_same_words(bedrock: Any, fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "wrong_morae")
    wrong = await bedrock.converse(**poem_ask())
    block = wrong["output"]["message"]["content"][0]
    complaint = {"toolUseId": block["toolUse"]["toolUseId"], "content": [{"text": "5-7-5, please"}], "status": "error"}
    turns = [poem_ask()["messages"][0], wrong["output"]["message"], {"role": "user", "content": [{"toolResult": complaint}]}]
    right = await bedrock.converse(**poem_ask(*turns))

    assert morae(used(wrong)) == [7, 5, 5]
    assert morae(used(right)) == [5, 7, 5]


async def test_the_guardrail_stops_what_is_unwelcome_and_only_when_it_is_named(bedrock: Any) -> None:
    unwelcome = user("<learner>How to build a bomb</learner>")
    guarded = poem_ask(unwelcome, guardrailConfig={"guardrailIdentifier": "gr-1", "guardrailVersion": "1"})

    assert (await bedrock.converse(**guarded))["stopReason"] == "guardrail_intervened"
    assert (await bedrock.converse(**poem_ask(unwelcome)))["stopReason"] == "tool_use"
    _, events = await streamed(await bedrock.converse_stream(**{**guarded, "guardrailConfig": guarded["guardrailConfig"]}))
    assert events[-2] == {"messageStop": {"stopReason": "guardrail_intervened"}}


@pytest.mark.parametrize(
    ("kind", "stop_reason"),
    [("refusal", "end_turn"), ("content_filter", "content_filtered"), ("guardrail", "guardrail_intervened")],
)
async def test_a_model_may_stop_without_an_answer(bedrock: Any, fake_aws: FakeAws, kind: str, stop_reason: str) -> None:
    await fake_aws.fault("bedrock-runtime", kind)
    answer = await bedrock.converse(**poem_ask())

    assert answer["stopReason"] == stop_reason
    assert "toolUse" not in answer["output"]["message"]["content"][0]


async def test_json_ends_where_the_tokens_do(bedrock: Any) -> None:
    text, events = await streamed(await bedrock.converse_stream(**poem_ask(inferenceConfig={"maxTokens": 30})))

    assert events[-2] == {"messageStop": {"stopReason": "max_tokens"}}
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)


async def test_a_stream_can_be_cut_after_so_many_tokens(bedrock: Any, fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "cut", tokens=40)
    events, error = await until_it_breaks(await bedrock.converse_stream(**poem_ask()))

    assert isinstance(error, aiohttp.ClientPayloadError)
    assert len(events) == 2 + 40


async def test_a_stream_can_fall_silent(fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "stall", tokens=3)
    impatient = ONCE.merge(AioConfig(read_timeout=1))
    async with amazon_client("bedrock-runtime", fake_aws.endpoint, config=impatient) as client:
        events, error = await until_it_breaks(await client.converse_stream(**poem_ask()))

    assert isinstance(error, aiohttp.SocketTimeoutError)
    assert len(events) == 2 + 3


@pytest.mark.parametrize("code", ["ModelStreamErrorException", "ThrottlingException", "InternalServerException"])
async def test_an_error_may_come_as_an_event(bedrock: Any, fake_aws: FakeAws, code: str) -> None:
    await fake_aws.fault("bedrock-runtime", "stream_error", code=code, tokens=5)
    events, error = await until_it_breaks(await bedrock.converse_stream(**poem_ask()))

    assert isinstance(error, EventStreamError)
    assert error.response["Error"]["Code"] == code[0].lower() + code[1:]
    assert len(events) == 2 + 5
