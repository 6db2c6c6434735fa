"""A request is read with its jobs as of one moment: rows of two would have an ETag of what never was."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import asdict

from core.contracts.ids import RequestId, new_id
from core.contracts.job import Job
from core.contracts.ops import JobOverview
from core.db.ops import get_overview
from core.db.pool import Pool
from core.db.requests import get_job, get_request, list_requests, list_requests_for
from tests.core.db.rows import MEI, claim_one, compose, end, row, say, submit, success, waiting_for_a_lock

Jobs = tuple[Job | JobOverview, ...]
Read = Callable[[Any, RequestId, UUID], Coroutine[Any, Any, tuple[int, Jobs]]]
"""How many jobs a request says it has, and those that came with it."""


async def _one(db: Any, request: RequestId, _resource: UUID) -> tuple[int, Jobs]:
    found = await get_request(db, request, MEI)
    return found.jobs_total, found.jobs


async def _page(db: Any, _request: RequestId, _resource: UUID) -> tuple[int, Jobs]:
    (found,) = await list_requests(db, MEI, 10)
    return found.jobs_total, found.jobs


async def _folded(db: Any, _request: RequestId, resource: UUID) -> tuple[int, Jobs]:
    (found,) = await list_requests_for(db, [resource], MEI)
    return found.jobs_total, found.jobs


async def _overview(db: Any, request: RequestId, _resource: UUID) -> tuple[int, tuple[JobOverview, ...]]:
    found, jobs = await get_overview(db, request)
    return found.jobs_total, tuple(jobs)


@pytest.mark.parametrize("read", [_one, _page, _folded, _overview])
async def test_what_ends_while_it_is_read_is_seen_whole_or_not_at_all(pool: Pool, read: Read) -> None:
    resource = new_id()
    async with pool.acquire() as db, pool.acquire() as worker:
        request = await submit(db, MEI, compose(), resource=resource)
        job = await claim_one(db)
        async with worker.transaction():
            # Whoever reads jobs in a statement of its own has read the request by the time it waits here.
            await worker.execute("LOCK TABLE street.jobs IN ACCESS EXCLUSIVE MODE")
            reading = asyncio.create_task(read(db, request, resource))
            await waiting_for_a_lock(pool)
            await end(worker, job, success(say(1), say(2)))
        total, jobs = await reading

    assert total == len(jobs)


async def test_a_job_comes_with_those_that_follow_it(pool: Pool) -> None:
    async with pool.acquire() as db:
        await submit(db, MEI, compose())
        ended = await claim_one(db)
        await end(db, ended, success(say(1), say(2)))
        job, siblings = await get_job(db, ended.id, MEI)

    assert (job.id, job.status) == (ended.id, "succeeded")
    assert [other.parent for other in siblings] == [None, job.id, job.id]


async def test_operators_are_told_each_column_of_a_job_under_its_own_name(pool: Pool) -> None:
    async with pool.acquire() as db:
        request = await submit(db, MEI, compose())
        job = await claim_one(db)
        await db.execute(
            "UPDATE street.jobs SET attempt = 2, max_attempts = 7, epoch = 5, lost_leases = 1, provider = 'who', model = 'what',"
            " cost_microusd = 9, due_at = due_at - interval '1 s', error = jsonb_build_object('type', 'urn:kotonoha:problem:why')"
        )
        _, (overview,) = await get_overview(db, request)
        stored = await row(db, "jobs", job.id)

    told = asdict(overview)
    assert told.pop("failure") == "why"
    assert told == {name: stored[name] for name in told}
