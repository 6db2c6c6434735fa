"""What nobody else would notice: lost leases, passed deadlines, lost bells and old rows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import get_args
from uuid import UUID

import pytest
from msgspec.structs import replace

from core.cancel import cancel_until_done
from core.contracts.events import Event
from core.contracts.ids import RequestId, new_id
from core.contracts.job import ClaimedJob
from core.db.events import list_events
from core.db.pool import Connection, Pool, make_pool
from core.db.requests import get_request
from core.db.retry import retry_request
from core.db.stop import cancel_request, stop_requests_for
from core.db.submit import find_same_key, submit_request
from core.db.sweep import Duty, take_sweep_lock
from core.db.tickets import insert_ticket, take_ticket
from core.errors import Unavailable
from core.queue import Bell, connect_bell, wake_list
from core.settings import Settings, read_settings
from core.sweeper import RESCUED_AT_ONCE, Swept, forget_the_old, keep_sweeping, sweep
from tests.core.db.rows import (
    KEN,
    MEI,
    MINUTE,
    again,
    claim,
    claim_one,
    compose,
    end,
    everything,
    failure,
    lose_lease,
    paint,
    row,
    say,
    submission,
    submit,
    success,
    told,
)
from tests.core.sweeping import swept_once
from tests.until import until
from tests.wire import wired


@pytest.fixture
def settings() -> Settings:
    required = ("DATABASE_URL", "REDIS_URL", "MEDIA_DIR", "LINK_SECRET", "PUBLIC_URL", "ISSUER", "JWKS_URL", "CLIENT_IDS")
    return read_settings({f"KOTONOHA_{name}": "of this test" for name in required} | {"KOTONOHA_SWEEP_SECONDS": "0.01"})


async def lost(db: Connection) -> ClaimedJob:
    """A text job whose worker is gone."""
    job = await claim_one(db)
    await lose_lease(db, job)
    return job


async def pass_deadline(db: Connection, request: RequestId) -> None:
    await db.execute("UPDATE street.requests SET deadline = clock_timestamp() - interval '1 s' WHERE id = $1", request)


def types(events: tuple[Event, ...]) -> list[str]:
    return [event.type for event in events]


async def test_a_quiet_street_is_swept_without_a_word(pool: Pool, settings: Settings) -> None:
    assert await swept_once(pool, settings) == Swept()


async def test_a_lost_job_is_tried_again_at_once_and_the_lost_run_counts(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db)
        job = await lost(db)
        swept = await swept_once(pool, settings)
        found = await row(db, "jobs", job.id)
        next_job = await claim_one(db)

        assert (swept.rescued, swept.due, types(swept.events)) == (1, ("text",), ["job.retrying"])
        assert (found["status"], found["attempt"], found["lost_leases"], found["worker"]) == ("retrying", 1, 1, None)
        assert (next_job.id, next_job.epoch, next_job.attempt) == (job.id, 2, 2)
        assert await told(db, request) == ["request.accepted", "job.started", "job.retrying", "job.started"]
        assert await end(db, job, success()) is None, "whoever had it before writes nothing"


async def test_a_job_whose_worker_lives_is_left_alone(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        await submit(db)
        await claim_one(db)
        before = await everything(db)

        assert await swept_once(pool, settings) == Swept()
        assert await everything(db) == before


async def test_three_lost_leases_in_a_row_are_a_crash_loop(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db)
        # Refunds give it attempts enough: what ends it is how it was lost.
        await db.execute("UPDATE street.jobs SET max_attempts = 9")
        seen = []
        for _ in range(3):
            await lost(db)
            seen.append(types((await swept_once(pool, settings)).events))
        found = await get_request(db, request, MEI)

    assert seen == [["job.retrying"], ["job.retrying"], ["job.failed", "request.failed"]]
    assert found.error is not None
    assert found.error.type == "urn:kotonoha:problem:crash-loop"


async def test_a_poison_job_does_not_take_its_neighbours_with_it(pool: Pool, settings: Settings) -> None:
    """One worker, which dies whenever it has the poison among its jobs, and else does what it claimed."""
    async with pool.acquire() as db:
        for _ in range(4):
            await submit(db)
        poison = await db.fetchval("SELECT id FROM street.jobs ORDER BY id OFFSET 1 LIMIT 1")
        for _ in range(8):
            jobs = (await claim(db, slots=4)).jobs
            for job in jobs:
                if poison in {job.id for job in jobs}:
                    await lose_lease(db, job)
                else:
                    await end(db, job, success())
            await swept_once(pool, settings)
            # A second less than a lease passes: who waits for a lease more is not yet due.
            await db.execute("UPDATE street.jobs SET due_at = due_at - interval '9 s' WHERE status = 'retrying'")
        rows = await db.fetch("SELECT id, status, error ->> 'type' AS why FROM street.jobs")

    assert {row["status"] for row in rows if row["id"] != poison} == {"succeeded"}
    assert [row["why"] for row in rows if row["id"] == poison] == ["urn:kotonoha:problem:crash-loop"]


async def test_a_run_that_ends_by_itself_begins_the_row_anew(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db)
        await db.execute("UPDATE street.jobs SET max_attempts = 9")
        for loses in (True, True, False, True, True):
            job = await claim_one(db)
            if loses:
                await lose_lease(db, job)
                await swept_once(pool, settings)
            else:
                await end(db, job, again())

        assert (await get_request(db, request, MEI)).status == "running"


async def test_a_lost_run_that_was_the_last_attempt_fails_the_job(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db)
        for ending in (again(), again()):
            await end(db, await claim_one(db), ending)
        await lost(db)
        swept = await swept_once(pool, settings)
        found = await get_request(db, request, MEI)

    assert types(swept.events) == ["job.failed", "request.failed"]
    assert found.error is not None
    assert found.error.type == "urn:kotonoha:problem:try-again"


async def test_a_lost_job_that_was_canceled_is_not_tried_again(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db)
        await lost(db)
        await cancel_request(db, request, MEI)

    assert types((await swept_once(pool, settings)).events) == ["job.canceled", "request.canceled"]


async def test_an_overdue_request_fails_with_all_its_open_jobs(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db, MEI, say(1), say(2), say(3), compose())
        done, running = (await claim(db, "speech", slots=2)).jobs
        await end(db, done, success())
        await end(db, await claim_one(db), again(MINUTE))
        await pass_deadline(db, request)
        swept = await swept_once(pool, settings)
        found = await get_request(db, request, MEI)
        before = await everything(db)

        assert swept.overdue == 1
        assert types(swept.events) == ["job.failed"] * 3 + ["request.failed"]
        assert [job.status for job in found.jobs] == ["succeeded", "failed", "failed", "failed"]
        assert found.error is not None
        assert found.error.type == "urn:kotonoha:problem:overdue"
        assert (await told(db, request))[-4:] == types(swept.events)
        assert await end(db, running, success(paint())) is None
        assert await everything(db) == before


async def test_an_overdue_request_can_be_tried_again_and_has_its_time_again(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db)
        await pass_deadline(db, request)
        await swept_once(pool, settings)
        async with db.transaction():
            await retry_request(db, request, MEI, MINUTE)
        second = await swept_once(pool, settings)

        assert second.overdue == 0
        await end(db, await claim_one(db), success())
        assert (await get_request(db, request, MEI)).status == "succeeded"


async def test_many_overdue_requests_are_told_each_by_itself(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        requests = [await submit(db, owner, compose(), say()) for owner in (MEI, KEN, MEI)]
        for request in requests:
            await pass_deadline(db, request)
        swept = await swept_once(pool, settings)

        assert swept.overdue == 3
        for request in requests:
            assert await told(db, request) == ["request.accepted", "job.failed", "job.failed", "request.failed"]


async def swept_while_fresh(db: Connection, pool: Pool, settings: Settings) -> Swept:
    """Sweeps before any job has waited for as long as a bell takes, however slow the machine."""
    while True:
        await db.execute("UPDATE street.jobs SET waiting_since = clock_timestamp()")
        swept = await swept_once(pool, settings)
        if await db.fetchval("SELECT bool_and(waiting_since > clock_timestamp() - interval '0.2 s') FROM street.jobs"):
            return swept


async def test_whoever_waits_too_long_is_rung_for_however_often_that_was(pool: Pool, settings: Settings) -> None:
    """A bell that waited longer each time once left jobs alone for a minute."""
    async with pool.acquire() as db:
        await submit(db, MEI, compose())
        await submit(db, MEI, paint())
        fresh = await swept_while_fresh(db, pool, settings)
        await db.execute("UPDATE street.jobs SET waiting_since = clock_timestamp() - interval '1 s'")
        rung = [(await swept_once(pool, settings)).due for _ in range(5)]
        await end(db, await claim_one(db), again(MINUTE))
        after = await swept_once(pool, settings)

    assert fresh.due == ()
    assert [set(queues) for queues in rung] == [{"text", "image"}] * 5
    assert after.due == ("image",)


async def test_only_one_sweeps_at_a_time(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db, pool.acquire() as sweeping:
        await submit(db)
        await lost(db)
        async with sweeping.transaction():
            assert all([await take_sweep_lock(sweeping, duty) for duty in get_args(Duty)])
            async with asyncio.timeout(10):
                meanwhile = await swept_once(pool, settings)
                forgotten = await forget_the_old(pool, settings)
        after = await swept_once(pool, settings)

    assert (meanwhile, forgotten) == (Swept(), 0)
    assert after.rescued == 1


async def test_who_finds_a_lost_job_is_not_turned_away_by_who_does_something_else(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db, pool.acquire() as sweeping:
        await submit(db)
        await lost(db)
        async with sweeping.transaction():
            assert await take_sweep_lock(sweeping, "end")
            assert await take_sweep_lock(sweeping, "prune")

            assert (await swept_once(pool, settings)).rescued == 1


async def test_many_sweepers_rescue_each_job_once(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db, MEI, *(say(number) for number in range(8)))
        for job in (await claim(db, "speech", slots=8, running_per_owner=8)).jobs:
            await lose_lease(db, job)
    swept = await asyncio.gather(*(swept_once(pool, settings) for _ in range(5)))

    async with pool.acquire() as db:
        assert sum(each.rescued for each in swept) == 8
        assert (await told(db, request)).count("job.retrying") == 8


NO_RESCUE = """
CREATE FUNCTION street.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'not now' USING ERRCODE = 'admin_shutdown';
END $$;
"""


async def _lose(db: Connection, count: int) -> list[ClaimedJob]:
    """So many speech jobs, each of a request of its own."""
    for number in range(count):
        await submit(db, MEI, say(number))
    jobs = (await claim(db, "speech", slots=count, running_per_owner=count)).jobs
    for job in jobs:
        await lose_lease(db, job)
    return sorted(jobs, key=lambda job: job.id)


async def test_what_was_rescued_before_a_rescue_failed_stays_rescued_and_was_told(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        *_, last = await _lose(db, RESCUED_AT_ONCE + 2)
        await db.execute(NO_RESCUE)
        await db.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON street.jobs FOR EACH ROW"
            f" WHEN (old.id = '{last.id}') EXECUTE FUNCTION street.refuse()"
        )
        pieces = sweep(pool, settings)
        first = await anext(pieces)
        with pytest.raises(Unavailable):
            await anext(pieces)
        left = await db.fetchval("SELECT count(*) FROM street.jobs WHERE status = 'running'")
        await db.execute("DROP TRIGGER refuse ON street.jobs")

    assert (first.rescued, left) == (RESCUED_AT_ONCE, 2)
    assert types(first.events) == ["job.retrying"] * RESCUED_AT_ONCE
    assert (await swept_once(pool, settings)).rescued == 2


async def test_a_sweep_that_goes_on_for_another_gives_no_turn_away_twice(pool: Pool, settings: Settings) -> None:
    """All are suspects, of whom each waits for a lease longer than another, whoever rescues them."""
    settings = replace(settings, backoff_cap_seconds=1000)
    async with pool.acquire() as db:
        jobs = await _lose(db, RESCUED_AT_ONCE + 2)
        await db.execute("UPDATE street.jobs SET lost_leases = 1")
        broken_off = sweep(pool, settings)
        await anext(broken_off)
        await swept_once(pool, settings)
        due = await db.fetch("SELECT extract(epoch FROM due_at - now())::float AS wait FROM street.jobs ORDER BY due_at")

    places = [round(row["wait"] / settings.lease_seconds) for row in due]
    assert places == list(range(len(jobs)))


async def test_a_request_somebody_writes_to_waits_for_the_next_sweep(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db, pool.acquire() as writing:
        held, overdue = await submit(db, MEI), await submit(db, MEI, say())
        await pass_deadline(db, overdue)
        await lost(db)
        async with writing.transaction():
            await writing.execute("SELECT FROM street.requests FOR UPDATE")
            async with asyncio.timeout(10):
                meanwhile = await swept_once(pool, settings)
        after = await swept_once(pool, settings)

        assert (meanwhile.rescued, meanwhile.overdue) == (0, 0)
        assert (after.rescued, after.overdue) == (1, 1)
        assert (await told(db, held))[-1] == "job.retrying"


async def test_a_learner_somebody_writes_for_holds_up_nobody_elses_rescue(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db, pool.acquire() as writing:
        for owner in (MEI, KEN):
            await submit(db, owner)
            await lost(db)
        async with writing.transaction():
            await writing.execute("SELECT FROM street.shares WHERE owner = $1 FOR UPDATE", MEI)
            async with asyncio.timeout(2):
                meanwhile = await swept_once(pool, settings)
        after = await swept_once(pool, settings)

    assert (meanwhile.rescued, after.rescued) == (1, 1)


async def test_each_rescued_job_is_rung_for_unless_it_is_put_off(pool: Pool, settings: Settings) -> None:
    """One bell is one worker's look, which may have room for only one of them."""
    async with pool.acquire() as db:
        suspect, *_ = await _lose(db, 4)
        await db.execute("UPDATE street.jobs SET lost_leases = 1 WHERE id <> $1", suspect.id)
        first = await anext(sweep(pool, settings))

    # Of three suspects the last waits for nobody.
    assert first.due == ("speech", "speech")


async def test_a_redis_that_says_nothing_holds_up_no_rescue(pool: Pool, settings: Settings, valkey_url: str) -> None:
    async with pool.acquire() as db:
        await _lose(db, 8 * RESCUED_AT_ONCE)
    async with wired(valkey_url) as (wire, url), sweeping(pool, connect_bell(url), settings):
        wire.silence()

        await until(partial(_is_rescued, pool), within_seconds=3.5)


async def test_a_sweep_that_failed_comes_again_soon(pool: Pool, database: str, bell: Bell, settings: Settings) -> None:
    async with pool.acquire() as db:
        await _lose(db, 1)
    patient = replace(settings, sweep_seconds=2.0)
    async with wired(database) as (wire, url), make_pool(url) as distant, sweeping(distant, bell, patient):
        await wire.die_after(b"lease_until")

        await until(partial(_is_rescued, pool), within_seconds=1.5)


async def _is_rescued(pool: Pool) -> bool:
    return not await pool.fetchval("SELECT EXISTS (SELECT FROM street.jobs WHERE status = 'running')")


@asynccontextmanager
async def sweeping(pool: Pool, bell: Bell, settings: Settings) -> AsyncIterator[None]:
    task = asyncio.create_task(keep_sweeping(pool, bell, settings, lambda *_: None))
    try:
        yield
    finally:
        await cancel_until_done({task})
        await bell.aclose(close_connection_pool=True)


async def test_sweeps_beside_endings_and_stops_never_wait_in_a_circle(pool: Pool, settings: Settings) -> None:
    for _ in range(4):
        async with pool.acquire() as db:
            stopped = new_id()
            overdue = [await submit(db, MEI, paint(), say(), compose()) for _ in range(3)]
            await submit(db, MEI, compose(), paint(), resource=stopped)
            claims = [await claim(db, queue, slots=3, running_per_owner=9) for queue in ("image", "text", "speech")]
            jobs = [job for each in claims for job in each.jobs]
            for job in jobs[::2]:
                await lose_lease(db, job)
            for request in overdue[1:]:
                await pass_deadline(db, request)
        await asyncio.gather(
            *(swept_once(pool, settings) for _ in range(3)), *(_finish(pool, job) for job in jobs), _stop(pool, stopped)
        )
        await swept_once(pool, settings)

    assert await pool.fetchval("SELECT count(*) FROM street.requests WHERE deadline < now() AND finished_at IS NULL") == 0


async def _finish(pool: Pool, job: ClaimedJob) -> None:
    async with pool.acquire() as db:
        await end(db, job, success(say(), paint()))


async def _stop(pool: Pool, resource: UUID) -> None:
    async with pool.acquire() as db, db.transaction():
        await stop_requests_for(db, resource, MEI)


async def test_events_go_thirty_days_after_the_end_and_not_before(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        old, young, waiting = await submit(db), await submit(db), await submit(db)
        for job in (await claim(db, slots=2)).jobs:
            await end(db, job, failure())
        await db.execute("UPDATE street.requests SET finished_at = now() - interval '30 days 1 minute' WHERE id = $1", old)
        await db.execute("UPDATE street.requests SET finished_at = now() - interval '29 days 23 hours' WHERE id = $1", young)
        await db.execute("UPDATE street.requests SET created_at = now() - interval '40 days' WHERE id = $1", waiting)
        gone = await forget_the_old(pool, settings)
        again_gone = await forget_the_old(pool, settings)

        assert (gone, again_gone) == (4, 0)
        assert await list_events(db, old, 0) == []
        assert len(await list_events(db, young, 0)) == 4
        assert len(await list_events(db, waiting, 0)) == 1


async def test_what_is_retried_long_after_its_events_went_is_forgotten_again(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        request = await submit(db)
        counts = []
        for _ in range(2):
            await end(db, await claim_one(db), failure())
            await db.execute("UPDATE street.requests SET finished_at = now() - interval '31 days'")
            counts.append(await forget_the_old(pool, settings))
            async with db.transaction():
                await retry_request(db, request, MEI, MINUTE)

        assert counts == [4, 4]
        assert [event.seq for event in await list_events(db, request, 0)] == [9]


async def test_keys_go_after_a_day_and_may_then_be_used_again(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        old, _ = await submit_request(db, submission(key="old"), MINUTE, 3)
        young, _ = await submit_request(db, submission(key="young"), MINUTE, 3)
        await db.execute("UPDATE street.requests SET created_at = now() - interval '24 h 1 min' WHERE id = $1", old)
        await db.execute("UPDATE street.requests SET created_at = now() - interval '23 h 59 min' WHERE id = $1", young)
        await forget_the_old(pool, settings)
        reused, event = await submit_request(db, submission(key="old"), MINUTE, 3)

        assert event is not None
        assert reused != old
        assert await find_same_key(db, MEI, "young", "hash of young") == young


async def test_tickets_nobody_came_with_go(pool: Pool, settings: Settings) -> None:
    async with pool.acquire() as db:
        now = await db.fetchval("SELECT now()")
        await insert_ticket(db, "expired", MEI, timedelta(seconds=-1), now)
        await insert_ticket(db, "good", MEI, MINUTE, now)
        gone = await forget_the_old(pool, settings)

        assert gone == 1
        assert await take_ticket(db, "expired") is None
        assert await take_ticket(db, "good") == (MEI, now)
        assert await take_ticket(db, "good") is None


async def test_the_sweeper_rings_tells_and_goes_on_until_it_is_stopped(pool: Pool, bell: Bell, settings: Settings) -> None:
    async with pool.acquire() as db:
        await submit(db)
        await lost(db)
    rounds: asyncio.Queue[tuple[int, int, tuple[Event, ...]]] = asyncio.Queue()
    sweeping = asyncio.create_task(keep_sweeping(pool, bell, settings, lambda *found: rounds.put_nowait(found)))
    async with asyncio.timeout(20):
        first, _ = await rounds.get(), await rounds.get()
        await until(partial(_is_rung, bell))
    sweeping.cancel()
    await asyncio.wait({sweeping})

    assert first[:2] == (1, 0)
    assert [event.type for event in first[2]] == ["job.retrying"]
    assert sweeping.cancelled()


async def _is_rung(bell: Bell) -> bool:
    return bool(await bell.exists(wake_list("text")))


async def test_the_sweeper_outlives_a_database_that_goes_away(database: str, pool: Pool, bell: Bell, settings: Settings) -> None:
    rounds: asyncio.Queue[tuple[int, int, tuple[Event, ...]]] = asyncio.Queue()
    sweeping = asyncio.create_task(keep_sweeping(pool, bell, settings, lambda *found: rounds.put_nowait(found)))
    async with asyncio.timeout(20):
        await rounds.get()
        await pool.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
            database.rpartition("/")[2],
        )
        for _ in range(5):
            await rounds.get()
    sweeping.cancel()
    await asyncio.wait({sweeping})

    assert sweeping.cancelled()


NO_PRUNING = """
CREATE FUNCTION street.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'not now' USING ERRCODE = 'lock_not_available';
END $$;
CREATE TRIGGER refuse BEFORE DELETE ON street.tickets EXECUTE FUNCTION street.refuse();
"""


async def test_a_sweep_is_told_also_when_the_pruning_after_it_fails(
    pool: Pool, bell: Bell, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.sweeper.PRUNE_EVERY_SECONDS", 0)
    async with pool.acquire() as db:
        await submit(db)
        await lost(db)
        await db.execute(NO_PRUNING)
    rounds: asyncio.Queue[tuple[int, int, tuple[Event, ...]]] = asyncio.Queue()
    sweeping = asyncio.create_task(keep_sweeping(pool, bell, settings, lambda *found: rounds.put_nowait(found)))
    async with asyncio.timeout(20):
        first = await rounds.get()
    sweeping.cancel()
    await asyncio.wait({sweeping})

    assert [event.type for event in first[2]] == ["job.retrying"]
