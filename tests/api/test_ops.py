"""Operators see and stop everybody's requests, read nobody's words, and leave a trace."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar

from core.contracts.haiku import Compose, Message
from core.contracts.ids import RequestId, UserId
from core.contracts.request import Submission
from core.db.admission import wait_to_ask
from core.db.pool import Pool
from core.db.submit import submit_request
from core.db.workers import mark_worker_seen
from core.storage.files import Files
from tests.api.conftest import client_of
from tests.api.issuer import Issuer
from tests.api.rows import everything_in
from tests.api.work import MEI, claim, fail, submit, succeed
from tests.core.db.rows import waiting_for_a_lock

KEN = UserId("ken")
EVERY_ROUTE = [
    ("GET", "/api/ops/requests"),
    ("GET", "/api/ops/requests/0192f0c0-5e1f-7a3b-8c4d-2f6b9a1e7d05"),
    ("POST", "/api/ops/requests/retry"),
    ("POST", "/api/ops/requests/cancel"),
    ("GET", "/api/ops/audit"),
    ("GET", "/api/ops/queues"),
]
MARK = "a wish nobody may read"


@pytest.fixture
async def aya(app: Litestar, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """An operator."""
    groups: dict[str, Any] = {"cognito:groups": ["operators"]}
    async with client_of(app, issuer.token("aya", **groups)) as client:
        yield client


async def failed(pool: Pool, owner: UserId = MEI) -> RequestId:
    request = await submit(pool, owner)
    for job in await claim(pool):
        await fail(pool, job)
    return request


async def bulk(aya: httpx.AsyncClient, action: str, **asked: Any) -> dict[str, Any]:
    answer = await aya.post(f"/api/ops/requests/{action}", json={"filter": {}, "reason": "It was our fault.", **asked})
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def read(aya: httpx.AsyncClient, path: str, **params: str) -> dict[str, Any]:
    answer = await aya.get(path, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ids(aya: httpx.AsyncClient, **filters: str) -> list[str]:
    return [item["id"] for item in (await read(aya, "/api/ops/requests", **filters))["items"]]


async def statuses(pool: Pool, *requests: RequestId) -> list[str]:
    rows = {row["id"]: row["status"] for row in await pool.fetch("SELECT id, status FROM street.requests")}
    return [rows[request] for request in requests]


@pytest.mark.parametrize(("method", "path"), EVERY_ROUTE)
async def test_only_operators_get_in(
    mei: httpx.AsyncClient, nobody: httpx.AsyncClient, pool: Pool, method: str, path: str
) -> None:
    before = await everything_in(pool)
    refused = await mei.request(method, path, json={"filter": {}, "reason": "Curious."} if method == "POST" else None)
    unknown = await nobody.request(method, path)

    assert (refused.status_code, unknown.status_code) == (403, 401)
    assert refused.json()["type"] == "urn:kotonoha:problem:forbidden"
    assert await everything_in(pool) == before


async def test_every_filter_narrows_the_list(aya: httpx.AsyncClient, pool: Pool) -> None:
    broken, waiting, kens = await failed(pool), await submit(pool), await submit(pool, KEN)

    assert await ids(aya) == [str(kens), str(waiting), str(broken)]
    assert await ids(aya, owner="ken") == [str(kens)]
    assert await ids(aya, status="failed") == [str(broken)]
    assert await ids(aya, failure="give-up") == [str(broken)]
    assert await ids(aya, failure="crash-loop") == []
    assert await ids(aya, product="vocab") == []
    assert await ids(aya, created_before="2026-01-01T00:00:00Z") == []
    assert len(await ids(aya, created_after="2026-01-01T00:00:00Z")) == 3


async def test_pages_follow_each_other(aya: httpx.AsyncClient, pool: Pool) -> None:
    made = [str(await submit(pool, owner)) for owner in (MEI, KEN, MEI)]
    first = await read(aya, "/api/ops/requests", limit="2")
    second = await read(aya, "/api/ops/requests", limit="2", cursor=first["next"])

    assert [item["id"] for page in (first, second) for item in page["items"]] == made[::-1]
    assert second["next"] is None


async def test_nobodys_words_are_shown(aya: httpx.AsyncClient, mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = (await mei.post("/api/haiku", json={"topic": MARK})).json()
    for job in await claim(pool):
        await succeed(pool, files, job)
    seen = [await read(aya, path) for path in ("/api/ops/requests", f"/api/ops/requests/{request['id']}", "/api/ops/audit")]

    assert MARK in await everything_in(pool)
    assert MARK not in json.dumps(seen)
    assert seen[0]["items"][0]["owner"] == "mei"
    assert {job["kind"] for job in seen[1]["jobs"]} == {"haiku.compose", "haiku.scenes", "speech.say"}


async def test_a_dry_run_says_what_would_change_and_changes_nothing(aya: httpx.AsyncClient, pool: Pool) -> None:
    broken, waiting = await failed(pool), await submit(pool)
    would_retry, would_cancel = await bulk(aya, "retry"), await bulk(aya, "cancel")

    assert (would_retry["dry_run"], would_retry["matched"], would_retry["changed"]) == (True, 1, 0)
    assert would_retry["requests"] == [str(broken)]
    assert would_cancel["requests"] == [str(waiting)]
    assert await statuses(pool, broken, waiting) == ["failed", "queued"]


async def test_what_failed_is_retried_for_everybody_who_matches(aya: httpx.AsyncClient, pool: Pool) -> None:
    meis, kens, others = await failed(pool), await failed(pool, KEN), await submit(pool)
    done = await bulk(aya, "retry", filter={"failure": "give-up"}, dry_run=False)

    assert (done["matched"], done["changed"]) == (2, 2)
    assert await statuses(pool, meis, kens, others) == ["running", "running", "queued"]
    assert len(await claim(pool)) == 3


async def test_what_is_open_is_canceled_for_one_learner_alone(aya: httpx.AsyncClient, pool: Pool) -> None:
    meis, kens = await submit(pool), await submit(pool, KEN)
    done = await bulk(aya, "cancel", filter={"owner": "mei"}, dry_run=False)

    assert (done["matched"], done["changed"]) == (1, 1)
    assert await statuses(pool, meis, kens) == ["canceled", "queued"]


async def test_many_are_done_a_few_at_a_time(aya: httpx.AsyncClient, pool: Pool) -> None:
    made = [await submit(pool) for _ in range(5)]
    first = await bulk(aya, "cancel", limit=3, dry_run=False)
    second = await bulk(aya, "cancel", limit=3, dry_run=False, cursor=first["next"])

    assert (first["changed"], second["changed"], second["next"]) == (3, 2, None)
    assert set(await statuses(pool, *made)) == {"canceled"}


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"filter": {}}, "/reason"),
        ({"filter": {}, "reason": "  "}, "/reason"),
        ({"filter": {}, "reason": "r", "limit": 501}, "/limit"),
        ({"filter": {"status": "lost"}, "reason": "r"}, "/filter/status"),
        ({"filter": {"learner": "mei"}, "reason": "r"}, "/filter/learner"),
        ({"filter": {"created_after": "2026-01-01T00:00:00"}, "reason": "r"}, "/filter/created_after"),
        ({"reason": "r", "dry_run": False}, "/filter"),
    ],
)
async def test_an_act_without_a_clear_aim_or_a_reason_is_refused(
    aya: httpx.AsyncClient, pool: Pool, wrong: dict[str, Any], pointer: str
) -> None:
    request = await submit(pool)
    answer = await aya.post("/api/ops/requests/cancel", json=wrong)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await statuses(pool, request) == ["queued"]
    assert await pool.fetchval("SELECT count(*) FROM street.audit") == 0


async def test_everything_an_operator_does_is_written_down(aya: httpx.AsyncClient, pool: Pool) -> None:
    request = await submit(pool)
    await read(aya, "/api/ops/requests", status="queued")
    await read(aya, f"/api/ops/requests/{request}")
    await bulk(aya, "cancel", filter={"owner": "mei"})
    await bulk(aya, "cancel", filter={"owner": "mei"}, dry_run=False)
    page = await read(aya, "/api/ops/audit", limit="3")
    rest = await read(aya, "/api/ops/audit", cursor=page["next"])

    written = [*page["items"], *rest["items"]]
    assert [(act["action"], act["dry_run"], act["matched"], act["changed"]) for act in written] == [
        ("cancel", False, 1, 1),
        ("cancel", True, 1, 0),
        ("show", False, 1, 0),
        ("list", False, 1, 0),
    ]
    assert {act["operator"] for act in written} == {"aya"}
    assert [act["filter"] for act in written] == [{"owner": "mei"}, {"owner": "mei"}, {"id": str(request)}, {"status": "queued"}]
    assert [act["reason"] for act in written] == ["It was our fault."] * 2 + [None] * 2


async def test_queues_are_shown_with_who_serves_them(aya: httpx.AsyncClient, pool: Pool) -> None:
    await submit(pool)
    async with pool.acquire() as db:
        await mark_worker_seen(db, "worker", ["text", "speech"])
    text, image, speech = (await read(aya, "/api/ops/queues"))["items"]

    assert (text["queue"], text["waiting"], text["startable"], text["running"], text["workers"]) == ("text", 1, 1, 0, 1)
    assert text["oldest_seconds"] > 0
    assert (image["workers"], speech["workers"], image["waiting"], image["oldest_seconds"]) == (0, 1, 0, 0)


async def test_there_is_no_such_request_for_operators_either(aya: httpx.AsyncClient) -> None:
    answer = await aya.get("/api/ops/requests/0192f0c0-5e1f-7a3b-8c4d-2f6b9a1e7d05")

    assert answer.status_code == 404


async def test_what_was_taken_up_since_stops_no_retry_of_the_rest(aya: httpx.AsyncClient, pool: Pool) -> None:
    older, taken_up, newer = [await failed(pool) for _ in range(3)]
    resource = await pool.fetchval("SELECT resource_id FROM street.requests WHERE id = $1", taken_up)
    later = await submit(pool)
    await pool.execute("UPDATE street.requests SET resource_id = $1 WHERE id = $2", resource, later)
    would, done = await bulk(aya, "retry"), await bulk(aya, "retry", dry_run=False)

    assert (would["matched"], done["changed"]) == (2, 2)
    assert await statuses(pool, older, taken_up, newer) == ["running", "failed", "running"]


async def test_what_is_taken_up_while_an_operator_retries_is_left_alone(aya: httpx.AsyncClient, pool: Pool) -> None:
    broken = await failed(pool)
    resource = await pool.fetchval("SELECT resource_id FROM street.requests WHERE id = $1", broken)
    async with pool.acquire() as db, db.transaction():
        await wait_to_ask(db, MEI)
        retrying = asyncio.create_task(bulk(aya, "retry", dry_run=False))
        await waiting_for_a_lock(pool)
        again = Submission(MEI, "haiku", resource, {}, (Compose("snow", (Message("learner", "snow"),), None, 1),))
        await submit_request(db, again, timedelta(minutes=1), 3)
    done = await retrying

    assert (done["matched"], done["changed"]) == (1, 0)
    assert await statuses(pool, broken) == ["failed"]


async def test_asking_what_runs_to_stop_is_a_change_once(aya: httpx.AsyncClient, pool: Pool) -> None:
    request = await submit(pool)
    await claim(pool)
    first, second = await bulk(aya, "cancel", dry_run=False), await bulk(aya, "cancel", dry_run=False)

    assert (first["matched"], first["changed"], second["matched"]) == (1, 1, 0)
    assert await statuses(pool, request) == ["running"]


async def test_a_filter_that_was_misspelt_says_what_it_takes(aya: httpx.AsyncClient, mei: httpx.AsyncClient) -> None:
    statuses = "Expected one of canceled, failed, queued, running, succeeded."
    moment = "This is not a time such as 2026-11-26T09:00:00Z."
    form = "Expected text of 1 to 50 small letters and hyphens, such as crash-loop."
    said = {
        "status": (await aya.get("/api/ops/requests?status=bogus")).json()["errors"][0]["detail"],
        "failure": (await aya.get("/api/ops/requests?failure=Crash!")).json()["errors"][0]["detail"],
        "created_after": (await mei.get("/api/requests?created_after=soon")).json()["errors"][0]["detail"],
    }
    for name, value in {"status": "bogus", "failure": "Crash!", "created_after": "soon"}.items():
        answer = await aya.post("/api/ops/requests/retry", json={"filter": {name: value}, "reason": "It was our fault."})
        assert answer.json()["errors"] == [{"pointer": f"/filter/{name}", "detail": said[name]}]

    assert said == {"status": statuses, "failure": form, "created_after": moment}
    assert (await mei.get("/api/requests?product=tea")).json()["detail"].startswith("product: Expected one of haiku, portal,")
    assert "kotonoha token --operator" in (await mei.get("/api/ops/audit")).json()["detail"]
