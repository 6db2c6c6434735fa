"""Haiku over HTTP: asked for, talked about, illustrated, deleted."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from core.contracts.haiku import Compose
from core.contracts.kinds import decode_ask
from core.db.admission import wait_to_ask
from core.db.claim import claim_jobs
from core.db.pool import Pool
from core.db.retry import retry_request
from core.litter import clear_litter
from core.settings import Settings
from core.storage.files import Files
from tests.api.asking import read
from tests.api.rows import everything_in, files_in
from tests.api.work import MEI, THANKS, claim, fail, poem_of, succeed, work_off
from tests.core.db.rows import waiting_for_a_lock
from tests.journeys.steps import ask as compose


async def count(pool: Pool) -> tuple[int, int, int]:
    row = await pool.fetchrow(
        "SELECT (SELECT count(*) FROM haiku.haikus), (SELECT count(*) FROM street.requests), (SELECT count(*) FROM street.jobs)"
    )
    assert row is not None
    return row[0], row[1], row[2]


async def test_an_accepted_haiku_says_where_to_look_and_can_be_read_at_once(mei: httpx.AsyncClient) -> None:
    answer = await mei.post("/api/haiku", json={"topic": "  autumn rain "})
    request = answer.json()
    haiku = await read(mei, request)

    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/requests/{request['id']}"
    assert answer.headers["retry-after"] == "1"
    assert "idempotent-replayed" not in answer.headers
    assert request["progress"] == {"completed": 0, "total": 1, "fraction": 0.0, "message": "Waiting for a worker."}
    assert request["jobs"][0]["kind"] == "haiku.compose"
    assert request["links"]["self"] == answer.headers["location"]
    assert haiku["topic"] == "autumn rain"
    assert haiku["status"] == "composing"
    assert haiku["request"] == answer.headers["location"]
    assert [line["number"] for line in haiku["lines"]] == [1, 2, 3]
    assert {value for line in haiku["lines"] for name, value in line.items() if name != "number"} == {None}
    assert [(said["role"], said["text"]) for said in haiku["messages"]] == [("learner", "autumn rain")]


async def test_the_poet_is_asked_what_the_learner_wrote(mei: httpx.AsyncClient, pool: Pool) -> None:
    await compose(mei, "autumn rain", illustrate=False)
    (job,) = await claim(pool)
    ask = decode_ask(job.kind, job.input)

    assert isinstance(ask, Compose)
    assert (ask.topic, ask.poem, ask.illustrate) == ("autumn rain", None, False)
    assert [(said.role, said.text) for said in ask.conversation] == [("learner", "autumn rain")]


async def test_a_finished_haiku_has_three_pictures_and_three_voices(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    await work_off(pool, files)
    haiku = await read(mei, request)

    assert haiku["status"] == "succeeded"
    assert haiku["season_word"] == "蛙"
    assert haiku["composed_by"] == "test"
    first = haiku["lines"][0]
    assert (first["japanese"], first["reading"], first["romaji"], first["morae"]) == ("古池や", "ふるいけや", "furuike ya", 5)
    assert first["scene"] == "description 1"
    assert len({line["picture"]["url"] for line in haiku["lines"]}) == 3
    assert len({line["voice"]["url"] for line in haiku["lines"]}) == 3
    assert first["picture"]["alt"] == "alt 1"
    assert first["voice"]["duration_seconds"] == 1.5
    assert first["picture_job"]["status"] == "succeeded"


async def test_twenty_posts_with_one_key_make_one_haiku(mei: httpx.AsyncClient, pool: Pool) -> None:
    key = {"Idempotency-Key": "kaki-kueba"}
    answers = await asyncio.gather(*(mei.post("/api/haiku", json={"topic": "bells"}, headers=key) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in answers].count("true") == 19
    assert await count(pool) == (1, 1, 1)


async def test_a_key_used_for_something_else_is_refused(mei: httpx.AsyncClient, pool: Pool) -> None:
    key = {"Idempotency-Key": "kaki-kueba"}
    await mei.post("/api/haiku", json={"topic": "bells"}, headers=key)
    other = await mei.post("/api/haiku", json={"topic": "frogs"}, headers=key)

    assert other.status_code == 422
    assert other.json()["type"] == "urn:kotonoha:problem:key-reused"
    assert "send this with a new one" in other.json()["detail"]
    assert await count(pool) == (1, 1, 1)


async def test_a_key_belongs_to_one_learner(mei: httpx.AsyncClient, ken: httpx.AsyncClient, pool: Pool) -> None:
    key = {"Idempotency-Key": "kaki-kueba"}
    await mei.post("/api/haiku", json={"topic": "bells"}, headers=key)
    other = await ken.post("/api/haiku", json={"topic": "frogs"}, headers=key)

    assert other.status_code == 202
    assert await count(pool) == (2, 2, 2)


@pytest.mark.parametrize("key", ["", "with space", "x" * 201, "tab\tkey"])
async def test_a_key_nobody_could_mean_is_refused(mei: httpx.AsyncClient, pool: Pool, key: str) -> None:
    answer = await mei.post("/api/haiku", json={"topic": "bells"}, headers={"Idempotency-Key": key})

    assert answer.status_code == 400
    assert await count(pool) == (0, 0, 0)


async def test_a_message_carries_the_conversation_and_the_poem(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, "autumn rain", illustrate=False)
    await work_off(pool, files)
    await mei.post(f"{request['resource']}/messages", json={"text": "winter instead"})
    (job,) = await claim(pool)
    ask = decode_ask(job.kind, job.input)

    assert isinstance(ask, Compose)
    assert ask.topic == "autumn rain"
    assert ask.poem == poem_of("autumn rain")
    assert [said.role for said in ask.conversation] == ["learner", "poet", "learner"]
    assert ask.conversation[-1].text == "winter instead"


async def test_a_new_poem_shows_no_picture_of_the_old_one(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, "autumn rain")
    await work_off(pool, files)
    await mei.post(f"{request['resource']}/messages", json={"text": "winter instead", "illustrate": False})
    await work_off(pool, files)
    haiku = await read(mei, request)

    assert haiku["lines"][0]["english"] == "winter instead:"
    assert haiku["status"] == "draft"
    assert {line["picture"] for line in haiku["lines"]} == {None}
    assert [said["role"] for said in haiku["messages"]] == ["learner", "poet", "learner", "poet"]


async def test_an_unchanged_poem_keeps_its_pictures_and_voices(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, "autumn rain")
    await work_off(pool, files)
    before = await read(mei, request)
    jobs = await count(pool)
    for _ in range(2):
        await mei.post(f"{request['resource']}/messages", json={"text": THANKS})
        await work_off(pool, files)
    after = await read(mei, request)

    assert after["status"] == "succeeded"
    assert [line["picture_job"] for line in after["lines"]] == [line["picture_job"] for line in before["lines"]]
    assert all(line["picture"] and line["voice"] for line in after["lines"])
    assert len(after["messages"]) == 6
    assert await count(pool) == (jobs[0], jobs[1] + 2, jobs[2] + 2)


async def test_pictures_asked_for_after_thanks_belong_to_the_poem(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, "autumn rain", illustrate=False)
    await work_off(pool, files)
    await mei.post(f"{request['resource']}/illustrations")
    await work_off(pool, files)
    await mei.post(f"{request['resource']}/messages", json={"text": THANKS})
    await work_off(pool, files)
    thanked = await read(mei, request)
    await mei.post(f"{request['resource']}/messages", json={"text": "winter", "illustrate": False})
    await work_off(pool, files)

    assert thanked["status"] == "succeeded"
    assert {line["picture"] for line in (await read(mei, request))["lines"]} == {None}


async def test_a_new_turn_cancels_what_waits_of_the_old_poem(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, "autumn rain")
    (composing,) = await claim(pool)
    await succeed(pool, files, composing)
    async with pool.acquire() as db:
        (saying,) = (await claim_jobs(db, "speech", ["speech.say"], 1, "test", timedelta(seconds=30), 20)).jobs
    await mei.post(f"{request['resource']}/messages", json={"text": "winter instead"})
    await succeed(pool, files, saying)
    old = (await mei.get(request["links"]["self"])).json()
    under_way = await read(mei, request)
    await work_off(pool, files)
    done = await read(mei, request)

    assert (old["status"], old["progress"]["completed"], old["progress"]["total"]) == ("canceled", 2, 5)
    assert [job["status"] for job in old["jobs"]].count("canceled") == 3
    assert under_way["status"] == "composing"
    assert (done["status"], done["lines"][0]["english"]) == ("succeeded", "winter instead:")
    assert await pool.fetchval("SELECT count(*) FROM street.jobs WHERE kind = 'image.paint'") == 3


async def test_a_poem_that_stays_gets_the_pictures_that_were_given_up(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, "autumn rain")
    (composing,) = await claim(pool)
    await succeed(pool, files, composing)
    describing, *saying = await claim(pool)
    for job in saying:
        await succeed(pool, files, job)
    await mei.post(f"{request['resource']}/messages", json={"text": THANKS})
    await succeed(pool, files, describing)
    await work_off(pool, files)
    haiku = await read(mei, request)

    assert (haiku["status"], haiku["lines"][0]["english"]) == ("succeeded", "autumn rain:")


async def test_a_turn_that_is_refused_cancels_nothing(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    (composing,) = await claim(pool)
    await succeed(pool, files, composing)
    await pool.execute("INSERT INTO street.shares (queue, owner, waiting) VALUES ('image', 'mei', 100)")
    refused = await mei.post(f"{request['resource']}/messages", json={"text": "winter instead"})

    assert refused.status_code == 429
    assert (await mei.get(request["links"]["self"])).json()["status"] == "running"


async def test_a_haiku_comes_to_its_end(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, illustrate=False)
    await work_off(pool, files)
    await pool.execute(
        """
        INSERT INTO street.requests (id, owner, product, resource_id, input, status, jobs_total, jobs_open, last_seq, deadline,
                                     finished_at)
        SELECT gen_random_uuid(), owner, product, resource_id, input, 'canceled', 1, 0, 1, deadline, finished_at
          FROM street.requests CROSS JOIN generate_series(1, 99)"""
    )
    message = await mei.post(f"{request['resource']}/messages", json={"text": "winter instead"})
    illustrations = await mei.post(f"{request['resource']}/illustrations")

    assert (message.status_code, illustrations.status_code) == (409, 409)
    assert "begin a new one" in message.json()["detail"]


async def test_the_poet_answers_one_message_at_a_time(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await compose(mei)
    path = f"{request['resource']}/messages"
    early = await mei.post(path, json={"text": "winter instead"})

    assert early.status_code == 409
    assert early.json()["type"] == "urn:kotonoha:problem:conflict"
    assert await count(pool) == (1, 1, 1)


async def test_two_messages_at_once_make_one_turn(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, illustrate=False)
    await work_off(pool, files)
    path = f"{request['resource']}/messages"
    answers = await asyncio.gather(*(mei.post(path, json={"text": f"wish {number}"}) for number in range(5)))

    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409, 409]


async def test_a_message_sent_again_with_its_key_is_not_a_conflict(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, illustrate=False)
    await work_off(pool, files)
    path, key = f"{request['resource']}/messages", {"Idempotency-Key": "once"}
    first = await mei.post(path, json={"text": "winter"}, headers=key)
    again = await mei.post(path, json={"text": "winter"}, headers=key)

    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_draft_is_illustrated_when_the_learner_agrees(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, illustrate=False)
    await work_off(pool, files)
    draft = await read(mei, request)
    answer = await mei.post(f"{request['resource']}/illustrations")
    under_way = await read(mei, request)
    again = await mei.post(f"{request['resource']}/illustrations")
    await work_off(pool, files)
    done = await read(mei, request)

    assert draft["status"] == "draft"
    assert answer.status_code == 202
    assert [job["kind"] for job in answer.json()["jobs"]].count("speech.say") == 3
    assert under_way["status"] == "illustrating"
    assert again.status_code == 409
    assert done["status"] == "succeeded"
    assert done["messages"] == draft["messages"]


async def test_a_haiku_that_was_stopped_did_not_fail(mei: httpx.AsyncClient) -> None:
    request = await compose(mei)
    await mei.post(request["links"]["cancel"])

    assert (await read(mei, request))["status"] == "canceled"


async def test_a_haiku_that_failed_and_was_then_stopped_is_stopped(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await compose(mei)
    (job,) = await claim(pool)
    await fail(pool, job)
    failed = (await read(mei, request))["status"]
    again = (await mei.post(f"{request['resource']}/messages", json={"text": "once more"})).json()
    await mei.post(again["links"]["cancel"])

    assert failed == "failed"
    assert (await read(mei, request))["status"] == "canceled"


async def test_a_haiku_stopped_with_a_picture_missing_is_stopped(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    (composing,) = await claim(pool)
    await succeed(pool, files, composing)
    await mei.post(request["links"]["cancel"])

    assert (await read(mei, request))["status"] == "canceled"


async def test_a_finished_haiku_stays_so_when_a_message_is_stopped(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    await work_off(pool, files)
    message = (await mei.post(f"{request['resource']}/messages", json={"text": "winter instead"})).json()
    await mei.post(message["links"]["cancel"])

    assert (await read(mei, request))["status"] == "succeeded"


async def test_nothing_is_illustrated_before_there_is_a_poem(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await compose(mei)
    early = await mei.post(f"{request['resource']}/illustrations")
    (job,) = await claim(pool)
    await fail(pool, job)
    without_poem = await mei.post(f"{request['resource']}/illustrations")

    assert early.status_code == 409
    assert without_poem.status_code == 409
    assert "no poem" in without_poem.json()["detail"]


async def test_the_list_pages_through_every_haiku_once(mei: httpx.AsyncClient, ken: httpx.AsyncClient) -> None:
    made = [(await compose(mei, f"topic {number}"))["resource"] for number in range(5)]
    await compose(ken, "not Mei's")
    seen, path = [], "/api/haiku?limit=2"
    while path:
        page = await mei.get(path)
        seen += [f"/api/haiku/{item['id']}" for item in page.json()["items"]]
        path = page.headers.get("link", "").partition(">")[0].removeprefix("<")

    assert seen == made[::-1]
    assert page.json()["next"] is None


async def test_a_deleted_haiku_leaves_no_text_and_no_file(
    mei: httpx.AsyncClient, pool: Pool, files: Files, database: str, settings: Settings
) -> None:
    request = await compose(mei, "a secret wish")
    await work_off(pool, files)
    picture = (await read(mei, request))["lines"][0]["picture"]["url"]
    deleted = await mei.delete(request["resource"])

    assert deleted.status_code == 204
    assert (await mei.get(request["resource"])).status_code == 404
    assert (await mei.delete(request["resource"])).status_code == 404
    assert (await mei.post(f"{request['resource']}/messages", json={"text": "back"})).status_code == 404
    assert (await mei.get(picture)).status_code == 404
    assert (await mei.get("/api/haiku")).json()["items"] == []
    assert await clear_litter(pool, files) == 6
    assert await files_in(settings.media_dir) == []
    assert "a secret wish" not in await everything_in(pool)
    assert await pool.fetchval("SELECT count(*) FROM street.artifacts") == 0


async def test_deleting_a_haiku_stops_what_is_under_way_for_it(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei, "a secret wish")
    (running,) = await claim(pool)
    await mei.delete(request["resource"])
    await succeed(pool, files, running)

    stopped = (await mei.get(request["links"]["self"])).json()
    assert stopped["status"] == "canceled"
    assert "a secret wish" not in await everything_in(pool)


async def test_what_failed_for_a_deleted_haiku_is_not_tried_again(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = await compose(mei, "a secret wish")
    (job,) = await claim(pool)
    await fail(pool, job)
    await mei.delete(request["resource"])
    answer = await mei.post(request["links"]["retry"])

    assert answer.status_code == 200
    assert answer.json()["status"] == "failed"
    assert await claim(pool) == []


async def test_a_full_queue_refuses_honestly(mei: httpx.AsyncClient, pool: Pool) -> None:
    await pool.execute("INSERT INTO street.shares (queue, owner, waiting) VALUES ('text', 'many others', 10000)")
    answer = await mei.post("/api/haiku", json={"topic": "bells"})

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert await count(pool) == (0, 0, 0)


async def test_a_retry_that_is_being_written_does_not_outlive_its_haiku(mei: httpx.AsyncClient, pool: Pool) -> None:
    made = await compose(mei)
    (job,) = await claim(pool)
    await fail(pool, job)
    async with pool.acquire() as db, db.transaction():
        await wait_to_ask(db, MEI)
        await retry_request(db, job.request_id, MEI, timedelta(minutes=1))
        deleting = asyncio.create_task(mei.delete(made["resource"]))
        await waiting_for_a_lock(pool)
    answer = await deleting

    assert answer.status_code == 204
    assert await pool.fetchval("SELECT status FROM street.jobs WHERE id = $1", job.id) == "canceled"
