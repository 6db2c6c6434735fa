"""The request before its jobs, in every statement: whoever kept another order would wait in a circle with all others."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from core.contracts.ids import ArtifactId, RequestId, new_id
from core.contracts.job import ClaimedJob
from core.db.lease import intend
from core.db.pool import Pool
from core.db.retry import retry_request
from core.db.stop import cancel_request, cancel_requests_for, stop_requests_for
from tests.core.db.rows import (
    MEI,
    MINUTE,
    again,
    claim_one,
    compose,
    end,
    failure,
    lose_lease,
    paint,
    rescue,
    say,
    submit,
    success,
    waiting_for_a_lock,
)

Write = Callable[[Any, RequestId, UUID, ClaimedJob], Awaitable[object]]

WRITES: dict[str, Write] = {
    "succeed": lambda db, _request, _resource, job: end(db, job, success(say(9), paint(9))),
    "try again": lambda db, _request, _resource, job: end(db, job, again()),
    "rescue": lambda db, _request, _resource, job: end(db, job, rescue()),
    "intend": lambda db, _request, _resource, job: intend(db, job, ArtifactId("none")),
    "cancel": lambda db, request, _resource, _job: cancel_request(db, request, MEI),
    "cancel all": lambda db, _request, resource, _job: cancel_requests_for(db, resource, MEI),
    "stop": lambda db, _request, resource, _job: stop_requests_for(db, resource, MEI),
    "retry": lambda db, request, _resource, _job: retry_request(db, request, MEI, MINUTE),
}


@pytest.mark.parametrize("write", WRITES)
async def test_the_request_is_locked_before_its_jobs(pool: Pool, write: str) -> None:
    async with pool.acquire() as db, pool.acquire() as holder, pool.acquire() as beside:
        resource = new_id()
        request = await submit(db, MEI, compose(), say(), paint(), resource=resource)
        running = await claim_one(db)
        await end(db, await claim_one(db, "speech"), failure())
        if write == "rescue":
            await lose_lease(db, running)

        async def writes() -> None:
            async with db.transaction():
                await WRITES[write](db, request, resource, running)

        async with holder.transaction():
            await holder.execute("SELECT FROM street.requests WHERE id = $1 FOR UPDATE", request)
            writing = asyncio.create_task(writes())
            await waiting_for_a_lock(pool)
            free = await beside.fetch("SELECT id FROM street.jobs FOR UPDATE SKIP LOCKED")
        await writing

    assert len(free) == 3


async def test_who_cancels_and_adds_holds_no_share_before_the_first(pool: Pool) -> None:
    """Or it could wait for an ending of the same learner that holds the first and waits for a later one."""
    resource = new_id()
    async with pool.acquire() as db, pool.acquire() as holder, pool.acquire() as beside:
        await submit(db, MEI, compose())
        await submit(db, MEI, say(), paint(), resource=resource)

        async def cancels_and_adds() -> None:
            async with db.transaction():
                await cancel_requests_for(db, resource, MEI)
                await submit(db, MEI, compose(), resource=resource)

        async with holder.transaction():
            await holder.execute("SELECT FROM street.shares WHERE queue = 'text' FOR UPDATE")
            writing = asyncio.create_task(cancels_and_adds())
            await waiting_for_a_lock(pool)
            free = await beside.fetch("SELECT queue FROM street.shares WHERE queue <> 'text' FOR UPDATE SKIP LOCKED")
        await writing

    assert len(free) == 2
