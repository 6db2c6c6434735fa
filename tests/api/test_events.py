"""Server-sent events: the story of one request, cut anywhere and taken up again."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.event_stream import EventStream, write_event
from api.seats import STREAMS_PER_LEARNER
from core.broadcast import publish
from core.contracts.events import Event
from core.contracts.ids import RequestId, new_id
from core.db.pool import Pool
from core.queue import Bell
from tests.api.issuer import Issuer
from tests.api.serve import House, events
from tests.api.work import claim, end_well, fail, stumble, work_off

FAR = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
async def served(house: House, issuer: Issuer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Mei at a real server."""
    async with house.client(issuer.token("mei")) as client:
        yield client


async def ask(client: httpx.AsyncClient) -> str:
    """The path of a new request's events."""
    answer = await client.post("/api/haiku", json={"topic": "rain", "illustrate": False})
    return str(answer.json()["links"]["events"])


def seqs(told: list[dict[str, Any]]) -> list[int]:
    return [event["seq"] for event in told if "seq" in event]


async def test_a_finished_haiku_tells_its_whole_story_and_closes(house: House, pool: Pool, served: httpx.AsyncClient) -> None:
    answer = await served.post("/api/haiku", json={"topic": "rain"})
    await work_off(pool, house.app.state.storage)
    told = [event async for event in events(served, answer.json()["links"]["events"])]
    types = [event["type"] for event in told]

    assert seqs(told) == list(range(1, 19))
    assert types[:3] == ["request.accepted", "job.started", "job.succeeded"]
    assert types[-1] == "request.succeeded"
    assert types.count("job.succeeded") == 8
    assert [follower["kind"] for follower in told[2]["data"]["followed_by"]].count("speech.say") == 3
    assert {event["request_id"] for event in told} == {answer.json()["id"]}


async def test_no_event_carries_a_link(house: House, pool: Pool, served: httpx.AsyncClient) -> None:
    answer = await served.post("/api/haiku", json={"topic": "rain"})
    await work_off(pool, house.app.state.storage)
    told = [event async for event in events(served, answer.json()["links"]["events"])]
    pictures = [line["picture"]["url"] for line in (await served.get(answer.json()["resource"])).json()["lines"]]

    assert all("signature=" in url for url in pictures)
    assert not [event for event in told if "://" in str(event) or "signature" in str(event) or "/media" in str(event)]


async def test_the_wire_is_what_browsers_read(pool: Pool, served: httpx.AsyncClient) -> None:
    path = await ask(served)
    await end_well(pool)
    answer = await served.get(path)
    blocks = [block for block in answer.text.split("\n\n") if block and not block.startswith(":")]

    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "content-length" not in answer.headers
    assert blocks[0] == "retry: 1000"
    assert [block.split("\n")[0] for block in blocks[1:]] == ["id: 1", "id: 2", "id: 3", "id: 4"]
    assert [json.loads(block.split("\ndata: ")[1])["seq"] for block in blocks[1:]] == [1, 2, 3, 4]


async def test_events_come_while_they_happen(pool: Pool, bell: Bell, served: httpx.AsyncClient) -> None:
    path = await ask(served)
    async with aclosing(events(served, path)) as told, asyncio.timeout(10):
        first = await anext(told)
        await publish(bell, await stumble(pool))
        second, third = await anext(told), await anext(told)

    assert [event["type"] for event in (first, second, third)] == ["request.accepted", "job.started", "job.retrying"]


async def test_a_stream_begins_after_the_seq_that_is_known(pool: Pool, served: httpx.AsyncClient) -> None:
    path = await ask(served)
    await end_well(pool)

    assert seqs([event async for event in events(served, f"{path}?after=2")]) == [3, 4]
    assert seqs([event async for event in events(served, path, **{"Last-Event-ID": "3"})]) == [4]


async def test_what_the_browser_remembers_wins_over_the_address(pool: Pool, served: httpx.AsyncClient) -> None:
    path = await ask(served)
    await end_well(pool)

    assert seqs([event async for event in events(served, f"{path}?after=1", **{"Last-Event-ID": "3"})]) == [4]


async def test_after_the_last_event_of_a_request_that_is_over_there_is_nothing(mei: httpx.AsyncClient, pool: Pool) -> None:
    path = await ask(mei)
    await end_well(pool)
    answer = await mei.get(f"{path}?after=4")

    assert answer.status_code == 204
    assert answer.content == b""


async def test_pruned_events_are_gone(mei: httpx.AsyncClient, pool: Pool) -> None:
    path = await ask(mei)
    await end_well(pool)
    await pool.execute("DELETE FROM street.events")
    answer = await mei.get(f"{path}?after=2")

    assert answer.status_code == 410
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:kotonoha:problem:gone"
    assert (await mei.get(f"{path}?after=4")).status_code == 204


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "", "2147483648", "9" * 40, "1e1", "null"])
async def test_an_after_that_is_no_seq_is_refused(mei: httpx.AsyncClient, after: str) -> None:
    answer = await mei.get(f"{await ask(mei)}?after={after}")

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:kotonoha:problem:invalid"
    assert answer.json()["errors"][0]["pointer"] == "/after"


@pytest.mark.parametrize("known", ["-1", "x", "1.5", "2147483648", "9" * 40, "+1", "1_0"])
async def test_a_last_event_id_that_is_no_seq_is_refused(mei: httpx.AsyncClient, known: str) -> None:
    answer = await mei.get(await ask(mei), headers={"Last-Event-ID": known})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/Last-Event-ID"


async def test_a_seq_that_has_not_happened_is_refused(mei: httpx.AsyncClient) -> None:
    answer = await mei.get(f"{await ask(mei)}?after=2")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/after"


async def test_nobody_follows_the_request_of_another(
    mei: httpx.AsyncClient, ken: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    path = await ask(mei)
    foreign, unknown = await ken.get(path), await ken.get(f"/api/requests/{uuid4()}/events")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.json()["detail"] == unknown.json()["detail"]
    assert (await nobody.get(path)).status_code == 401


async def test_a_retried_request_can_be_followed_again(pool: Pool, served: httpx.AsyncClient) -> None:
    path = await ask(served)
    (job,) = await claim(pool)
    await fail(pool, job)
    first = [event async for event in events(served, path)]
    await served.post(path.replace("events", "retry"))
    await end_well(pool)
    second = [event async for event in events(served, f"{path}?after={first[-1]['seq']}")]

    assert first[-1]["type"] == "request.failed"
    assert [event["type"] for event in second] == ["request.retried", "job.started", "job.succeeded", "request.succeeded"]
    assert seqs(first + second) == list(range(1, 9))


async def test_a_stream_ends_with_the_session(house: House, served: httpx.AsyncClient, issuer: Issuer) -> None:
    path = await ask(served)
    async with house.client(issuer.token("mei", exp=int(time.time()) + 3)) as client, asyncio.timeout(20):
        told = [event async for event in events(client, path)]

    assert seqs(told) == [1]


async def test_a_session_that_has_just_ended_opens_no_stream(mei: httpx.AsyncClient, issuer: Issuer) -> None:
    path = await ask(mei)
    answer = await mei.get(path, headers={"Authorization": f"Bearer {issuer.token('mei', exp=int(time.time()) - 5)}"})

    assert answer.status_code == 401


async def test_an_open_stream_does_not_hold_the_server(house: House, served: httpx.AsyncClient) -> None:
    path = await ask(served)
    stream = events(served, path)
    first = await anext(stream)
    house.stop()
    async with asyncio.timeout(3):
        more = [event async for event in stream]

    assert seqs([first, *more]) == [1]


async def test_head_of_a_stream_ends_at_once(served: httpx.AsyncClient) -> None:
    path = await ask(served)
    async with asyncio.timeout(5):
        answers = [await served.head(path) for _ in range(STREAMS_PER_LEARNER + 1)]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].headers["content-type"] == "text/event-stream; charset=utf-8"


async def test_a_learner_has_twenty_streams(house: House, issuer: Issuer, served: httpx.AsyncClient) -> None:
    path = await ask(served)
    async with AsyncExitStack() as streams, house.client(issuer.token("ken")) as ken:
        first = await streams.enter_async_context(served.stream("GET", path))
        for _ in range(19):
            await streams.enter_async_context(served.stream("GET", path))
        refused = await served.get(path)
        others = await streams.enter_async_context(ken.stream("GET", await ask(ken)))
        await first.aclose()
        async with asyncio.timeout(10):
            while (await streams.enter_async_context(served.stream("GET", path))).status_code == 429:
                pass

    assert refused.status_code == 429
    assert refused.json()["type"] == "urn:kotonoha:problem:too-many"
    assert int(refused.headers["retry-after"]) >= 1
    assert others.status_code == 200


async def test_silence_is_a_comment_and_passing_words_have_no_id() -> None:
    word = Event(RequestId(new_id()), "job.delta", FAR, {"text": "古池\nや"})

    assert write_event(None).startswith(b":")
    assert write_event(None).endswith(b"\n\n")
    assert write_event(word).startswith(b"data: {")
    assert write_event(word).count(b"\n") == 2


async def one_event_and_silence() -> AsyncGenerator[Event | None, None]:
    yield Event(RequestId(new_id()), "request.accepted", FAR, {}, 1)
    await asyncio.Event().wait()


async def never() -> Any:
    await asyncio.Event().wait()


async def test_a_reader_that_takes_nothing_is_left() -> None:
    taken = 0

    async def take(message: Any) -> None:
        nonlocal taken
        if message["type"] == "http.response.body" and message["more_body"]:
            taken += 1
            if taken == 2:
                await never()

    stream = EventStream(one_event_and_silence(), nullcontext(), FAR, asyncio.Event(), patience=timedelta(milliseconds=20))
    async with asyncio.timeout(5):
        await stream.to_asgi_response()({}, never, take)  # type: ignore[arg-type]

    assert taken == 2


async def test_a_reader_that_leaves_ends_the_stream_at_once() -> None:
    left = asyncio.Event()
    sent = []

    async def receive() -> Any:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if b"data:" in message.get("body", b""):
            left.set()

    stream = EventStream(one_event_and_silence(), nullcontext(), FAR, asyncio.Event())
    async with asyncio.timeout(5):
        await stream.to_asgi_response()({}, receive, send)  # type: ignore[arg-type]

    assert b"request.accepted" in sent[-2]["body"]
