"""Whose turn it is, and when it will be done: what is told is true, and what nobody knows is not told."""

import random
from typing import Any

import httpx
import pytest

from api.forecast import Pace, foresee
from core.contracts.ids import RequestId, UserId
from core.contracts.kinds import ASKS
from core.db.claim import claim_jobs
from core.db.place import Place, list_places
from core.db.pool import PlainConnection, Pool
from core.db.stop import cancel_request
from core.storage.files import Files
from tests.api.work import MEI, claim, end_well, submit
from tests.core.db import rows

RAIN = {"topic": "rain", "illustrate": False}
PACE = Pace({"text": 4}, {"haiku.compose": 3.0})


async def ask(client: httpx.AsyncClient) -> dict[str, Any]:
    request: dict[str, Any] = (await client.post("/api/haiku", json=RAIN)).json()
    return request


async def read(client: httpx.AsyncClient, request: dict[str, Any]) -> httpx.Response:
    return await client.get(request["links"]["self"])


async def serve_text(pool: Pool) -> None:
    await pool.execute("INSERT INTO street.workers (name, queues, seen_at) VALUES ('w', '{text}', clock_timestamp())")


async def took(pool: Pool, seconds: float) -> None:
    """A job of its kind was done a moment ago, in so many seconds."""
    await submit(pool, UserId("before"))
    await end_well(pool)
    await pool.execute("UPDATE street.jobs SET started_at = finished_at - $1::float8 * interval '1 s'", seconds)


@pytest.mark.parametrize("seed", range(6))
async def test_jobs_are_claimed_in_the_order_their_positions_said(connection: PlainConnection, seed: int) -> None:
    chance = random.Random(seed)
    learners = [UserId(f"learner {number}") for number in range(7)]
    for _ in range(12):
        await rows.submit(connection, chance.choice(learners))
    for job in (await rows.claim(connection, slots=9)).jobs:
        if chance.random() < 0.6:
            await rows.end(connection, job, rows.success())
    requests = [await rows.submit(connection, chance.choice(learners)) for _ in range(20)]
    said = [(await position_of(connection, request), request) for request in requests]
    claimed = await claimed_in_order(connection)

    assert [request for _, request in sorted(said)] == [request for request in claimed if request in set(requests)]
    assert [position for position, _ in sorted(said)] == [
        number for number, request in enumerate(claimed, 1) if request in set(requests)
    ]


async def position_of(db: PlainConnection, request: RequestId) -> int:
    (place,) = await list_places(db, request)
    return place.position


async def claimed_in_order(db: PlainConnection) -> list[RequestId]:
    """By a claim at a time, in which nothing ends and nobody is held back by their own limit."""
    order = []
    while jobs := (await claim_jobs(db, "text", list(ASKS), 1, "test", rows.MINUTE, 1000)).jobs:
        order.append(jobs[0].request_id)
    return order


async def test_a_request_tells_its_position_until_it_runs(mei: httpx.AsyncClient, ken: httpx.AsyncClient, pool: Pool) -> None:
    first, second = await ask(mei), await ask(mei)
    third = await ask(ken)
    positions = [(await read(mei, second)).json()["queue_position"], third["queue_position"]]
    await claim(pool)
    running = (await read(mei, first)).json()

    assert first["queue_position"] == 1
    assert positions == [3, 2], "whoever has nothing running comes before somebody's second"
    assert (running["queue_position"], running["eta_seconds"]) == (None, None)


async def test_what_is_over_has_no_position(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await ask(mei)
    canceled = (await mei.post(request["links"]["cancel"])).json()

    assert (canceled["queue_position"], canceled["eta_seconds"]) == (None, None)


async def test_the_position_falls_when_somebody_before_gives_up(mei: httpx.AsyncClient, pool: Pool) -> None:
    first, second = await ask(mei), await ask(mei)
    async with pool.acquire() as db, db.transaction():
        await cancel_request(db, RequestId(first["id"]), MEI)

    assert (await read(mei, second)).json()["queue_position"] == 1


async def test_an_eta_is_what_such_jobs_took_lately(mei: httpx.AsyncClient, pool: Pool) -> None:
    await serve_text(pool)
    await took(pool, 6.5)
    request = await mei.post("/api/haiku", json=RAIN)

    assert request.json()["eta_seconds"] == 7
    assert request.headers["retry-after"] == "7"
    assert (await read(mei, request.json())).headers["retry-after"] == "7"


async def test_nobody_is_told_to_come_back_later_than_in_ten_seconds(mei: httpx.AsyncClient, pool: Pool) -> None:
    await serve_text(pool)
    await took(pool, 90)
    request = await mei.post("/api/haiku", json=RAIN)

    assert (request.json()["eta_seconds"], request.headers["retry-after"]) == (90, "10")


@pytest.mark.parametrize("missing", ["workers", "successes", "lately"])
async def test_what_nobody_knows_is_not_told(mei: httpx.AsyncClient, pool: Pool, missing: str) -> None:
    if missing != "successes":
        await took(pool, 2)
    if missing != "workers":
        await serve_text(pool)
    if missing == "lately":
        await pool.execute("UPDATE street.jobs SET finished_at = finished_at - interval '61 min'")
    request = await mei.post("/api/haiku", json=RAIN)

    assert request.json()["eta_seconds"] is None
    assert request.json()["queue_position"] == 1
    assert request.headers["retry-after"] == "1"


async def test_an_unchanged_queue_is_an_unchanged_answer(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    await serve_text(pool)
    await took(pool, 3)
    request = await ask(mei)
    first, second = await read(mei, request), await read(mei, request)

    assert request["eta_seconds"] == 3
    assert first.headers["etag"] == second.headers["etag"]


@pytest.mark.parametrize(
    ("place", "eta"),
    [
        (Place("text", "haiku.compose", position=1, turn=1, running=0), 3),
        (Place("text", "haiku.compose", position=4, turn=1, running=0), 3),
        (Place("text", "haiku.compose", position=1, turn=1, running=4), 4),
        (Place("text", "haiku.compose", position=8, turn=1, running=4), 9),
        (Place("text", "haiku.compose", position=1, turn=1, running=9), 4),
        (Place("text", "haiku.compose", position=1, turn=6, running=0), 5),
        (Place("text", "haiku.scenes", position=1, turn=1, running=0), None),
        (Place("image", "image.paint", position=1, turn=1, running=0), None),
    ],
)
def test_an_eta_waits_for_slots_and_for_one_s_own_share(place: Place, eta: int | None) -> None:
    assert foresee(place, PACE, running_per_owner=4) == eta
