"""Prefer: wait=N on submitting routes."""

import asyncio
from contextlib import ExitStack

import httpx
import pytest
from litestar import Litestar

from api.seats import STREAMS_PER_LEARNER
from api.wait import wait_seconds
from core.broadcast import publish
from core.db.pool import Pool
from core.queue import Bell
from tests.api.work import MEI, end_well

RAIN = {"topic": "rain", "illustrate": False}


async def test_who_waits_gets_what_is_done_in_time(mei: httpx.AsyncClient, pool: Pool, bell: Bell) -> None:
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(mei.post("/api/haiku", json=RAIN, headers={"Prefer": "wait=9"}))
        while not await pool.fetchval("SELECT count(*) FROM street.jobs"):  # noqa: ASYNC110  only the rows know
            await asyncio.sleep(0.005)
        await publish(bell, await end_well(pool))
    answer = asking.result()

    assert answer.status_code == 200
    assert answer.json()["status"] == "succeeded"
    assert answer.headers["preference-applied"] == "wait=9"
    assert answer.headers["location"] == f"/api/requests/{answer.json()['id']}"
    assert "retry-after" not in answer.headers


async def test_what_is_not_done_in_time_is_accepted_all_the_same(mei: httpx.AsyncClient) -> None:
    answer = await mei.post("/api/haiku", json=RAIN, headers={"Prefer": "respond-async, wait=1"})

    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert answer.headers["preference-applied"] == "wait=1"
    assert answer.headers["retry-after"] == "1"


async def test_an_earlier_ask_can_be_waited_for_too(mei: httpx.AsyncClient, pool: Pool) -> None:
    first = await mei.post("/api/haiku", json=RAIN, headers={"Idempotency-Key": "once"})
    await end_well(pool)
    again = await mei.post("/api/haiku", json=RAIN, headers={"Idempotency-Key": "once", "Prefer": "wait=5"})

    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"


async def test_who_holds_every_stream_open_is_answered_at_once(app: Litestar, mei: httpx.AsyncClient) -> None:
    with ExitStack() as stack:
        for _ in range(STREAMS_PER_LEARNER):
            stack.enter_context(app.state.stream_seats.take(MEI))
        async with asyncio.timeout(9):
            answer = await mei.post("/api/haiku", json=RAIN, headers={"Prefer": "wait=20"})

    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert "preference-applied" not in answer.headers


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ('wait="3"', 3),
        ('foo="a, wait=9", wait=3', 3),
        ("foo; wait=3", 0),
        ("wait=3, wait=9", 3),
        ("wait=99999999", 25),
        ("wait=" + "9" * 5000, 25),
        ('wait="3', 0),
        ('wait=""', 0),
        ("wait=3", 3),
        ("respond-async, wait = 3", 3),
        ("WAIT=3; foo", 3),
        ("wait=25", 25),
        ("wait=99999", 25),
        ("wait=-1", 0),
        ("wait=soon", 0),
        ("await=3", 0),
        ("wait", 0),
        ("", 0),
    ],
)
def test_how_long_a_caller_would_wait(prefer: str, seconds: int) -> None:
    assert wait_seconds([prefer]) == seconds


def test_several_headers_are_one_list() -> None:
    assert wait_seconds([]) == 0
    assert wait_seconds(["respond-async", "wait=3"]) == 3
    assert wait_seconds(["wait=2", "wait=3"]) == 2


async def test_a_wait_in_a_second_header_counts_and_may_be_quoted(mei: httpx.AsyncClient) -> None:
    headers = [("Prefer", "respond-async"), ("Prefer", 'wait="1"')]
    answer = await mei.post("/api/haiku", json=RAIN, headers=headers)

    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "wait=1"
