"""Walks through everything that can happen: short ones all of them, long ones at random. Wherever a walk stops, the counters
tell the truth, the story has no gap and the request can still come to its end."""

import random
from collections.abc import Awaitable, Callable
from typing import get_args
from uuid import UUID

import pytest

from core.contracts.ids import RequestId, UserId, new_id
from core.contracts.job import ClaimedJob, Queue
from core.db.end import Ending
from core.db.pool import PlainConnection
from core.db.requests import get_request
from core.db.retry import retry_request
from core.db.stop import cancel_request, fail_requests, stop_requests_for
from tests.core.db.rows import (
    MEI,
    MINUTE,
    PROBLEM,
    again,
    claim,
    compose,
    end,
    failure,
    lose_lease,
    paint,
    rescue,
    say,
    submit,
    success,
    told,
)

DEPTH = 4
QUEUES: tuple[Queue, ...] = get_args(Queue)


class Walker:
    """One request of two jobs, and all that may happen to it. Each step says whether it changed anything."""

    def __init__(self, db: PlainConnection, request: RequestId, resource: UUID) -> None:
        self._db = db
        self.request = request
        self._resource = resource

    async def claim(self) -> bool:
        return bool((await claim(self._db, "speech")).jobs)

    async def succeed(self) -> bool:
        return await self._end(success(say(9)))

    async def fail(self) -> bool:
        return await self._end(failure())

    async def try_again(self) -> bool:
        return await self._end(again())

    async def lose(self) -> bool:
        for job in await self.running():
            await lose_lease(self._db, job)
            await end(self._db, job, rescue())
            return True
        return False

    async def cancel(self) -> bool:
        before = await self._asked_to_cancel()
        return bool(await cancel_request(self._db, self.request, MEI)) or before != await self._asked_to_cancel()

    async def stop(self) -> bool:
        return bool(await stop_requests_for(self._db, self._resource, MEI))

    async def pass_deadline(self) -> bool:
        over = (await get_request(self._db, self.request, MEI)).is_over
        return not over and bool(await fail_requests(self._db, [self.request], PROBLEM))

    async def retry(self) -> bool:
        return bool((await retry_request(self._db, self.request, MEI, MINUTE))[0])

    async def running(self) -> list[ClaimedJob]:
        rows = await self._db.fetch(
            """
            SELECT j.*, r.deadline FROM street.jobs j JOIN street.requests r ON r.id = j.request_id
             WHERE j.status = 'running' ORDER BY j.id"""
        )
        return [ClaimedJob(**{name: row[name] for name in ClaimedJob.__struct_fields__}) for row in rows]

    async def _end(self, ending: Ending) -> bool:
        for job in await self.running():
            return await end(self._db, job, ending) is not None
        return False

    async def _asked_to_cancel(self) -> object:
        return await self._db.fetchval("SELECT cancel_requested_at FROM street.requests WHERE id = $1", self.request)


STEPS = ("claim", "succeed", "fail", "try_again", "lose", "cancel", "stop", "pass_deadline", "retry")


async def test_from_everywhere_within_a_few_steps_a_request_can_end(connection: PlainConnection) -> None:
    resource = new_id()
    walker = Walker(connection, await submit(connection, MEI, say(1), say(2), resource=resource), resource)

    visited = await explore(connection, walker, ())

    assert visited > 120


async def explore(connection: PlainConnection, walker: Walker, path: tuple[str, ...]) -> int:
    """How many places were seen from here on. A step that changes nothing leads nowhere new."""
    await check(connection, walker, path)
    visited = 1
    for name in STEPS if len(path) < DEPTH else ():
        here = connection.transaction()
        await here.start()
        step: Callable[[], Awaitable[bool]] = getattr(walker, name)
        if await step():
            visited += await explore(connection, walker, (*path, name))
        await here.rollback()
    return visited


async def check(connection: PlainConnection, walker: Walker, path: tuple[str, ...]) -> None:
    found = await get_request(connection, walker.request, MEI)
    statuses = [job.status for job in found.jobs]
    open_jobs = sum(status in {"queued", "running", "retrying"} for status in statuses)
    assert (found.jobs_total, found.jobs_open, found.jobs_failed) == (len(statuses), open_jobs, statuses.count("failed")), path
    assert found.is_over == (open_jobs == 0), path
    types = await told(connection, walker.request)
    assert (types[-1] == f"request.{found.status}") == found.is_over, path
    await check_shares(connection, path)

    here = connection.transaction()
    await here.start()
    await finish(connection, walker)
    ended = await get_request(connection, walker.request, MEI)
    assert ended.is_over, path
    if found.cancel_requested_at and not found.is_over:
        assert ended.status == "canceled", path
        assert ended.jobs_total == found.jobs_total, path
    await here.rollback()


async def finish(connection: PlainConnection, walker: Walker) -> None:
    """The workers die, others come and do what there is to do."""
    for job in await walker.running():
        await lose_lease(connection, job)
        await end(connection, job, rescue())
    while jobs := (await claim(connection, "speech", slots=9, running_per_owner=9)).jobs:
        for job in jobs:
            await end(connection, job, success())


async def check_shares(connection: PlainConnection, where: object) -> None:
    """The counters are the rows, exactly."""
    counted = await connection.fetch(
        "SELECT queue, owner, waiting, running FROM street.shares WHERE waiting <> 0 OR running <> 0 ORDER BY queue, owner"
    )
    rows = await connection.fetch(
        """
        SELECT queue, owner, count(*) FILTER (WHERE status <> 'running') AS waiting,
               count(*) FILTER (WHERE status = 'running') AS running
          FROM street.jobs WHERE status IN ('queued', 'retrying', 'running') GROUP BY queue, owner ORDER BY queue, owner"""
    )
    assert [tuple(each) for each in counted] == [tuple(each) for each in rows], where


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_hundreds_of_random_steps_the_shares_equal_the_rows(connection: PlainConnection, seed: int) -> None:
    dice = random.Random(seed)
    owners = [UserId(f"learner {number}") for number in range(4)]
    requests: list[tuple[RequestId, UUID, UserId]] = []
    jobs: list[ClaimedJob] = []
    for number in range(300):
        await step(connection, dice, owners, requests, jobs)
        await check_shares(connection, (seed, number))

    ended = await connection.fetch("SELECT DISTINCT status FROM street.jobs")
    assert len(jobs) > 50
    assert {each["status"] for each in ended} == {"queued", "running", "retrying", "succeeded", "failed", "canceled"}
    for request, _, _ in requests:
        await told(connection, request)


async def step(
    db: PlainConnection,
    dice: random.Random,
    owners: list[UserId],
    requests: list[tuple[RequestId, UUID, UserId]],
    jobs: list[ClaimedJob],
) -> None:
    choice = dice.randrange(10)
    if choice < 2 or not requests:
        owner, resource = dice.choice(owners), new_id()
        asks = dice.choices((compose(), say(), paint()), k=dice.randint(1, 4))
        requests.append((await submit(db, owner, *asks, resource=resource), resource, owner))
    elif choice < 5 or not jobs:
        jobs += (await claim(db, dice.choice(QUEUES), slots=dice.randint(1, 6), running_per_owner=3)).jobs
    elif choice < 8:
        await end_somehow(db, dice, dice.choice(jobs[-12:]))
    else:
        await change_somehow(db, dice, *dice.choice(requests[-12:]))


async def end_somehow(db: PlainConnection, dice: random.Random, job: ClaimedJob) -> None:
    ending = dice.choice(
        (
            success(),
            success(compose(), say(), paint(), paint()),
            failure(),
            again(),
            again(refund=True),
            rescue(),
            rescue("failed"),
        )
    )
    if ending.expired_only:
        await db.execute(
            "UPDATE street.jobs SET lease_until = '-infinity' WHERE id = $1 AND epoch = $2 AND status = 'running'",
            job.id,
            job.epoch,
        )
    await end(db, job, ending)


async def change_somehow(db: PlainConnection, dice: random.Random, request: RequestId, resource: UUID, owner: UserId) -> None:
    match dice.randrange(5):
        case 0:
            await cancel_request(db, request, owner)
        case 1:
            await stop_requests_for(db, resource, owner)
        case 2 if not (await get_request(db, request, owner)).is_over:
            await fail_requests(db, [request], PROBLEM)
        case _:
            await retry_request(db, request, owner, MINUTE)


async def test_rows_that_are_erased_leave_the_shares(connection: PlainConnection) -> None:
    await submit(connection, MEI, compose(), say(), paint())
    await claim(connection, "speech")
    await connection.execute("DELETE FROM street.requests")

    await check_shares(connection, "erased")
