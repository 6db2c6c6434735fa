"""One run, from its ask to its ending."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from core.contracts.haiku import Compose, Message
from core.contracts.ids import UserId
from core.contracts.image import Paint
from core.contracts.job import ClaimedJob
from core.contracts.kinds import encode_ask
from core.contracts.speech import Say
from core.db.litter import note_litter, take_litter
from core.db.pool import make_pool
from core.db.stop import cancel_request
from core.errors import GiveUp, JobFailed, TryAgain
from core.litter import clear_litter
from core.storage import artifact_key, artifact_of
from tests.core.sweeping import swept_once
from tests.wire import wired
from tests.workers.conftest import MEI, claim, claim_one, submit
from tests.workers.scripted import FULL, POEM, SCENES, FickleDisk, Script, SlowDisk
from workers.leases import renew
from workers.parts import Parts
from workers.run import Run
from workers.run_job import run_job

COMPOSE = Compose("frogs", (Message("learner", "frogs"),), None, 1, illustrate=True)
SAY = Say(1, "古池や", "ふるいけ や")
PAINT = Paint(SCENES.scenes[0], "spring", ("古池や",), 7)


async def row_of(parts: Parts, job: ClaimedJob) -> Mapping[str, Any]:
    row = await parts.pool.fetchrow("SELECT * FROM street.jobs WHERE id = $1", job.id)
    assert row is not None
    return dict(row)


async def events_of(parts: Parts, job: ClaimedJob) -> list[str]:
    rows = await parts.pool.fetch("SELECT seq, type FROM street.events WHERE request_id = $1 ORDER BY seq", job.request_id)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    return [row["type"] for row in rows]


async def error_of(parts: Parts, job: ClaimedJob) -> dict[str, str]:
    return msgspec.json.decode((await row_of(parts, job))["error"], type=dict[str, str])


async def test_a_poem_is_followed_by_its_scenes_and_voices(parts: Parts) -> None:
    job = await claim_one(parts, COMPOSE)
    await run_job(Run(job), parts)
    row = await row_of(parts, job)
    following = await parts.pool.fetch("SELECT kind, parent FROM street.jobs WHERE status = 'queued' ORDER BY id")

    assert (row["status"], row["provider"], row["cost_microusd"]) == ("succeeded", "scripted", 120)
    assert [follower["kind"] for follower in following] == ["haiku.scenes", "speech.say", "speech.say", "speech.say"]
    assert {follower["parent"] for follower in following} == {job.id}
    assert await events_of(parts, job) == ["request.accepted", "job.started", "job.succeeded"]


async def test_a_poem_that_stays_as_it_is_is_not_illustrated_again(parts: Parts) -> None:
    job = await claim_one(parts, msgspec.structs.replace(COMPOSE, poem=POEM))
    await run_job(Run(job), parts)

    assert (await row_of(parts, job))["status"] == "succeeded"
    assert await parts.pool.fetchval("SELECT count(*) FROM street.jobs") == 1


async def test_a_poem_whose_pictures_were_given_up_is_illustrated_again(parts: Parts) -> None:
    job = await claim_one(parts, msgspec.structs.replace(COMPOSE, poem=POEM, interrupted=True))
    await run_job(Run(job), parts)

    assert await parts.pool.fetchval("SELECT count(*) FROM street.jobs WHERE kind IN ('haiku.scenes', 'speech.say')") == 4


async def test_a_poem_that_shall_not_be_illustrated_is_the_end(parts: Parts) -> None:
    job = await claim_one(parts, msgspec.structs.replace(COMPOSE, illustrate=False))
    await run_job(Run(job), parts)

    assert (await events_of(parts, job))[-2:] == ["job.succeeded", "request.succeeded"]


async def test_whatever_is_made_is_stored_before_the_job_is_done(parts: Parts) -> None:
    job = await claim_one(parts, SAY)
    await run_job(Run(job), parts)
    artifact = await parts.pool.fetchrow("SELECT * FROM street.artifacts")

    assert artifact is not None
    assert (artifact["owner"], artifact["media_type"]) == (MEI, "audio/mpeg")
    assert await parts.storage.get(artifact["storage_key"]) == SAY.text.encode()
    assert (await row_of(parts, job))["artifact"] == artifact["hash"]


async def test_what_was_paid_for_is_not_paid_for_again(parts: Parts, script: Script) -> None:
    first, again = await claim_one(parts, SAY), await claim_one(parts, SAY)
    await run_job(Run(first), parts)
    await run_job(Run(again), parts)
    row = await row_of(parts, again)

    assert script.calls == 1
    assert row["status"] == "succeeded"
    assert row["artifact"] == (await row_of(parts, first))["artifact"]
    assert (row["provider"], row["cost_microusd"]) == ("scripted", 0)


async def test_a_file_that_is_gone_is_made_again(parts: Parts, script: Script) -> None:
    """A folder that was cleaned up by hand, a backup without its files."""
    first, again = await claim_one(parts, SAY), await claim_one(parts, SAY)
    await run_job(Run(first), parts)
    key = await parts.pool.fetchval("SELECT storage_key FROM street.artifacts")
    await parts.storage.delete(key)
    await run_job(Run(again), parts)

    assert script.calls == 2
    assert await parts.storage.exists(key)
    assert (await row_of(parts, again))["status"] == "succeeded"


async def test_nobody_gets_what_another_learner_paid_for(parts: Parts, script: Script) -> None:
    mine, theirs = await claim_one(parts, SAY), await claim_one(parts, SAY, UserId("ken"))
    await run_job(Run(mine), parts)
    await run_job(Run(theirs), parts)

    assert script.calls == 2
    assert await parts.pool.fetchval("SELECT count(*) FROM street.artifacts") == 2


async def test_a_failure_that_may_pass_is_tried_three_times(parts: Parts, script: Script) -> None:
    script.then([TryAgain("Busy."), TryAgain("Busy."), TryAgain("Still busy.")])
    job = await claim_one(parts, COMPOSE)
    for _ in range(3):
        await run_job(Run(job), parts)
        await parts.pool.execute("UPDATE street.jobs SET due_at = '-infinity' WHERE status = 'retrying'")
        (job,) = await claim(parts) or (job,)

    assert script.calls == 3
    assert (await row_of(parts, job))["status"] == "failed"
    assert (await error_of(parts, job))["detail"] == "Still busy."
    assert (await events_of(parts, job))[-2:] == ["job.failed", "request.failed"]


async def test_being_throttled_costs_no_attempt(parts: Parts, script: Script) -> None:
    script.then([TryAgain("Slow down.", refund=True)])
    job = await claim_one(parts, COMPOSE)
    await run_job(Run(job), parts)
    row = await row_of(parts, job)

    assert (row["status"], row["attempt"], row["epoch"]) == ("retrying", 0, 1)


async def test_a_wait_the_provider_asked_for_is_kept(parts: Parts, script: Script) -> None:
    script.then([TryAgain("Slow down.", timedelta(minutes=7), refund=True)])
    job = await claim_one(parts, COMPOSE)
    await run_job(Run(job), parts)
    wait = await parts.pool.fetchval("SELECT due_at - clock_timestamp() FROM street.jobs")

    assert timedelta(minutes=6.5) < wait < timedelta(minutes=7)


@pytest.mark.parametrize(
    ("failure", "code", "detail"),
    [
        (GiveUp("The words were refused."), "give-up", "The words were refused."),
        (RuntimeError("the secret inside"), "internal", "Something went wrong on our side."),
    ],
)
async def test_what_cannot_work_fails_at_once_and_says_why(
    parts: Parts, script: Script, failure: Exception, code: str, detail: str
) -> None:
    script.then([failure])
    job = await claim_one(parts, COMPOSE)
    await run_job(Run(job), parts)
    error = await error_of(parts, job)

    assert script.calls == 1
    assert (await row_of(parts, job))["status"] == "failed"
    assert (error["type"], error["detail"]) == (f"urn:kotonoha:problem:{code}", detail)


async def test_an_ask_of_another_version_fails_without_a_call(parts: Parts, script: Script) -> None:
    job = msgspec.structs.replace(await claim_one(parts, COMPOSE), input='{"topic": 7}')
    await run_job(Run(job), parts)

    assert script.calls == 0
    assert (await row_of(parts, job))["status"] == "failed"


async def test_a_wish_canceled_before_the_call_costs_nothing(parts: Parts, script: Script) -> None:
    job = await claim_one(parts, COMPOSE)
    async with parts.pool.acquire() as db, db.transaction():
        await cancel_request(db, job.request_id, MEI)
    await run_job(Run(job), parts)

    assert script.calls == 0
    assert (await events_of(parts, job))[-2:] == ["job.canceled", "request.canceled"]


async def test_a_cancel_stops_the_call(parts: Parts, script: Script) -> None:
    script.hold()
    run = Run(await claim_one(parts, COMPOSE))
    running = asyncio.create_task(run_job(run, parts))
    await script.called()
    async with parts.pool.acquire() as db, db.transaction():
        await cancel_request(db, run.job.request_id, MEI)
    await renew({run}, parts.pool, parts.settings)
    await running

    assert script.at_once == 0
    assert (await row_of(parts, run.job))["status"] == "canceled"


async def test_a_zombie_writes_nothing(parts: Parts, script: Script) -> None:
    script.hold()
    zombie = Run(await claim_one(parts, SAY))
    running = asyncio.create_task(run_job(zombie, parts))
    await script.called()
    await parts.pool.execute("UPDATE street.jobs SET lease_until = '-infinity'")
    await swept_once(parts.pool, parts.settings)
    (heir,) = await claim(parts)
    script.release()
    await running

    row = await row_of(parts, heir)
    assert (row["status"], row["epoch"], row["result"]) == ("running", 2, None)
    assert await parts.pool.fetchval("SELECT count(*) FROM street.artifacts") == 0
    # Its file is deleted one day, if the heir does not show the same.
    assert await parts.pool.fetchval("SELECT due_at > clock_timestamp() FROM street.litter")


async def test_what_is_being_deleted_is_made_again_when_it_is_gone_and_stays(parts: Parts, script: Script) -> None:
    job = await claim_one(parts, SAY)
    key = artifact_key(job.owner, artifact_of(job.owner, job.input_hash), "audio/mpeg")
    async with parts.pool.acquire() as db:
        await note_litter(db, key, timedelta(0))
        taken = await take_litter(db)
        await run_job(Run(job), parts)
        row = await row_of(parts, job)
        # Its deleter did not say that it is gone: it may, until a minute has passed.
        await db.execute("UPDATE street.litter SET due_at = clock_timestamp() - interval '1 s'")
    await parts.pool.execute("UPDATE street.jobs SET due_at = clock_timestamp()")
    (job,) = await claim(parts)
    script.hold()
    running = asyncio.create_task(run_job(Run(job), parts))
    await script.called()
    cleared = await clear_litter(parts.pool, parts.storage)
    script.release()
    await running

    assert taken.keys == [key]
    assert (row["status"], row["attempt"], row["cost_microusd"]) == ("retrying", 0, None)
    assert (cleared, script.calls) == (0, 1)
    assert await parts.storage.exists(key)
    assert await parts.pool.fetchval("SELECT due_at > clock_timestamp() FROM street.litter"), "until it is shown"


async def test_a_lost_lease_stops_the_call(parts: Parts, script: Script) -> None:
    script.hold()
    run = Run(await claim_one(parts, SAY))
    running = asyncio.create_task(run_job(run, parts))
    await script.called()
    await parts.pool.execute("UPDATE street.jobs SET lease_until = '-infinity'")
    await swept_once(parts.pool, parts.settings)
    await renew({run}, parts.pool, parts.settings)
    await running

    assert script.at_once == 0
    assert (await events_of(parts, run.job))[-1] == "job.retrying"


@pytest.mark.parametrize(
    ("loss", "event"),
    [("DELETE FROM street.requests", "job unwanted"), ("UPDATE street.jobs SET epoch = epoch + 1", "job lost")],
    ids=["deleted", "taken over"],
)
async def test_a_job_is_missed_only_while_it_is_wanted(
    parts: Parts, script: Script, capsys: pytest.CaptureFixture[str], loss: str, event: str
) -> None:
    script.hold()
    run = Run(await claim_one(parts, SAY))
    running = asyncio.create_task(run_job(run, parts))
    await script.called()
    await parts.pool.execute(loss)
    await renew({run}, parts.pool, parts.settings)
    await running

    told = [line for line in "".join(capsys.readouterr()).splitlines() if "job unwanted" in line or "job lost" in line]
    assert len(told) == 1
    assert event in told[0]
    assert ("warning" in told[0]) == (event == "job lost")


async def test_a_drained_job_is_handed_back_at_once_and_at_no_cost(parts: Parts, script: Script) -> None:
    script.hold()
    run = Run(await claim_one(parts, SAY))
    running = asyncio.create_task(run_job(run, parts))
    await script.called()
    run.stop("drained")
    await running
    row = await row_of(parts, run.job)

    assert (row["status"], row["attempt"]) == ("retrying", 0)
    assert len(await claim(parts)) == 1


async def test_a_full_disk_for_a_moment_costs_no_second_call(parts: Parts, script: Script) -> None:
    disk = FickleDisk(parts.storage, [FULL] * 2)
    job = await claim_one(parts, PAINT)
    await run_job(Run(job), msgspec.structs.replace(parts, storage=disk))

    assert (script.calls, disk.puts) == (1, 3)
    assert (await row_of(parts, job))["status"] == "succeeded"


async def test_an_answer_outlives_a_database_that_goes_away(parts: Parts, script: Script) -> None:
    script.hold()
    job = await claim_one(parts, SAY)
    async with wired(parts.settings.database_url) as (wire, url), make_pool(url) as distant:
        running = asyncio.create_task(run_job(Run(job), msgspec.structs.replace(parts, pool=distant)))
        await script.called()
        wire.cut()
        script.release()
        await asyncio.wait([running], timeout=0.3)
        still_trying = not running.done()
        wire.mend()
        await running

    assert still_trying
    assert script.calls == 1
    assert (await row_of(parts, job))["status"] == "succeeded"


async def test_an_answer_that_is_paid_for_is_kept_whatever_stops_the_run(parts: Parts, script: Script) -> None:
    """A deploy, or a cancel, that comes while the file is stored."""
    disk = SlowDisk(parts.storage)
    for why in ("drained", "canceled"):
        run = Run(await claim_one(parts, Say(1, f"{why} too late", "ふるいけ や")))
        running = asyncio.create_task(run_job(run, msgspec.structs.replace(parts, storage=disk)))
        await disk.putting.wait()
        run.stop(why)
        disk.free.set()
        await running

        assert (await row_of(parts, run.job))["status"] == "succeeded"
        disk.again()
    assert script.calls == 2


async def test_text_no_row_can_hold_fails_the_job_and_nothing_else(parts: Parts, script: Script) -> None:
    unspeakable = msgspec.structs.replace(COMPOSE, topic="a\x00b", illustrate=False)
    job = msgspec.structs.replace(await claim_one(parts, COMPOSE), input=encode_ask(unspeakable))
    await run_job(Run(job), parts)

    assert script.calls == 1
    assert (await row_of(parts, job))["status"] == "failed"
    assert (await row_of(parts, job))["cost_microusd"] == 120
    assert (await error_of(parts, job))["type"] == "urn:kotonoha:problem:internal"


async def test_a_tool_that_never_answers_is_given_up_on(parts: Parts, script: Script) -> None:
    script.hold()
    impatient = msgspec.structs.replace(parts.settings, call_seconds=0.02)
    job = await claim_one(parts, COMPOSE)
    await run_job(Run(job), msgspec.structs.replace(parts, settings=impatient))

    assert (await row_of(parts, job))["status"] == "retrying"


async def test_a_lease_that_passed_while_nobody_was_rescued_is_still_ours(parts: Parts, script: Script) -> None:
    job = await claim_one(parts, COMPOSE)
    await parts.pool.execute("UPDATE street.jobs SET lease_until = '-infinity'")
    await run_job(Run(job), parts)

    assert script.calls == 1
    assert (await row_of(parts, job))["status"] == "succeeded"


async def test_two_requests_do_not_disturb_each_other(parts: Parts, script: Script) -> None:
    script.then([GiveUp("No.")])
    await submit(parts, SAY, PAINT)
    jobs = await claim(parts)
    for job in jobs:
        await run_job(Run(job), parts)
    statuses = [(await row_of(parts, job))["status"] for job in jobs]

    assert statuses == ["failed", "succeeded"]
    assert (await events_of(parts, jobs[0]))[-1] == "request.failed"


def test_every_failure_of_a_tool_tells_what_to_do_next() -> None:
    assert set(JobFailed.__subclasses__()) == {TryAgain, GiveUp}
