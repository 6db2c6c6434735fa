"""Heartbeat and intent: what a worker may do only while a job is its own."""

import asyncio
from datetime import timedelta

from msgspec.structs import replace

from core.contracts.ids import ArtifactId
from core.contracts.job import ClaimedJob
from core.db.lease import intend, is_wanted, renew_leases
from core.db.pool import PlainConnection, Pool
from core.db.stop import cancel_request
from tests.core.db.rows import (
    KEN,
    MEI,
    MINUTE,
    again,
    artifact_of,
    claim,
    claim_one,
    end,
    everything,
    lose_lease,
    paint,
    rescue,
    row,
    submit,
    success,
    waiting_for_a_lock,
)


async def left(connection: PlainConnection, job: ClaimedJob) -> timedelta:
    lease: timedelta = await connection.fetchval("SELECT lease_until - clock_timestamp() FROM street.jobs WHERE id = $1", job.id)
    return lease


async def test_a_heartbeat_renews_the_leases_of_all_jobs_in_hand(connection: PlainConnection) -> None:
    await submit(connection)
    await submit(connection)
    jobs = list((await claim(connection, slots=2, lease=timedelta(seconds=1))).jobs)
    held = await renew_leases(connection, jobs, MINUTE)

    assert {(lease.job_id, lease.epoch, lease.canceled) for lease in held} == {(job.id, 1, False) for job in jobs}
    for job in jobs:
        assert await left(connection, job) > 0.9 * MINUTE


async def test_a_job_is_wanted_until_its_request_is_canceled_or_gone(connection: PlainConnection) -> None:
    await submit(connection)
    job = await claim_one(connection)
    at_first = await is_wanted(connection, job.id)
    await cancel_request(connection, job.request_id, MEI)
    canceled = await is_wanted(connection, job.id)
    await connection.execute("DELETE FROM street.requests")

    assert (at_first, canceled, await is_wanted(connection, job.id)) == (True, False, False)


async def test_a_heartbeat_for_an_earlier_epoch_renews_nothing(connection: PlainConnection) -> None:
    await submit(connection)
    old = await claim_one(connection)
    await end(connection, old, again())
    new = (await claim(connection, lease=timedelta(seconds=1))).jobs[0]
    held = await renew_leases(connection, [old], MINUTE)

    assert held == ()
    assert await left(connection, new) < timedelta(seconds=1)


async def test_a_heartbeat_for_a_job_that_ended_or_was_rescued_says_nothing(connection: PlainConnection) -> None:
    await submit(connection)
    await submit(connection)
    ended, rescued = (await claim(connection, slots=2)).jobs
    await end(connection, ended, success())
    await lose_lease(connection, rescued)
    await end(connection, rescued, rescue())

    assert await renew_leases(connection, [ended, rescued], MINUTE) == ()


async def test_a_heartbeat_reports_that_the_learner_canceled(connection: PlainConnection) -> None:
    request = await submit(connection)
    job = await claim_one(connection)
    await cancel_request(connection, request, MEI)
    (held,) = await renew_leases(connection, [job], MINUTE)

    assert held.canceled


async def test_a_heartbeat_waits_for_nobody(pool: Pool) -> None:
    async with pool.acquire() as db:
        await submit(db)
        await submit(db)
        first, second = (await claim(db, slots=2, lease=timedelta(seconds=5))).jobs
        async with pool.acquire() as holder, holder.transaction():
            await holder.execute("SELECT FROM street.jobs WHERE id = $1 FOR UPDATE", first.id)
            async with asyncio.timeout(2):
                held = await renew_leases(db, [first, second], MINUTE)

        assert {lease.job_id for lease in held} == {first.id, second.id}, "what is being written to is not lost"
        assert (await row(db, "jobs", first.id))["lease_until"] < (await row(db, "jobs", second.id))["lease_until"]


async def test_an_intent_is_written_before_a_provider_is_called(connection: PlainConnection) -> None:
    await submit(connection)
    job = await claim_one(connection)
    intent = await intend(connection, job, ArtifactId("hash"))
    (call,) = await connection.fetch("SELECT job_id, epoch, owner, state, ended_at FROM street.provider_calls")

    assert intent is not None
    assert intent.found is None
    assert tuple(call) == (job.id, 1, MEI, "intent", None)


async def test_what_was_paid_for_once_is_found_and_no_call_is_written(connection: PlainConnection) -> None:
    await submit(connection, MEI, paint())
    await submit(connection, MEI, paint())
    first, second = (await claim(connection, "image", slots=2)).jobs
    artifact = artifact_of(first)
    await end(connection, first, success(artifact=artifact))
    intent = await intend(connection, second, artifact.hash)

    assert intent is not None
    assert intent.found == artifact
    assert await connection.fetchval("SELECT count(*) FROM street.provider_calls") == 0


async def test_what_another_learner_paid_for_is_never_found(connection: PlainConnection) -> None:
    await submit(connection, MEI, paint())
    await submit(connection, KEN, paint())
    mine, theirs = sorted((await claim(connection, "image", slots=2)).jobs, key=lambda job: job.owner, reverse=True)
    artifact = artifact_of(mine)
    await end(connection, mine, success(artifact=artifact))
    intent = await intend(connection, theirs, artifact.hash)

    assert intent is not None
    assert intent.found is None


async def test_there_is_no_leave_without_a_lease_or_after_a_cancel(connection: PlainConnection) -> None:
    requests = [await submit(connection) for _ in range(4)]
    expired, canceled, ended, mine = (await claim(connection, slots=4)).jobs
    await lose_lease(connection, expired)
    await cancel_request(connection, requests[1], MEI)
    await end(connection, ended, again())
    before = await everything(connection)
    not_ours = [expired, canceled, ended, replace(mine, epoch=0), replace(mine, epoch=2)]

    assert [await intend(connection, job, ArtifactId("hash")) for job in not_ours] == [None] * 5
    assert await everything(connection) == before


async def test_a_cancel_that_is_being_written_is_waited_for(pool: Pool) -> None:
    async with pool.acquire() as db:
        request = await submit(db)
        job = await claim_one(db)
        async with pool.acquire() as canceling, canceling.transaction():
            await cancel_request(canceling, request, MEI)
            intent = asyncio.create_task(intend(db, job, ArtifactId("hash")))
            await waiting_for_a_lock(pool)

        assert await intent is None


async def test_a_rescue_that_is_being_written_is_waited_for(pool: Pool) -> None:
    async with pool.acquire() as db:
        await submit(db)
        job = await claim_one(db)
        async with pool.acquire() as rescuing, rescuing.transaction():
            await end(rescuing, job, again())
            intent = asyncio.create_task(intend(db, job, ArtifactId("hash")))
            await waiting_for_a_lock(pool)

        assert await intent is None
        assert await db.fetchval("SELECT count(*) FROM street.provider_calls") == 0
