"""The claim: fair, never more than fits, never the same job twice, and never waiting for anybody."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from core.contracts.ids import UserId
from core.contracts.kinds import ASKS
from core.db.claim import Claim, claim_jobs
from core.db.pool import PlainConnection, Pool, connected
from core.db.requests import get_request
from core.db.stop import cancel_request
from tests.core.db.rows import KEN, MEI, MINUTE, again, claim, claim_one, end, row, say, submit, success, told

YUI = UserId("yui")
FAR = timedelta(hours=1)


async def test_a_claimed_job_runs_with_a_new_epoch_a_lease_and_an_event(connection: PlainConnection) -> None:
    request = await submit(connection)
    claimed = await claim(connection, lease=timedelta(seconds=10))
    (job,) = claimed.jobs

    found = await row(connection, "jobs", job.id)
    left = await connection.fetchval("SELECT lease_until - clock_timestamp() FROM street.jobs WHERE id = $1", job.id)
    assert (found["status"], found["epoch"], found["attempt"], found["worker"]) == ("running", 1, 1, "test")
    assert timedelta(seconds=5) < left < timedelta(seconds=10)
    assert (job.owner, job.kind, job.epoch, job.attempt, job.max_attempts) == (MEI, "haiku.compose", 1, 1, 3)
    assert job.traceparent == "00-aa-bb-01"
    assert (await get_request(connection, request, MEI)).status == "running"
    assert await told(connection, request) == ["request.accepted", "job.started"]
    assert [(event.seq, event.job_id, event.data) for event in claimed.events] == [
        (2, job.id, {"kind": "haiku.compose", "attempt": 1})
    ]


async def test_every_claim_of_a_job_has_a_higher_epoch(connection: PlainConnection) -> None:
    await submit(connection)
    first = await claim_one(connection)
    await end(connection, first, again())
    second = await claim_one(connection)

    assert second.id == first.id
    assert (second.epoch, second.attempt) == (2, 2)


async def test_jobs_of_one_request_that_start_together_are_told_one_by_one(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2), say(3))
    claimed = await claim(connection, "speech", slots=3)

    assert [event.seq for event in claimed.events] == [2, 3, 4]
    assert {event.job_id for event in claimed.events} == {job.id for job in claimed.jobs}
    assert await told(connection, request) == ["request.accepted", *["job.started"] * 3]


async def test_a_greedy_learner_does_not_delay_another(connection: PlainConnection) -> None:
    for _ in range(200):
        await submit(connection, MEI)
    await submit(connection, KEN)
    claimed = await claim(connection, slots=2)

    assert {job.owner for job in claimed.jobs} == {MEI, KEN}
    assert claimed.more


async def test_turns_go_to_the_fewest_running_then_to_whoever_was_served_longest_ago(connection: PlainConnection) -> None:
    for owner in (MEI, KEN, YUI):
        for _ in range(4):
            await submit(connection, owner)
    turns = []
    for _ in range(9):
        job = await claim_one(connection)
        turns.append(job.owner)

    assert turns == [MEI, KEN, YUI] * 3


async def test_whoever_has_fewer_running_comes_first_however_recently_served(connection: PlainConnection) -> None:
    for owner in (KEN, KEN, KEN, MEI, MEI):
        await submit(connection, owner)
    ken, mei = await claim_one(connection), await claim_one(connection)
    await end(connection, mei, success())
    next_job = await claim_one(connection)

    assert (ken.owner, mei.owner) == (KEN, MEI)
    assert next_job.owner == MEI


async def test_among_very_many_learners_the_one_who_has_nothing_is_found(connection: PlainConnection) -> None:
    for owner in (UserId(f"a {number}") for number in range(30)):
        for _ in range(3):
            await submit(connection, owner)
    await claim(connection, slots=30)
    await submit(connection, YUI)

    assert (await claim_one(connection)).owner == YUI


async def test_one_claim_deals_round_robin(connection: PlainConnection) -> None:
    for _ in range(6):
        await submit(connection, MEI)
    for _ in range(2):
        await submit(connection, KEN)
    claimed = await claim(connection, slots=5)

    assert Counter(job.owner for job in claimed.jobs) == {MEI: 3, KEN: 2}


async def test_of_one_learner_the_oldest_goes_first(connection: PlainConnection) -> None:
    requests = [await submit(connection) for _ in range(3)]
    claimed = [(await claim_one(connection)).request_id for _ in range(3)]

    assert claimed == requests


@pytest.mark.parametrize("slots", [1, 3, 7])
async def test_no_more_than_fits_is_taken(connection: PlainConnection, slots: int) -> None:
    for number in range(10):
        await submit(connection, UserId(f"learner {number}"))

    assert len((await claim(connection, slots=slots)).jobs) == slots


async def test_a_learner_holds_no_more_than_their_share(connection: PlainConnection) -> None:
    for _ in range(10):
        await submit(connection, MEI)
    first = await claim(connection, slots=8, running_per_owner=3)
    second = await claim(connection, slots=8, running_per_owner=3)
    await end(connection, first.jobs[0], success())
    third = await claim(connection, slots=8, running_per_owner=3)

    assert (len(first.jobs), len(second.jobs), len(third.jobs)) == (3, 0, 1)
    assert not first.more, "nobody could take more for them now"


async def test_what_is_not_due_waits(connection: PlainConnection) -> None:
    await submit(connection)
    job = await claim_one(connection)
    await end(connection, job, again(FAR))
    early = await claim(connection)
    await connection.execute("UPDATE street.jobs SET due_at = clock_timestamp() WHERE id = $1", job.id)
    due = await claim(connection)

    assert (early.jobs, early.events, early.more) == ((), (), False)
    assert [job.id for job in due.jobs] == [job.id]


async def test_waiting_for_a_retry_blocks_nothing_else_of_the_same_learner(connection: PlainConnection) -> None:
    for _ in range(6):
        await submit(connection)
    for job in (await claim(connection, slots=4)).jobs:
        await end(connection, job, again(FAR))

    assert len((await claim(connection, slots=4)).jobs) == 2


async def test_whoever_was_served_goes_behind_everybody_who_waits_also_when_nothing_runs(connection: PlainConnection) -> None:
    for owner in (MEI, KEN, YUI):
        for _ in range(2):
            await submit(connection, owner)
    turns = []
    for _ in range(6):
        job = await claim_one(connection)
        turns.append(job.owner)
        await end(connection, job, success())

    assert turns == [MEI, KEN, YUI] * 2


@pytest.mark.parametrize("change", ["served_at = clock_timestamp()", "running = 1, served_at = '-infinity'"])
async def test_among_more_learners_than_a_claim_looks_at_the_next_is_found(connection: PlainConnection, change: str) -> None:
    owners = [UserId(f"learner {number:02}") for number in range(30)]
    for owner in owners:
        await submit(connection, owner)
    await connection.execute("UPDATE street.shares SET served_at = clock_timestamp() - interval '1 min'")
    await connection.execute(f"UPDATE street.shares SET {change} WHERE owner <> $1", owners[-1])  # noqa: S608  as above

    assert (await claim_one(connection)).owner == owners[-1]


async def test_a_kind_this_worker_does_not_know_is_left_alone_and_blocks_nobody(connection: PlainConnection) -> None:
    unknown = [await submit(connection, MEI) for _ in range(9)]
    await connection.execute("UPDATE street.jobs SET kind = 'haiku.sing'")
    known = [await submit(connection, MEI), await submit(connection, KEN)]
    claimed = await claim(connection, slots=8)

    assert {job.request_id for job in claimed.jobs} == set(known)
    assert not claimed.more
    for request in unknown:
        assert await told(connection, request) == ["request.accepted"]


async def test_another_queue_is_left_alone(connection: PlainConnection) -> None:
    await submit(connection, MEI, say())

    assert (await claim(connection, "text")).jobs == ()


async def test_a_canceled_request_starts_nothing(connection: PlainConnection) -> None:
    request = await submit(connection)
    await cancel_request(connection, request, MEI)

    assert (await claim(connection)).jobs == ()


async def test_a_cancel_that_is_asked_for_is_enough(connection: PlainConnection) -> None:
    request = await submit(connection)
    await connection.execute("UPDATE street.requests SET cancel_requested_at = clock_timestamp() WHERE id = $1", request)

    assert (await claim(connection)).jobs == ()


async def test_claimers_at_the_same_moment_share_the_work_and_take_all_of_it(pool: Pool) -> None:
    async with pool.acquire() as db:
        for number in range(120):
            await submit(db, UserId(f"learner {number % 12}"))

    async def take() -> list[tuple[object, int]]:
        taken: list[tuple[object, int]] = []
        while True:
            async with pool.acquire() as db:
                found = await claim_jobs(db, "text", list(ASKS), 5, "test", MINUTE, 100)
            taken += [(job.id, job.epoch) for job in found.jobs]
            if not found.more:
                return taken

    taken = [job for each in await asyncio.gather(*(take() for _ in range(6))) for job in each]

    assert len(taken) == len(set(taken)) == 120
    assert {epoch for _, epoch in taken} == {1}


async def test_a_learner_keeps_to_their_share_also_when_many_claim_at_once(pool: Pool) -> None:
    async with pool.acquire() as db:
        for _ in range(40):
            await submit(db, MEI)

    async def take() -> int:
        async with pool.acquire() as db:
            return len((await claim(db, slots=4, running_per_owner=4)).jobs)

    taken = await asyncio.gather(*(take() for _ in range(8)))

    assert sum(taken) == 4


@pytest.mark.parametrize(
    "lock",
    [
        "SELECT FROM street.shares WHERE owner = 'mei' FOR UPDATE",
        "SELECT FROM street.requests WHERE owner = 'mei' FOR UPDATE",
        "SELECT FROM street.jobs WHERE owner = 'mei' FOR UPDATE",
        "UPDATE street.jobs SET lease_until = NULL WHERE owner = 'mei'",
    ],
)
async def test_a_claim_waits_for_nobody_and_says_what_it_left(pool: Pool, lock: str) -> None:
    async with pool.acquire() as db:
        await submit(db, MEI)
        await submit(db, KEN)
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute(lock)
        async with asyncio.timeout(10), pool.acquire() as db:
            claimed = await claim(db, slots=4)
    async with pool.acquire() as db:
        later = await claim(db, slots=4)

    assert [job.owner for job in claimed.jobs] == [KEN]
    assert claimed.more
    assert [job.owner for job in later.jobs] == [MEI]
    assert not later.more


async def test_a_claim_after_a_concurrent_claim_never_takes_what_is_running(pool: Pool) -> None:
    """The statement's picture of the rows is older than the commit of the other: only locks tell the truth."""
    async with pool.acquire() as db:
        await submit(db, MEI)

    rounds = [await asyncio.gather(*(_claim(pool) for _ in range(6))) for _ in range(5)]

    assert sum(taken for each in rounds for taken in each) == 1


async def _claim(pool: Pool) -> int:
    async with connected(pool) as db:
        return len((await claim(db, slots=4)).jobs)


async def test_what_nobody_may_claim_keeps_nobody_looking(connection: PlainConnection) -> None:
    request = await submit(connection)
    await connection.execute("UPDATE street.requests SET cancel_requested_at = clock_timestamp() WHERE id = $1", request)

    assert await claim(connection, slots=4) == Claim((), (), more=False)


async def test_a_running_job_shows_no_error_of_an_earlier_run(connection: PlainConnection) -> None:
    await submit(connection)
    await end(connection, await claim_one(connection), again())
    job = await claim_one(connection)

    assert (await row(connection, "jobs", job.id))["error"] is None
