"""Cancel, stop, retry: what a learner may change about a request, as often as they like."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from core.contracts.ids import RequestId, new_id
from core.contracts.job import QUEUES, ClaimedJob, Problem
from core.db.end import Ending
from core.db.pool import PlainConnection, Pool
from core.db.requests import get_request
from core.db.retry import retry_request
from core.db.stop import cancel_request, fail_requests, stop_requests_for
from core.errors import Conflict, NotFound
from tests.core.db.rows import (
    KEN,
    MEI,
    MINUTE,
    PROBLEM,
    again,
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


async def statuses(db: PlainConnection, request: RequestId) -> list[str]:
    return [job.status for job in (await get_request(db, request, MEI)).jobs]


async def test_a_cancel_ends_what_waits_at_once(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2))
    events = await cancel_request(connection, request, MEI)

    found = await get_request(connection, request, MEI)
    assert [(event.seq, event.type) for event in events] == [(2, "job.canceled"), (3, "job.canceled"), (4, "request.canceled")]
    assert await told(connection, request) == ["request.accepted", "job.canceled", "job.canceled", "request.canceled"]
    assert (found.status, found.jobs_open) == ("canceled", 0)
    assert found.cancel_requested_at is not None


async def test_a_cancel_lets_what_runs_come_to_its_end(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2))
    running = await claim_one(connection, "speech")
    events = await cancel_request(connection, request, MEI)
    midway = (await get_request(connection, request, MEI)).status
    await end(connection, running, success())

    assert [event.type for event in events] == ["job.canceled"]
    assert midway == "running"
    assert (await get_request(connection, request, MEI)).status == "canceled"
    assert await statuses(connection, request) == ["succeeded", "canceled"]


async def test_a_cancel_reaches_what_waits_for_its_next_attempt(connection: PlainConnection) -> None:
    request = await submit(connection)
    await end(connection, await claim_one(connection), again(MINUTE))
    await cancel_request(connection, request, MEI)

    assert (await get_request(connection, request, MEI)).status == "canceled"


async def test_a_second_cancel_changes_nothing(connection: PlainConnection) -> None:
    waiting, running = await submit(connection), await submit(connection, MEI, say())
    await claim_one(connection, "speech")
    for request in (waiting, running):
        await cancel_request(connection, request, MEI)
    before = await everything(connection)

    assert [await cancel_request(connection, request, MEI) for request in (waiting, running)] == [(), ()]
    assert await everything(connection) == before


@pytest.mark.parametrize("ending", [success(), failure()])
async def test_a_cancel_after_the_end_changes_nothing(connection: PlainConnection, ending: Ending) -> None:
    request = await submit(connection)
    await end(connection, await claim_one(connection), ending)
    before = await everything(connection)

    assert await cancel_request(connection, request, MEI) == ()
    assert await everything(connection) == before


async def test_nobody_cancels_or_retries_for_another_learner(connection: PlainConnection) -> None:
    request = await submit(connection, MEI)
    before = await everything(connection)

    for attempt in (cancel_request(connection, request, KEN), retry_request(connection, request, KEN, MINUTE)):
        with pytest.raises(NotFound):
            await attempt
    assert await everything(connection) == before


async def test_a_stop_ends_everything_of_a_resource_and_late_writes_leave_nothing(connection: PlainConnection) -> None:
    resource = new_id()
    running = await submit(connection, MEI, say(1), say(2), resource=resource)
    waiting = await submit(connection, MEI, compose(), paint(), resource=resource)
    other = await submit(connection, MEI, say())
    job = await claim_one(connection, "speech")
    events = await stop_requests_for(connection, resource, MEI)
    before = await everything(connection)

    assert [event.type for event in events] == ["job.canceled", "job.canceled", "request.canceled"] * 2
    assert await told(connection, running) == [
        "request.accepted",
        "job.started",
        "job.canceled",
        "job.canceled",
        "request.canceled",
    ]
    assert (await told(connection, waiting))[-1] == "request.canceled"
    assert await statuses(connection, running) == ["canceled", "canceled"]
    assert await statuses(connection, other) == ["queued"]
    assert await end(connection, job, success(paint())) is None
    assert await everything(connection) == before
    assert await stop_requests_for(connection, resource, MEI) == ()
    assert await everything(connection) == before


async def test_a_stop_does_nothing_for_another_learner(connection: PlainConnection) -> None:
    resource = new_id()
    request = await submit(connection, MEI, resource=resource)

    assert await stop_requests_for(connection, resource, KEN) == ()
    assert await statuses(connection, request) == ["queued"]


async def test_stops_and_endings_at_the_same_moment_never_wait_in_a_circle(pool: Pool) -> None:
    """Each learner's requests touch the queues in another order; a deadlock would show as an error after a second."""
    for _ in range(6):
        resource = new_id()
        async with pool.acquire() as db:
            await submit(db, MEI, paint(1), resource=resource)
            await submit(db, MEI, compose(), say(), resource=resource)
            await submit(db, MEI, compose())
            claims = [await claim(db, queue, slots=5, running_per_owner=9) for queue in QUEUES]

        async def stop(resource: UUID) -> None:
            async with pool.acquire() as db, db.transaction():
                await stop_requests_for(db, resource, MEI)

        async def finish(job: ClaimedJob) -> None:
            async with pool.acquire() as db:
                await end(db, job, success(say(), paint(2)))

        await asyncio.gather(stop(resource), *(finish(job) for each in claims for job in each.jobs))

        assert await pool.fetchval("SELECT count(*) FROM street.requests WHERE resource_id = $1 AND jobs_open > 0", resource) == 0


async def test_a_retry_queues_what_failed_and_keeps_what_succeeded(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2), paint(1), lasts=timedelta(seconds=1))
    first, second = (await claim(connection, "speech", slots=2)).jobs
    painting = await claim_one(connection, "image")
    await end(connection, first, success())
    await end(connection, second, failure())
    await lose_lease(connection, painting)
    await end(connection, painting, rescue("failed"))
    events, ring = await retry_request(connection, request, MEI, MINUTE)

    found = await get_request(connection, request, MEI)
    requeued = await row(connection, "jobs", painting.id)
    left = await connection.fetchval("SELECT deadline - clock_timestamp() FROM street.requests WHERE id = $1", request)
    assert [event.type for event in events] == ["request.retried"]
    assert [job["id"] for job in events[0].data["jobs"]] == [str(second.id), str(painting.id)]
    assert ring == ("speech", "image")
    assert (found.status, found.jobs_open, found.jobs_failed, found.error, found.finished_at) == ("running", 2, 0, None, None)
    assert [job.status for job in found.jobs] == ["succeeded", "queued", "queued"]
    assert (requeued["epoch"], requeued["attempt"], requeued["lost_leases"], requeued["error"]) == (1, 0, 0, None)
    assert left > 0.9 * MINUTE
    assert (await told(connection, request))[-1] == "request.retried"
    assert (await claim_one(connection, "image")).epoch == 2


async def test_a_retry_reaches_what_failed_while_the_rest_still_runs(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2))
    first, second = (await claim(connection, "speech", slots=2)).jobs
    await end(connection, first, failure())
    await retry_request(connection, request, MEI, MINUTE)
    await end(connection, second, success())
    await end(connection, await claim_one(connection, "speech"), success())
    found = await get_request(connection, request, MEI)

    assert (found.status, found.jobs_failed, found.error) == ("succeeded", 0, None)


async def test_a_retry_is_refused_when_a_later_request_does_the_same(connection: PlainConnection) -> None:
    """Or a haiku would have two poets at work."""
    resource = new_id()
    first = await submit(connection, MEI, compose(), resource=resource)
    await end(connection, await claim_one(connection), failure())
    await submit(connection, MEI, compose("snow"), resource=resource)

    with pytest.raises(Conflict):
        await retry_request(connection, first, MEI, MINUTE)
    assert await statuses(connection, first) == ["failed"]


async def test_a_retry_of_what_nobody_took_up_since_is_fine(connection: PlainConnection) -> None:
    resource = new_id()
    first = await submit(connection, MEI, compose(), resource=resource)
    await end(connection, await claim_one(connection), failure())
    await submit(connection, MEI, say(), resource=resource)
    await submit(connection, MEI, compose())
    await retry_request(connection, first, MEI, MINUTE)

    assert await statuses(connection, first) == ["queued"]


async def test_a_second_retry_changes_nothing(connection: PlainConnection) -> None:
    request = await submit(connection)
    await end(connection, await claim_one(connection), failure())
    await retry_request(connection, request, MEI, MINUTE)
    before = await everything(connection)

    assert await retry_request(connection, request, MEI, MINUTE) == ((), ())
    assert await everything(connection) == before


async def test_two_retries_at_once_are_one(pool: Pool) -> None:
    async with pool.acquire() as db, pool.acquire() as first:
        request = await submit(db)
        await end(db, await claim_one(db), failure())
        async with first.transaction():
            events, _ = await retry_request(first, request, MEI, MINUTE)
            second = asyncio.create_task(retry_request(db, request, MEI, MINUTE))
            await waiting_for_a_lock(pool)

        assert len(events) == 1
        assert await second == ((), ())
        assert (await told(db, request)).count("request.retried") == 1


async def test_there_is_nothing_to_retry_in_what_succeeded_or_was_canceled(connection: PlainConnection) -> None:
    done, canceled = await submit(connection), await submit(connection, MEI, say(1), say(2))
    await end(connection, await claim_one(connection), success())
    await end(connection, await claim_one(connection, "speech"), failure())
    await cancel_request(connection, canceled, MEI)
    before = await everything(connection)

    for request in (done, canceled):
        assert await retry_request(connection, request, MEI, MINUTE) == ((), ())
    assert await everything(connection) == before


async def test_a_retried_request_has_all_its_attempts_again(connection: PlainConnection) -> None:
    request = await submit(connection)
    for ending in (again(), again(), failure()):
        await end(connection, await claim_one(connection), ending)
    await retry_request(connection, request, MEI, MINUTE)
    job = await claim_one(connection)

    assert (job.attempt, job.max_attempts, job.epoch) == (1, 3, 4)


async def test_what_is_failed_from_outside_ends_with_every_open_job(connection: PlainConnection) -> None:
    first = await submit(connection, MEI, say(1), say(2), say(3))
    second = await submit(connection, KEN, paint())
    done, running = (await claim(connection, "speech", slots=2)).jobs
    await end(connection, done, success())
    events = await fail_requests(connection, [first, second], PROBLEM)

    found = await get_request(connection, first, MEI)
    assert (found.status, found.jobs_failed, found.error) == ("failed", 2, PROBLEM)
    assert [job.status for job in found.jobs] == ["succeeded", "failed", "failed"]
    assert (await told(connection, first))[-3:] == ["job.failed", "job.failed", "request.failed"]
    assert await told(connection, second) == ["request.accepted", "job.failed", "request.failed"]
    assert len(events) == 5
    assert await end(connection, running, success()) is None


async def test_the_first_reason_of_a_failed_request_is_kept(connection: PlainConnection) -> None:
    request = await submit(connection, MEI, say(1), say(2))
    await end(connection, await claim_one(connection, "speech"), failure())
    await fail_requests(connection, [request], Problem("urn:x", "Later", "later"))

    assert (await get_request(connection, request, MEI)).error == PROBLEM


async def test_what_was_canceled_ends_as_canceled_however_late(connection: PlainConnection) -> None:
    request = await submit(connection)
    await claim_one(connection)
    await cancel_request(connection, request, MEI)
    events = await fail_requests(connection, [request], PROBLEM)

    found = await get_request(connection, request, MEI)
    assert [event.type for event in events] == ["job.canceled", "request.canceled"]
    assert (found.status, found.error, found.jobs[0].error) == ("canceled", None, None)


async def test_pictures_of_a_poem_that_has_changed_are_not_retried(connection: PlainConnection) -> None:
    resource = new_id()
    first = await submit(connection, MEI, paint(), resource=resource)
    await end(connection, await claim_one(connection, "image"), failure())
    await submit(connection, MEI, compose("snow"), resource=resource)

    with pytest.raises(Conflict):
        await retry_request(connection, first, MEI, MINUTE)
    assert await statuses(connection, first) == ["failed"]
