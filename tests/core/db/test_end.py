"""How a run ends: every ending, fenced, told without a gap, and followed by what it named in the same breath."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from core.contracts.budget import Budget
from core.contracts.ids import JobId, new_id
from core.contracts.job import ClaimedJob, Paid
from core.db.end import Ending, end_job
from core.db.events import list_events
from core.db.lease import intend
from core.db.pool import PlainConnection, Pool
from core.db.requests import get_request
from core.db.retry import retry_request
from core.db.stop import cancel_request, stop_requests_for
from tests.core.db.rows import (
    MEI,
    MINUTE,
    PAID,
    PROBLEM,
    again,
    artifact_of,
    claim,
    claim_one,
    compose,
    end,
    everything,
    failure,
    lose_lease,
    paint,
    rescue,
    row,
    say,
    submit,
    success,
    told,
    waiting_for_a_lock,
)

FREE = replace(PAID, cost_microusd=0)
UNKNOWN = replace(PAID, cost_microusd=None)
RESERVED = Budget(0, 20_000)


async def test_the_only_job_succeeds_and_the_request_with_it(connection: PlainConnection) -> None:
    request = await submit(connection)
    job = await claim_one(connection)
    ended = await end(connection, job, success())

    found = await get_request(connection, request, MEI)
    assert ended is not None
    assert [(event.seq, event.type) for event in ended.events] == [(3, "job.succeeded"), (4, "request.succeeded")]
    assert ended.events[0].data == {
        "kind": "haiku.compose",
        "attempt": 1,
        "result": {"said": "done"},
        "followed_by": [],
    }
    assert ended.ring == ()
    assert await told(connection, request) == ["request.accepted", "job.started", "job.succeeded", "request.succeeded"]
    assert (found.status, found.jobs_open, found.jobs_failed, found.cost_microusd) == ("succeeded", 0, 0, 120)
    assert found.finished_at is not None
    (done,) = found.jobs
    assert (done.status, done.provider, done.model, done.usage, done.cost_microusd) == (
        "succeeded",
        "test",
        "test-1",
        {"tokens": 7},
        120,
    )
    assert (await row(connection, "jobs", done.id))["result"] == '{"said": "done"}'


async def test_a_failure_fails_the_request_and_keeps_the_reason(connection: PlainConnection) -> None:
    request = await submit(connection)
    ended = await end(connection, await claim_one(connection), failure())

    found = await get_request(connection, request, MEI)
    assert ended is not None
    assert [event.type for event in ended.events] == ["job.failed", "request.failed"]
    assert ended.events[1].data["error"]["detail"] == PROBLEM.detail
    assert (found.status, found.error, found.jobs[0].error) == ("failed", PROBLEM, PROBLEM)


async def test_a_run_to_be_tried_again_is_told_with_the_moment_it_is_due(connection: PlainConnection) -> None:
    request = await submit(connection)
    job = await claim_one(connection)
    ended = await end(connection, job, again(MINUTE))

    found = await row(connection, "jobs", job.id)
    wait = await connection.fetchval("SELECT due_at - clock_timestamp() FROM street.jobs WHERE id = $1", job.id)
    assert ended is not None
    assert [event.type for event in ended.events] == ["job.retrying"]
    assert ended.events[0].data["due_at"].startswith(found["due_at"].isoformat()[:19])
    assert (found["status"], found["attempt"], found["lease_until"], found["worker"]) == ("retrying", 1, None, None)
    assert 0.9 * MINUTE < wait < MINUTE
    assert (await get_request(connection, request, MEI)).status == "running"


async def test_what_comes_back_into_the_line_is_rung_for(connection: PlainConnection) -> None:
    await submit(connection)
    rings = []
    for ending in (again(refund=True), rescue(), again(MINUTE)):
        job = await claim_one(connection)
        if ending.expired_only:
            await lose_lease(connection, job)
        ended = await end(connection, job, ending)
        assert ended is not None
        rings.append(ended.ring)

    assert rings == [("text",), ("text",), ()]


async def test_a_refund_gives_the_attempt_back(connection: PlainConnection) -> None:
    await submit(connection)
    for _ in range(5):
        job = await claim_one(connection)
        await end(connection, job, again(refund=True))

    assert (job.attempt, job.epoch) == (1, 5)
    assert (await row(connection, "jobs", job.id))["attempt"] == 0


@pytest.mark.parametrize("ending", [again(), again(refund=True), rescue()], ids=["again", "handed back", "rescued"])
async def test_who_need_not_wait_keeps_their_place_in_line(connection: PlainConnection, ending: Ending) -> None:
    await submit(connection, MEI, compose(), compose("snow"))
    first = await claim_one(connection)
    await lose_lease(connection, first)
    await end(connection, first, ending)

    assert (await claim_one(connection)).id == first.id


async def test_the_jobs_that_follow_are_there_with_their_parent(connection: PlainConnection) -> None:
    request = await submit(connection)
    job = await claim_one(connection)
    ended = await end(connection, job, success(compose("snow"), say(1), paint(1)))

    found = await get_request(connection, request, MEI)
    followers = found.jobs[1:]
    traces = await connection.fetch("SELECT traceparent FROM street.jobs WHERE parent = $1", job.id)
    assert ended is not None
    assert ended.ring == ("text", "speech", "image")
    assert ended.events[0].data["followed_by"] == [{"id": str(job.id), "kind": job.kind} for job in followers]
    assert [job.kind for job in followers] == ["haiku.compose", "speech.say", "image.paint"]
    assert {follower.parent for follower in followers} == {job.id}
    assert {trace["traceparent"] for trace in traces} == {"00-aa-cc-01"}
    assert (found.status, found.jobs_total, found.jobs_open) == ("running", 4, 3)
    assert await told(connection, request) == ["request.accepted", "job.started", "job.succeeded"]


async def test_a_request_is_over_exactly_when_no_job_is_open(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2), say(3))
    jobs = (await claim(connection, "speech", slots=3)).jobs
    statuses = []
    for job in jobs:
        await end(connection, job, success())
        statuses.append((await get_request(connection, request, MEI)).status)

    assert statuses == ["running", "running", "succeeded"]


async def test_a_request_fails_when_any_job_failed_and_keeps_what_succeeded(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2), say(3))
    first, second, third = (await claim(connection, "speech", slots=3)).jobs
    await end(connection, first, success())
    await end(connection, second, failure())
    midway = await get_request(connection, request, MEI)
    await end(connection, third, success())
    over = await get_request(connection, request, MEI)

    assert (midway.status, midway.jobs_failed) == ("running", 1)
    assert (over.status, over.jobs_failed, over.jobs_open) == ("failed", 1, 0)
    results = [(await row(connection, "jobs", job.id))["result"] for job in over.jobs]
    assert [result is not None for result in results] == [True, False, True]


@pytest.mark.parametrize(
    "ending", [success(say(), artifact=None), failure(), again(), Ending("canceled"), rescue(), rescue("failed")]
)
async def test_an_old_epoch_writes_nothing_at_all(connection: PlainConnection, ending: Ending) -> None:
    await submit(connection, MEI, paint())
    zombie = await claim_one(connection, "image")
    await intend(connection, zombie, artifact_of(zombie).hash)
    await lose_lease(connection, zombie)
    await end(connection, zombie, rescue())
    owner = await claim_one(connection, "image")
    await lose_lease(connection, owner)
    before = await everything(connection)
    if ending.status == "succeeded":
        ending = replace(ending, artifact=artifact_of(zombie))

    assert await end(connection, zombie, ending) is None
    assert await end_job(connection, zombie.id, zombie.epoch + 7, ending, 3) is None
    assert await everything(connection) == before


@pytest.mark.parametrize("first", [success(), failure(), again(), Ending("canceled")])
async def test_a_job_that_is_not_running_cannot_end(connection: PlainConnection, first: Ending) -> None:
    await submit(connection)
    job = await claim_one(connection)
    await end(connection, job, first)
    before = await everything(connection)

    assert await end(connection, job, success(say())) is None
    assert await everything(connection) == before


async def test_a_rescue_leaves_a_running_lease_alone(connection: PlainConnection) -> None:
    await submit(connection)
    job = await claim_one(connection)

    assert await end(connection, job, rescue()) is None
    assert (await row(connection, "jobs", job.id))["status"] == "running"


async def test_lost_leases_are_counted_in_a_row(connection: PlainConnection) -> None:
    await submit(connection)
    counts = []
    for ending in (rescue(), rescue(), again(), rescue()):
        job = await claim_one(connection)
        await lose_lease(connection, job)
        await end(connection, job, ending)
        counts.append((await row(connection, "jobs", job.id))["lost_leases"])

    assert counts == [1, 2, 0, 1]


async def test_many_endings_at_the_same_moment_leave_no_gap(pool: Pool) -> None:
    """Twenty jobs of one request end at once, each followed by one more, while it is claimed and canceled beside."""
    async with pool.acquire() as db:
        request = await submit(db, MEI, *(say(number) for number in range(20)))
        other = await submit(db, MEI, *(say(number) for number in range(20)))
        jobs = (await claim(db, "speech", slots=40, running_per_owner=40)).jobs
    endings = [success(say(99)), failure(), again(), success(), success(say(98), say(97))]

    async def finish(job: ClaimedJob, ending: Ending) -> None:
        async with pool.acquire() as db:
            assert await end(db, job, ending) is not None

    async def take() -> None:
        async with pool.acquire() as db:
            await claim(db, "speech", slots=3, running_per_owner=100)

    await asyncio.gather(
        *(finish(job, endings[number % len(endings)]) for number, job in enumerate(jobs)), *(take() for _ in range(10))
    )
    async with pool.acquire() as db:
        while claimed := (await claim(db, "speech", slots=40, running_per_owner=100)).jobs:
            await asyncio.gather(*(finish(job, success()) for job in claimed))
        running = await db.fetch("SELECT id, epoch FROM street.jobs WHERE status = 'running'")
    await asyncio.gather(*(_finish(pool, each["id"], each["epoch"]) for each in running))

    async with pool.acquire() as db:
        for each in (request, other):
            types = await told(db, each)
            over = await get_request(db, each, MEI)
            stored = await list_events(db, each, 0)
            assert over.jobs_open == 0
            assert over.status == "failed"
            assert types.count("request.failed") == 1
            assert types[-1] == "request.failed"
            assert len(stored) == over.last_seq
            assert over.jobs_total == len(over.jobs) == 20 + 4 + 8
            assert over.jobs_failed == sum(job.status == "failed" for job in over.jobs) == 4
            assert over.cost_microusd == 120 * sum(job.status == "succeeded" for job in over.jobs)


async def _finish(pool: Pool, job: JobId, epoch: int) -> None:
    async with pool.acquire() as db:
        await end_job(db, job, epoch, success(), 3)


async def test_shares_are_locked_in_one_order_whatever_follows(pool: Pool) -> None:
    """Speech before image, also when it is the image job that ends; else two endings of one learner wait in a circle."""
    async with pool.acquire() as db, pool.acquire() as holder, pool.acquire() as beside:
        await submit(db, MEI, paint(), say())
        job = await claim_one(db, "image")
        async with holder.transaction():
            await holder.execute("SELECT FROM street.shares WHERE queue = 'speech' FOR UPDATE")
            ending = asyncio.create_task(end(db, job, success(say(2))))
            await waiting_for_a_lock(pool)
            free = await beside.fetch("SELECT queue FROM street.shares WHERE queue = 'image' FOR UPDATE SKIP LOCKED")
        ended = await ending

    assert len(free) == 1
    assert ended is not None


async def test_cancel_beats_retry(connection: PlainConnection) -> None:
    """A cancel that lands while a run ends in "try again" once left the job waiting for ever."""
    request = await submit(connection)
    job = await claim_one(connection)
    await cancel_request(connection, request, MEI)
    ended = await end(connection, job, again(MINUTE))

    assert ended is not None
    assert [event.type for event in ended.events] == ["job.canceled", "request.canceled"]
    assert (await get_request(connection, request, MEI)).status == "canceled"


async def test_what_succeeds_after_a_cancel_keeps_its_result_and_is_followed_by_nothing(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, paint())
    job = await claim_one(connection, "image")
    await cancel_request(connection, request, MEI)
    ended = await end(connection, job, success(say(), artifact=artifact_of(job)))

    found = await get_request(connection, request, MEI)
    assert ended is not None
    assert ended.ring == ()
    assert [event.type for event in ended.events] == ["job.succeeded", "request.canceled"]
    assert ended.events[0].data["followed_by"] == []
    assert (found.status, found.jobs_total) == ("canceled", 1)
    assert (await row(connection, "jobs", job.id))["result"] is not None
    assert found.jobs[0].artifact == artifact_of(job).hash


async def test_an_artifact_is_kept_once_and_both_jobs_show_it(connection: PlainConnection) -> None:
    await submit(connection, MEI, paint())
    await submit(connection, MEI, paint())
    first, second = (await claim(connection, "image", slots=2)).jobs
    ended = await end(connection, first, success(artifact=artifact_of(first)))
    await end(connection, second, success(artifact=artifact_of(second)))

    shown = await connection.fetch("SELECT artifact FROM street.jobs")
    assert ended is not None
    assert ended.events[0].data["artifact"] == artifact_of(first).hash
    assert await connection.fetchval("SELECT count(*) FROM street.artifacts") == 1
    assert {each["artifact"] for each in shown} == {artifact_of(first).hash}


@pytest.mark.parametrize(
    ("paid", "total"),
    [((PAID, PAID), 240), ((PAID, FREE), 120), ((FREE, FREE), 0), ((PAID, UNKNOWN), None), ((UNKNOWN, PAID), None)],
)
async def test_costs_add_up_and_one_that_is_unknown_makes_the_sum_unknown(
    connection: PlainConnection, paid: tuple[Paid, Paid], total: int | None
) -> None:
    request = await submit(connection, MEI, say(1), say(2))
    for job, each in zip((await claim(connection, "speech", slots=2)).jobs, paid, strict=True):
        await end(connection, job, success(paid=each))
    found = await get_request(connection, request, MEI)

    assert found.cost_microusd == total
    assert [job.cost_microusd for job in found.jobs] == [each.cost_microusd for each in paid]


async def test_a_run_that_cost_nothing_leaves_the_costs_alone(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2))
    first, second = (await claim(connection, "speech", slots=2)).jobs
    await end(connection, first, success())
    await end(connection, second, failure())
    found = await get_request(connection, request, MEI)

    assert found.cost_microusd == 120
    assert found.jobs[1].cost_microusd is None


@pytest.mark.parametrize(
    ("ending", "call"),
    [
        (success(), ("ok", "test", 120)),
        (success(paid=UNKNOWN), ("ok", "test", None)),
        (failure(), ("failed", None, None)),
        (again(), ("failed", None, None)),
        (replace(failure(), paid=PAID), ("failed", "test", 120)),
        (replace(again(), paid=PAID), ("failed", "test", 120)),
    ],
)
async def test_a_call_is_closed_with_its_run(connection: PlainConnection, ending: Ending, call: tuple[Any, ...]) -> None:
    await submit(connection, MEI, paint())
    job = await claim_one(connection, "image")
    await intend(connection, job, artifact_of(job).hash)
    await end(connection, job, ending)
    (found,) = await connection.fetch("SELECT state, provider, cost_microusd, ended_at FROM street.provider_calls")

    assert tuple(found)[:3] == call
    assert found["ended_at"] is not None


@pytest.mark.parametrize(
    ("first", "second", "cost"),
    [
        (replace(again(), paid=PAID), success(), 240),
        (replace(again(), paid=PAID), failure(), None),
        (replace(again(), paid=PAID), replace(failure(), is_free=True), 120),
        (replace(again(), is_free=True), success(), 120),
        (again(), success(), None),
        (replace(again(), paid=UNKNOWN), success(), None),
        (rescue(), success(), None),
    ],
    ids=[
        "paid twice",
        "then broken off",
        "then refused",
        "throttled before",
        "broken off before",
        "no price before",
        "lost before",
    ],
)
async def test_a_job_costs_what_its_runs_took_together_and_the_request_what_its_jobs_did(
    connection: PlainConnection, first: Ending, second: Ending, cost: int | None
) -> None:
    request = await submit(connection, MEI, paint())
    for ending in (first, second):
        job = await claim_one(connection, "image")
        await intend(connection, job, artifact_of(job).hash, RESERVED)
        if ending.expired_only:
            await lose_lease(connection, job)
        await end(connection, job, ending)
    found = await get_request(connection, request, MEI)

    assert (found.jobs[0].cost_microusd, found.cost_microusd) == (cost, cost)


async def test_what_a_job_used_is_summed_by_its_names(connection: PlainConnection) -> None:
    request = await submit(connection)
    for usage, ending in (({"tokens": 7, "units": 1}, again()), ({"tokens": 5, "pictures": 2}, success())):
        await end(connection, await claim_one(connection), replace(ending, paid=replace(PAID, usage=usage)))

    assert (await get_request(connection, request, MEI)).jobs[0].usage == {"tokens": 12, "units": 1, "pictures": 2}


async def test_a_call_nobody_knows_the_end_of_stays_open(connection: PlainConnection) -> None:
    await submit(connection, MEI, paint())
    job = await claim_one(connection, "image")
    await intend(connection, job, artifact_of(job).hash)
    await lose_lease(connection, job)
    await end(connection, job, rescue())
    again_job = await claim_one(connection, "image")
    await intend(connection, again_job, artifact_of(job).hash)
    await end(connection, again_job, success())

    calls = await connection.fetch("SELECT epoch, state FROM street.provider_calls ORDER BY epoch")
    assert [tuple(call) for call in calls] == [(1, "intent"), (2, "ok")]


async def test_seqs_go_on_after_a_retry(connection: PlainConnection) -> None:
    request = await submit(connection)
    await end(connection, await claim_one(connection), failure())
    await retry_request(connection, request, MEI, timedelta(minutes=1))
    await end(connection, await claim_one(connection), success())

    assert (await told(connection, request))[-4:] == ["request.retried", "job.started", "job.succeeded", "request.succeeded"]


@pytest.mark.parametrize(
    ("ending", "cost"),
    [(success(), 120), (failure(), None), (again(), None), (Ending("canceled"), None), (replace(failure(), is_free=True), 0)],
)
async def test_a_call_that_was_broken_off_leaves_a_sum_nobody_knows(
    connection: PlainConnection, ending: Ending, cost: int | None
) -> None:
    request = await submit(connection, MEI, paint())
    job = await claim_one(connection, "image")
    await intend(connection, job, artifact_of(job).hash, RESERVED)
    await end(connection, job, ending)

    assert (await get_request(connection, request, MEI)).cost_microusd == cost


@pytest.mark.parametrize(("budget", "cost"), [(Budget(0, 0), None), (Budget(0, 0, is_free=True), 0)], ids=["assumed", "free"])
async def test_a_reservation_of_nothing_is_a_known_price_only_when_it_is_known_to_be_free(
    connection: PlainConnection, budget: Budget, cost: int | None
) -> None:
    request = await submit(connection, MEI, paint())
    job = await claim_one(connection, "image")
    await intend(connection, job, artifact_of(job).hash, budget)
    await end(connection, job, failure())

    assert (await get_request(connection, request, MEI)).cost_microusd == cost


async def test_a_call_under_way_when_all_is_stopped_leaves_a_sum_nobody_knows(connection: PlainConnection) -> None:
    resource = new_id()
    asked = await submit(connection, MEI, paint(), resource=resource)
    only_waits = await submit(connection, MEI, say(), resource=resource)
    await end(connection, await claim_one(connection, "image"), replace(again(), paid=PAID))
    job = await claim_one(connection, "image")
    await intend(connection, job, artifact_of(job).hash, RESERVED)
    await stop_requests_for(connection, resource, MEI)

    found = await get_request(connection, asked, MEI)
    assert (found.cost_microusd, found.jobs[0].cost_microusd) == (None, None)
    assert (await get_request(connection, only_waits, MEI)).cost_microusd == 0
