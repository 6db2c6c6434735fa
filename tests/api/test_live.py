"""The live socket: many requests on one connection, and who may come in."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.conversation import TOO_SLOW, Conversation
from api.follow import Story
from api.routes.live import talk
from core.broadcast import Broadcast, publish
from core.db.pool import Pool
from core.queue import Bell
from core.settings import Settings
from tests.api.issuer import Issuer
from tests.api.relay import relayed
from tests.api.serve import House, events, hear, hear_all, say, serving, subscribe
from tests.api.work import MEI, claim, end_well, fail, stumble, submit

LONG = {"type": "ping", "more": "x" * 17_000}

GARBAGE: dict[str, str | bytes] = {
    "nothing": "",
    "no json": "{",
    "a word": "subscribe",
    "bytes": b"\x00\x01",
    "bytes that would be a frame": b'{"type":"ping"}',
    "a list": "[]",
    "null": "null",
    "not a number": '{"type":"subscribe","requests":[{"id":"0192f0c0-0000-7000-8000-000000000000","after":NaN}]}',
    "no type": "{}",
    "an unknown type": '{"type":"shout"}',
    "a type that is no word": '{"type":1}',
    "an unknown field": '{"type":"ping","loud":true}',
    "a field twice": '{"type":"ping","type":"ping"}',
    "no requests": '{"type":"subscribe"}',
    "empty requests": '{"type":"subscribe","requests":[]}',
    "too many requests": json.dumps({"type": "subscribe", "requests": [{"id": str(uuid4())} for _ in range(101)]}),
    "an id that is none": '{"type":"subscribe","requests":[{"id":"mine"}]}',
    "a number for an id": '{"type":"subscribe","requests":[{"id":7}]}',
    "a seq below zero": json.dumps({"type": "subscribe", "requests": [{"id": str(uuid4()), "after": -1}]}),
    "a seq too large for the rows": json.dumps({"type": "subscribe", "requests": [{"id": str(uuid4()), "after": 2**31}]}),
    "a seq that is a fraction": json.dumps({"type": "subscribe", "requests": [{"id": str(uuid4()), "after": 1.5}]}),
    "a seq that is a word": json.dumps({"type": "subscribe", "requests": [{"id": str(uuid4()), "after": "1"}]}),
    "a lone surrogate": '{"type":"\\ud800"}',
    "a deep hole": "[" * 10_000,
    "a frame too long": json.dumps(LONG),
}


@pytest.fixture
async def served(house: House, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """Mei at a real server."""
    async with house.client(issuer.token("mei")) as client:
        yield client


@pytest.fixture
async def live(house: House, issuer: Issuer) -> AsyncIterator[ClientConnection]:
    """Mei's socket."""
    async with house.socket(issuer.token("mei")) as live:
        yield live


async def ask(client: httpx.AsyncClient) -> str:
    """The id of a new request."""
    answer = await client.post("/api/haiku", json={"topic": "rain", "illustrate": False})
    return str(answer.json()["id"])


async def closed(live: ClientConnection) -> tuple[int, list[dict[str, Any]]]:
    """The close code, and the frames before it."""
    heard = []
    while True:
        try:
            heard.append(await hear(live))
        except ConnectionClosed as ending:
            return ending.rcvd.code if ending.rcvd else 1006, heard


async def refusal(house: House, token: str | None = None, **more: Any) -> tuple[int, dict[str, Any]]:
    """How a handshake was refused: status and problem document."""
    with pytest.raises(InvalidStatus) as refused:
        async with house.socket(token, **more):
            pass
    answer = refused.value.response
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.body)
    assert problem["status"] == answer.status_code
    return answer.status_code, problem


async def test_a_refused_socket_is_no_error_of_ours(house: House, caplog: pytest.LogCaptureFixture) -> None:
    status, _ = await refusal(house)

    assert status == 401
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_one_socket_follows_many_requests(
    pool: Pool, bell: Bell, served: httpx.AsyncClient, live: ClientConnection
) -> None:
    first, second = await ask(served), await ask(served)
    await say(live, type="subscribe", requests=[{"id": first}, {"id": second, "after": 0}])
    for _ in range(2):
        await publish(bell, await end_well(pool))
    frames = [await hear(live) for _ in range(10)]
    told = {id_: [frame.get("seq", frame["type"]) for frame in frames if frame["request_id"] == id_] for id_ in (first, second)}

    assert told == {first: [1, 2, 3, 4, "ended"], second: [1, 2, 3, 4, "ended"]}


async def test_the_socket_tells_the_same_json_as_the_stream(
    pool: Pool, served: httpx.AsyncClient, live: ClientConnection
) -> None:
    request = await ask(served)
    await end_well(pool)
    await subscribe(live, request, after=1)

    assert await hear_all(live, request) == [event async for event in events(served, f"/api/requests/{request}/events?after=1")]


async def test_words_come_while_they_happen(pool: Pool, bell: Bell, served: httpx.AsyncClient, live: ClientConnection) -> None:
    request = await ask(served)
    await subscribe(live, request)
    first = await hear(live)
    await publish(bell, await stumble(pool))
    second, third = await hear(live), await hear(live)

    assert [event["type"] for event in (first, second, third)] == ["request.accepted", "job.started", "job.retrying"]


async def test_a_ping_is_answered(live: ClientConnection) -> None:
    await say(live, type="ping")

    assert await hear(live) == {"type": "pong"}


async def test_after_the_end_a_request_is_ended_at_once_until_it_is_retried(
    pool: Pool, served: httpx.AsyncClient, live: ClientConnection
) -> None:
    request = await ask(served)
    (job,) = await claim(pool)
    await fail(pool, job)
    await subscribe(live, request, after=4)
    ended = await hear(live)
    await served.post(f"/api/requests/{request}/retry")
    await subscribe(live, request, after=4)
    again = await hear(live)

    assert ended == {"type": "ended", "request_id": request}
    assert (again["type"], again["seq"]) == ("request.retried", 5)


async def test_subscribing_again_starts_again_after_the_given_seq(
    pool: Pool, bell: Bell, served: httpx.AsyncClient, live: ClientConnection
) -> None:
    request = await ask(served)
    await stumble(pool)
    await subscribe(live, request)
    before = [(await hear(live))["seq"] for _ in range(3)]
    await subscribe(live, request, after=1)
    again = [(await hear(live))["seq"] for _ in range(2)]
    await publish(bell, await end_well(pool))
    rest = await hear_all(live, request)

    assert before == [1, 2, 3]
    assert again == [2, 3]
    assert [event["seq"] for event in rest] == [4, 5, 6]


async def test_what_is_unsubscribed_is_heard_no_more(
    pool: Pool, bell: Bell, served: httpx.AsyncClient, live: ClientConnection
) -> None:
    request = await ask(served)
    await subscribe(live, request)
    first = await hear(live)
    await say(live, type="unsubscribe", requests=[{"id": request}, {"id": str(uuid4())}])
    await say(live, type="ping")
    pong = await hear(live)
    await publish(bell, await end_well(pool))
    other = await ask(served)
    await subscribe(live, other)
    next_word = await hear(live)

    assert (first["seq"], pong["type"]) == (1, "pong")
    assert next_word["request_id"] == other


async def test_nobody_follows_the_request_of_another_and_the_socket_goes_on(
    house: House, issuer: Issuer, served: httpx.AsyncClient
) -> None:
    request, unknown = await ask(served), str(uuid4())
    async with house.socket(issuer.token("ken")) as live:
        for _ in range(4):
            await subscribe(live, request)
            foreign = await hear(live)
        await subscribe(live, unknown)
        nothing = await hear(live)
        await say(live, type="ping")
        pong = await hear(live)

    assert foreign["type"] == "error"
    assert foreign["request_id"] == request
    assert foreign["problem"]["type"] == "urn:kotonoha:problem:not-found"
    assert foreign["problem"]["status"] == 404
    assert foreign["problem"] == nothing["problem"]
    assert pong == {"type": "pong"}


async def test_what_cannot_be_told_any_more_is_said_for_that_request_alone(
    pool: Pool, served: httpx.AsyncClient, live: ClientConnection
) -> None:
    pruned, early = await ask(served), await ask(served)
    await pool.execute("DELETE FROM street.events WHERE request_id = $1", pruned)
    await say(live, type="subscribe", requests=[{"id": pruned}])
    gone = await hear(live)
    await say(live, type="subscribe", requests=[{"id": early, "after": 9}])
    invalid = await hear(live)

    assert (gone["request_id"], gone["problem"]["type"]) == (pruned, "urn:kotonoha:problem:gone")
    assert (invalid["request_id"], invalid["problem"]["type"]) == (early, "urn:kotonoha:problem:invalid")
    assert invalid["problem"]["errors"][0]["pointer"] == "/after"


async def test_garbage_is_answered_with_a_problem_and_disturbs_nobody(
    house: House, issuer: Issuer, pool: Pool, bell: Bell, served: httpx.AsyncClient
) -> None:
    request = await ask(served)
    answers = {}
    async with house.socket(issuer.token("mei")) as healthy:
        await subscribe(healthy, request)
        for name, garbage in GARBAGE.items():
            async with house.socket(issuer.token("mei")) as live:
                await subscribe(live, request)
                own = await hear(live)
                await live.send(garbage)
                answers[name] = await hear(live)
                await say(live, type="ping")
                assert (own["seq"], await hear(live)) == (1, {"type": "pong"}), name
        await publish(bell, await end_well(pool))
        story = await hear_all(healthy, request)

    assert [event["seq"] for event in story] == [1, 2, 3, 4]
    for name, answer in answers.items():
        assert answer["type"] == "error", name
        assert "request_id" not in answer, name
        assert set(answer["problem"]) == {"type", "title", "status", "detail", "instance", "trace_id", "errors"}, name
    kinds = {name: (answer["problem"]["type"], answer["problem"]["status"]) for name, answer in answers.items()}
    assert kinds.pop("a frame too long") == ("urn:kotonoha:problem:too-large", 413)
    assert set(kinds.values()) == {("urn:kotonoha:problem:invalid", 400)}
    assert answers["a seq below zero"]["problem"]["errors"][0]["pointer"] == "/requests/0/after"


async def test_the_third_garbage_frame_is_the_last(live: ClientConnection) -> None:
    for _ in range(4):
        await live.send("{")
    code, heard = await closed(live)

    assert code == 4400
    assert [frame["type"] for frame in heard] == ["error"] * 3


async def test_a_frame_as_large_as_a_body_ends_the_socket(live: ClientConnection) -> None:
    await live.send("x" * 70_000)

    assert (await closed(live))[0] == 1009


async def test_a_socket_follows_a_hundred_requests_and_no_more(pool: Pool, live: ClientConnection) -> None:
    ids = [str(await submit(pool)) for _ in range(101)]
    await say(live, type="subscribe", requests=[{"id": id_} for id_ in ids[:100]])
    heard = {(await hear(live))["request_id"] for _ in range(100)}
    await subscribe(live, ids[100])
    refused = await hear(live)
    await say(live, type="unsubscribe", requests=[{"id": ids[0]}])
    await subscribe(live, ids[100])
    accepted = await hear(live)

    assert heard == set(ids[:100])
    assert (refused["request_id"], refused["problem"]["type"]) == (ids[100], "urn:kotonoha:problem:too-many")
    assert (accepted["request_id"], accepted["type"]) == (ids[100], "request.accepted")


async def test_a_learner_has_five_sockets(house: House, issuer: Issuer) -> None:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(house.socket(issuer.token("mei"))) for _ in range(5)]
        status, problem = await refusal(house, issuer.token("mei"))
        async with house.socket(issuer.token("ken")) as other:
            await say(other, type="ping")
            pong = await hear(other)
        await sockets[0].close()
        async with house.socket(issuer.token("mei")) as again:
            await say(again, type="ping")
            second_pong = await hear(again)

    assert (status, problem["type"]) == (429, "urn:kotonoha:problem:too-many")
    assert pong == second_pong == {"type": "pong"}


async def test_a_ticket_opens_the_socket_once(house: House, served: httpx.AsyncClient) -> None:
    answer = await served.post("/api/live/tickets")
    ticket = answer.json()
    request = await ask(served)
    async with house.socket(subprotocols=ticket["protocols"], origin="http://portal.test") as live:
        chosen = live.subprotocol
        await subscribe(live, request)
        event = await hear(live)
    status, _ = await refusal(house, subprotocols=ticket["protocols"])

    assert answer.status_code == 201
    assert chosen == "kotonoha.live"
    assert event["seq"] == 1
    assert status == 401


async def test_a_ticket_is_kept_as_a_hash_alone(served: httpx.AsyncClient, pool: Pool) -> None:
    ticket = (await served.post("/api/live/tickets")).json()["ticket"]
    kept = await pool.fetchval("SELECT t::text FROM street.tickets t")

    assert "mei" in kept
    assert ticket not in kept


async def test_a_ticket_nobody_used_in_time_opens_nothing(house: House, served: httpx.AsyncClient, pool: Pool) -> None:
    ticket = (await served.post("/api/live/tickets")).json()
    lasts = await pool.fetchval("SELECT expires_at - clock_timestamp() FROM street.tickets")
    await pool.execute("UPDATE street.tickets SET expires_at = clock_timestamp()")

    assert timedelta(seconds=25) < lasts <= timedelta(seconds=30)
    assert (await refusal(house, subprotocols=ticket["protocols"]))[0] == 401


@pytest.mark.parametrize("protocols", [["kotonoha.live"], ["kotonoha.live", "ticket."], ["ticket.made-up"]])
async def test_nobody_comes_in_without_a_good_ticket(house: House, protocols: list[str]) -> None:
    assert (await refusal(house, subprotocols=protocols))[0] == 401


async def test_nobody_comes_in_without_a_good_token(house: House, issuer: Issuer) -> None:
    without, problem = await refusal(house)
    forged, _ = await refusal(house, issuer.token("mei")[:-8] + "AAAAAAAA")
    id_token, _ = await refusal(house, issuer.token("mei", token_use="id"))
    just_ended, _ = await refusal(house, issuer.token("mei", exp=int(time.time()) - 5))
    no_scope, _ = await refusal(house, issuer.token("mei", scope="openid"))

    assert problem["type"] == "urn:kotonoha:problem:not-allowed"
    assert (without, forged, id_token, just_ended, no_scope) == (401, 401, 401, 401, 403)


async def test_a_socket_that_leads_nowhere_says_so(house: House, issuer: Issuer) -> None:
    for path in ("/nowhere", "/api/haiku", "/"):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://{house.at}{path}", proxy=None):
                pass
        answer = refused.value.response
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert json.loads(answer.body)["type"] == "urn:kotonoha:problem:not-found"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_a_page_of_another_origin_may_not_open_a_socket(house: House, issuer: Issuer, served: httpx.AsyncClient) -> None:
    ticket = (await served.post("/api/live/tickets")).json()
    strange, problem = await refusal(house, issuer.token("mei"), origin="http://evil.test")
    near, _ = await refusal(house, issuer.token("mei"), origin="http://portal.test.evil.test")
    null, _ = await refusal(house, subprotocols=ticket["protocols"], origin="null")
    async with house.socket(subprotocols=ticket["protocols"], origin="http://portal.test") as live:
        await say(live, type="ping")
        pong = await hear(live)

    assert (strange, near, null) == (403, 403, 403)
    assert problem["type"] == "urn:kotonoha:problem:forbidden"
    assert "origin" in problem["detail"]
    assert "account" not in problem["title"]
    assert pong == {"type": "pong"}


async def test_a_socket_ends_with_the_session(house: House, issuer: Issuer) -> None:
    soon = issuer.token("mei", exp=int(time.time()) + 3)
    async with house.client(soon) as client:
        ticket = (await client.post("/api/live/tickets")).json()
    async with house.socket(soon) as live, house.socket(subprotocols=ticket["protocols"]) as by_ticket:
        code, _ = await closed(live)
        code_by_ticket, _ = await closed(by_ticket)

    assert (code, code_by_ticket) == (4401, 4401)


async def test_a_server_that_stops_asks_its_sockets_to_come_back(
    house: House, served: httpx.AsyncClient, live: ClientConnection
) -> None:
    await subscribe(live, await ask(served))
    first = await hear(live)
    house.stop()
    code, _ = await closed(live)

    assert first["seq"] == 1
    assert code == 1012


async def test_a_socket_stays_open_while_redis_and_postgres_are_away(
    settings: Settings, issuer: Issuer, pool: Pool, database: str, valkey_url: str
) -> None:
    async with relayed(database) as (postgres, url), relayed(valkey_url) as (redis, redis_url):
        far = msgspec.structs.replace(settings, database_url=url, redis_url=redis_url)
        async with serving(far) as house, house.client(issuer.token("mei")) as client:
            request = await ask(client)
            async with house.socket(issuer.token("mei")) as live:
                await subscribe(live, request)
                first = await hear(live)
                await postgres.shut()
                await redis.shut()
                refused = await client.post("/api/haiku", json={"topic": "rain"})
                await stumble(pool, 2)
                await say(live, type="ping")
                pong = await hear(live)
                await postgres.open()
                await redis.open()
                await end_well(pool)
                rest = await hear_all(live, request)

    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) >= 1
    assert pong == {"type": "pong"}
    assert [first["seq"], *(event["seq"] for event in rest)] == list(range(1, 9))


class Stuck:
    """A client that has subscribed and takes nothing."""

    def __init__(self, request_id: str) -> None:
        self.offered = 0
        self._said: asyncio.Queue[Any] = asyncio.Queue()
        self._said.put_nowait({"type": "websocket.connect"})
        frame = json.dumps({"type": "subscribe", "requests": [{"id": request_id}]})
        self._said.put_nowait({"type": "websocket.receive", "text": frame})

    async def socket(self) -> WebSocket[Any, Any, Any]:
        socket: WebSocket[Any, Any, Any] = WebSocket({"type": "websocket"}, self._said.get, self._take)  # type: ignore[arg-type]
        await socket.accept()
        return socket

    async def _take(self, message: Any) -> None:
        if message["type"] == "websocket.send":
            self.offered += 1
            await asyncio.Event().wait()


async def test_a_client_that_takes_nothing_is_left(pool: Pool, bell: Bell) -> None:
    stuck = Stuck(str(await submit(pool)))
    story = Story(pool, Broadcast(bell))
    async with asyncio.timeout(5):
        close = await Conversation(await stuck.socket(), story, MEI, timedelta(milliseconds=20)).run()

    assert close == TOO_SLOW
    assert stuck.offered == 1


async def test_a_server_that_stops_waits_for_no_stuck_client(pool: Pool, bell: Bell) -> None:
    stuck, stopping = Stuck(str(await submit(pool))), asyncio.Event()
    socket = await stuck.socket()
    conversation = Conversation(socket, Story(pool, Broadcast(bell)), MEI)
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        talking = tasks.create_task(talk(socket, conversation, datetime(2100, 1, 1, tzinfo=UTC), stopping))
        while not stuck.offered:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.005)
        stopping.set()

    assert talking.done()
