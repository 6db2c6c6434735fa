"""How many requests a learner may make, whichever process they come to."""

import asyncio
from collections import Counter

import httpx
import pytest
from msgspec.structs import replace

from core.settings import Settings
from tests.api.conftest import client_of, running
from tests.api.issuer import Issuer
from tests.wire import wired

RAIN = {"topic": "rain", "illustrate": False}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, requests_per_minute=12, submits_per_minute=4, api_processes=3)


async def look(client: httpx.AsyncClient, path: str = "/api/requests") -> int:
    return (await client.get(path)).status_code


async def test_two_processes_share_one_limit_exactly(settings: Settings, issuer: Issuer) -> None:
    token = issuer.token("mei")
    async with (
        running(settings) as one,
        running(settings) as other,
        client_of(one, token) as here,
        client_of(other, token) as there,
        client_of(one, issuer.token("ken")) as early,
        client_of(other, issuer.token("ken")) as late,
    ):
        # Keys and connections are there before the rush: what is counted is not how a process starts.
        assert [await look(early), await look(late)] == [200, 200]
        answers: list[int] = []
        for _ in range(4):
            # Not all at once: on a busy machine a crowd waits for itself, as for a Redis that is away.
            answers += await asyncio.gather(*(look(client) for _ in range(5) for client in (here, there)))

    assert Counter(answers) == {200: 12, 429: 28}


async def test_a_thousand_polls_of_an_unchanged_request_use_nothing_up(mei: httpx.AsyncClient) -> None:
    request = (await mei.post("/api/haiku", json=RAIN)).json()
    first = await mei.get(request["links"]["self"])
    unchanged = {"If-None-Match": first.headers["etag"]}
    polls = [(await mei.get(request["links"]["self"], headers=unchanged)).status_code for _ in range(1000)]
    left = [await look(mei) for _ in range(11)]

    assert polls == [304] * 1000
    assert left == [200] * 10 + [429]


async def test_a_conditional_poll_that_brings_news_counts(mei: httpx.AsyncClient) -> None:
    request = (await mei.post("/api/haiku", json=RAIN)).json()
    answers = [
        (await mei.get(request["links"]["self"], headers={"If-None-Match": '"something else"'})).status_code for _ in range(12)
    ]

    assert answers == [200] * 11 + [429]


async def test_a_refusal_says_what_is_allowed_and_when_there_is_more(mei: httpx.AsyncClient) -> None:
    for _ in range(12):
        await look(mei)
    refused = await mei.get("/api/requests")
    wait = refused.headers["retry-after"]

    assert refused.status_code == 429
    assert refused.json()["type"] == "urn:kotonoha:problem:too-many"
    assert 0 < int(wait) <= 60
    assert refused.headers["ratelimit-policy"] == '"requests";q=12;w=60'
    assert refused.headers["ratelimit"] == f'"requests";r=0;t={wait}'
    assert refused.json()["detail"] == f"That is more than 12 requests in 60 seconds; come back in {wait} seconds."


async def test_submits_have_a_limit_of_their_own(mei: httpx.AsyncClient) -> None:
    answers = [await mei.post("/api/haiku", json=RAIN) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [202] * 4 + [429]
    assert answers[4].headers["ratelimit-policy"] == '"submits";q=4;w=60'
    assert await look(mei) == 200


async def test_what_one_learner_used_up_is_nothing_to_another(mei: httpx.AsyncClient, ken: httpx.AsyncClient) -> None:
    for _ in range(13):
        await look(mei)

    assert await look(ken) == 200


async def test_a_stranger_uses_nothing_up(nobody: httpx.AsyncClient) -> None:
    answers = [await look(nobody) for _ in range(20)]
    health = [await look(nobody, "/health/live") for _ in range(20)]

    assert set(answers) == {401}
    assert set(health) == {200}


async def test_without_redis_each_process_allows_its_share(settings: Settings, issuer: Issuer) -> None:
    async with (
        wired(settings.redis_url) as (wire, url),
        running(replace(settings, redis_url=url)) as app,
        client_of(app, issuer.token("mei")) as mei,
    ):
        wire.cut()
        answers = [await look(mei) for _ in range(12)]

    assert answers == [200] * 4 + [429] * 8
