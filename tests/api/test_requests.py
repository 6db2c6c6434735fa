"""Requests and jobs over HTTP: how far they are, cancel, retry."""

from typing import Any

import httpx

from core.db.pool import Pool
from core.storage.files import Files
from tests.api.work import claim, fail, succeed, work_off
from tests.journeys.steps import ask as compose


async def read(client: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = (await client.get(request["links"]["self"])).json()
    return seen


async def test_a_request_tells_how_far_its_jobs_are(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    (job,) = await claim(pool)
    running = await read(mei, request)
    await succeed(pool, files, job)
    under_way = await read(mei, request)
    await work_off(pool, files)
    done = await read(mei, request)

    assert (running["status"], running["jobs"][0]["status"], running["jobs"][0]["attempt"]) == ("running", "running", 1)
    assert under_way["progress"] == {"completed": 1, "total": 5, "fraction": 0.2, "message": "1 of 5 steps done."}
    assert [follower["kind"] for follower in under_way["jobs"][0]["followed_by"]].count("speech.say") == 3
    assert done["progress"] == {"completed": 8, "total": 8, "fraction": 1.0, "message": "Done: 8 of 8 steps."}
    assert (done["status"], done["result"]) == ("succeeded", {"resource": request["resource"]})
    assert done["cost_microusd"] == 8 * 120
    assert done["finished_at"] >= done["started_at"] >= done["created_at"]


async def test_a_request_canceled_before_anything_was_done_says_so(mei: httpx.AsyncClient) -> None:
    request = await compose(mei)
    canceled = (await mei.post(request["links"]["cancel"])).json()

    assert canceled["progress"] == {"completed": 0, "total": 1, "fraction": 0.0, "message": "Canceled with 0 of 1 steps done."}


async def test_only_what_succeeded_counts_as_done(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    (composing,) = await claim(pool)
    await succeed(pool, files, composing)
    describing, *saying = await claim(pool)
    await fail(pool, describing)
    stopping = (await mei.post(request["links"]["cancel"])).json()["progress"]
    for job in saying:
        await succeed(pool, files, job)
    over = (await read(mei, request))["progress"]

    assert stopping == {"completed": 1, "total": 5, "fraction": 0.2, "message": "Stopping, with 1 of 5 steps done."}
    assert over == {"completed": 4, "total": 5, "fraction": 0.8, "message": "Canceled with 4 of 5 steps done."}


async def test_a_request_that_failed_says_what_of_it_was_done(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await compose(mei)
    (job,) = await claim(pool)
    await fail(pool, job)

    assert (await read(mei, request))["progress"] == {
        "completed": 0,
        "total": 1,
        "fraction": 0.0,
        "message": "Failed with 0 of 1 steps done.",
    }


async def test_a_request_says_nothing_of_workers_and_leases(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await compose(mei)
    await claim(pool)
    seen = await read(mei, request)

    assert set(seen) == {
        *("id", "product", "status", "resource", "progress", "jobs", "queue_position", "eta_seconds", "cost_microusd"),
        *("error", "result", "links", "created_at", "started_at", "finished_at"),
    }
    assert set(seen["jobs"][0]) == {
        *("id", "kind", "queue", "status", "attempt", "provider", "model", "usage", "cost_microusd", "artifact", "error"),
        *("followed_by", "created_at", "started_at", "finished_at"),
    }


async def test_every_link_of_a_request_leads_somewhere(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, illustrate=False)
    await work_off(pool, files)
    links = request["links"]

    for link in ("self", "events", "resource"):
        assert (await mei.get(links[link])).status_code == 200, link
    for link in ("cancel", "retry"):
        assert (await mei.post(links[link])).status_code == 200, link


async def test_an_unchanged_request_need_not_be_sent_again(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await compose(mei)
    first = await mei.get(request["links"]["self"])
    tag = first.headers["etag"]
    same = await mei.get(request["links"]["self"], headers={"If-None-Match": f'"other", W/{tag}'})
    (job,) = await claim(pool)
    changed = await mei.get(request["links"]["self"], headers={"If-None-Match": tag})
    await fail(pool, job)
    over = await mei.get(request["links"]["self"])

    assert first.headers["retry-after"] == "1"
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (changed.status_code, changed.json()["status"]) == (200, "running")
    assert "retry-after" not in over.headers


async def test_the_list_is_filtered_and_paged_newest_first(mei: httpx.AsyncClient, ken: httpx.AsyncClient, pool: Pool) -> None:
    made = [(await compose(mei))["id"] for _ in range(3)]
    await compose(ken)
    await mei.post(f"/api/requests/{made[0]}/cancel")
    first = await mei.get("/api/requests?limit=2")
    second = await mei.get(first.headers["link"].partition(">")[0].removeprefix("<"))
    canceled = await mei.get("/api/requests?status=canceled&product=haiku")
    vocab = await mei.get("/api/requests?product=vocab")

    assert [item["id"] for item in first.json()["items"]] == [made[2], made[1]]
    assert first.json()["next"] == made[1]
    assert [item["id"] for item in second.json()["items"]] == [made[0]]
    assert second.json()["next"] is None
    assert "link" not in second.headers
    assert [item["id"] for item in canceled.json()["items"]] == [made[0]]
    assert vocab.json() == {"items": [], "next": None}


async def test_the_next_page_keeps_the_filter(mei: httpx.AsyncClient) -> None:
    for _ in range(2):
        await compose(mei)
    page = await mei.get("/api/requests?limit=1&status=queued")

    assert "status=queued" in page.headers["link"]
    assert "limit=1" in page.headers["link"]


async def test_what_waits_is_canceled_at_once_and_once(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await compose(mei)
    first = await mei.post(request["links"]["cancel"])
    again = await mei.post(request["links"]["cancel"])

    assert (first.status_code, first.json()["status"]) == (200, "canceled")
    assert again.json() == first.json()
    assert await claim(pool) == []


async def test_what_runs_is_asked_to_stop_and_keeps_what_it_brings(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    (job,) = await claim(pool)
    asked = await mei.post(request["links"]["cancel"])
    await succeed(pool, files, job)
    done = await read(mei, request)

    assert asked.json()["status"] == "running"
    assert (done["status"], done["jobs"][0]["status"]) == ("canceled", "succeeded")
    assert len(done["jobs"]) == 1


async def test_a_retry_runs_only_what_failed(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    (composing,) = await claim(pool)
    await succeed(pool, files, composing)
    saying, *rest = sorted(await claim(pool), key=lambda job: job.kind != "speech.say")
    await fail(pool, saying)
    for job in rest:
        await succeed(pool, files, job)
    await work_off(pool, files)
    failed = await read(mei, request)
    retried = await mei.post(request["links"]["retry"])
    due = await claim(pool)
    again = await mei.post(request["links"]["retry"])
    await succeed(pool, files, due[0])
    done = await read(mei, request)

    assert failed["status"] == "failed"
    assert failed["error"]["type"] == "urn:kotonoha:problem:give-up"
    assert (retried.status_code, retried.json()["status"]) == (200, "running")
    assert [job.id for job in due] == [saying.id]
    assert again.json()["status"] == "running"
    assert (done["status"], done["error"]) == ("succeeded", None)


async def test_a_job_can_be_read_by_itself(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    (job,) = await claim(pool)
    await succeed(pool, files, job)
    seen = (await mei.get(f"/api/jobs/{job.id}")).json()

    assert seen == (await read(mei, request))["jobs"][0]
    assert (seen["kind"], seen["provider"], seen["usage"]) == ("haiku.compose", "test", {"tokens": 7})


async def test_an_unchanged_job_need_not_be_sent_again(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    path = f"/api/jobs/{(await compose(mei))['jobs'][0]['id']}"
    first = await mei.get(path)
    seen = {"If-None-Match": first.headers["etag"]}
    same = await mei.get(path, headers=seen)
    await work_off(pool, files)
    over = await mei.get(path, headers=seen)

    assert (same.status_code, same.content, same.headers["retry-after"]) == (304, b"", "1")
    assert (over.status_code, over.json()["status"]) == (200, "succeeded")
    assert "retry-after" not in over.headers


async def test_a_failed_job_says_why(mei: httpx.AsyncClient, pool: Pool) -> None:
    await compose(mei)
    (job,) = await claim(pool)
    await fail(pool, job)
    error = (await mei.get(f"/api/jobs/{job.id}")).json()["error"]

    assert error == {
        "type": "urn:kotonoha:problem:give-up",
        "title": "It cannot work",
        "detail": "The words were refused.",
    }
