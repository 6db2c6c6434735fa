"""The database refuses nonsense: every illegal move, everything that may never fall, every row that contradicts itself."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, get_args

import asyncpg
import pytest

from core.contracts.job import JobStatus
from core.contracts.request import RequestStatus
from core.db.pool import PlainConnection
from tests.core.db.rows import claim_one, submit

JOB_MOVES = {
    "queued": {"running", "canceled", "failed"},
    "running": {"succeeded", "failed", "canceled", "retrying"},
    "retrying": {"running", "canceled", "failed"},
    "failed": {"queued"},
    "succeeded": set(),
    "canceled": set(),
}
REQUEST_MOVES = {
    "queued": {"running", "canceled", "failed"},
    "running": {"succeeded", "failed", "canceled"},
    "failed": {"running"},
    "succeeded": set(),
    "canceled": set(),
}
FINAL = ("succeeded", "failed", "canceled")

_JOB = """
UPDATE street.jobs
   SET status = $2, result = '{}',
       lease_until = CASE WHEN $2 = 'running' THEN now() END, worker = CASE WHEN $2 = 'running' THEN 'test' END,
       finished_at = CASE WHEN $2 = ANY($3) THEN now() END
 WHERE id = $1
"""
_REQUEST = """
UPDATE street.requests
   SET status = $2, jobs_open = CASE WHEN $2 = ANY($3) THEN 0 ELSE 1 END, finished_at = CASE WHEN $2 = ANY($3) THEN now() END
 WHERE id = $1
"""


@asynccontextmanager
async def undone(connection: PlainConnection) -> AsyncIterator[None]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def test_the_moves_in_the_database_are_the_ones_of_the_design(connection: PlainConnection) -> None:
    assert await moves(connection, "job_moves") == {(a, b) for a, after in JOB_MOVES.items() for b in after}
    assert await moves(connection, "request_moves") == {(a, b) for a, after in REQUEST_MOVES.items() for b in after}


async def moves(connection: PlainConnection, table: str) -> set[tuple[str, str]]:
    rows = await connection.fetch(f"SELECT before, after FROM street.{table}")  # noqa: S608  a name of this test
    return {(each["before"], each["after"]) for each in rows}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(get_args(JobStatus), repeat=2)))
async def test_a_job_moves_only_where_it_may(connection: PlainConnection, before: str, after: str) -> None:
    request = await submit(connection)
    job = await connection.fetchval("SELECT id FROM street.jobs WHERE request_id = $1", request)
    # Put there without walking, which is what the trigger is for.
    await put(connection, "jobs_moves", "jobs", _JOB, job, before)

    await check_move(connection, _JOB, job, after, legal=after in JOB_MOVES[before] or after == before)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(get_args(RequestStatus), repeat=2)))
async def test_a_request_moves_only_where_it_may(connection: PlainConnection, before: str, after: str) -> None:
    request = await submit(connection)
    await put(connection, "requests_moves", "requests", _REQUEST, request, before)

    await check_move(connection, _REQUEST, request, after, legal=after in REQUEST_MOVES[before] or after == before)


async def put(connection: PlainConnection, trigger: str, table: str, query: str, key: Any, status: str) -> None:
    await connection.execute(f"ALTER TABLE street.{table} DISABLE TRIGGER {trigger}")
    await connection.execute(query, key, status, FINAL)
    await connection.execute(f"ALTER TABLE street.{table} ENABLE TRIGGER {trigger}")


async def check_move(connection: PlainConnection, query: str, key: Any, status: str, *, legal: bool) -> None:
    if legal:
        assert await connection.execute(query, key, status, FINAL) == "UPDATE 1"
        return
    with pytest.raises(asyncpg.CheckViolationError, match="may not move"):
        await connection.execute(query, key, status, FINAL)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE street.jobs SET epoch = epoch - 1", "never fall"),
        ("UPDATE street.requests SET last_seq = last_seq - 1", "never fall"),
        ("UPDATE street.jobs SET lease_until = NULL", "jobs_lease"),
        ("UPDATE street.jobs SET worker = NULL", "jobs_worker"),
        ("UPDATE street.jobs SET finished_at = now()", "jobs_finished"),
        ("UPDATE street.jobs SET attempt = -1", "jobs_attempt"),
        (
            "UPDATE street.jobs SET status = 'succeeded', finished_at = now(), lease_until = NULL, worker = NULL",
            "jobs_result",
        ),
        ("UPDATE street.requests SET finished_at = now()", "requests_finished"),
        ("UPDATE street.requests SET jobs_open = 0", "requests_over"),
        ("UPDATE street.requests SET jobs_open = 2", "requests_counts"),
        ("UPDATE street.requests SET jobs_failed = 2", "requests_counts"),
        ("UPDATE street.shares SET waiting = -1", "shares_counts"),
        ("UPDATE street.events SET seq = 0 WHERE seq = 1", "events_seq"),
        (
            "INSERT INTO street.provider_calls (job_id, epoch, owner, state) SELECT id, 9, owner, 'maybe' FROM street.jobs",
            "state",
        ),
    ],
)
async def test_a_row_that_contradicts_itself_is_refused(connection: PlainConnection, change: str, why: str) -> None:
    await submit(connection)
    await claim_one(connection)

    async with undone(connection):
        with pytest.raises(asyncpg.CheckViolationError, match=why):
            await connection.execute(change)


@pytest.mark.parametrize("table", ["jobs", "requests"])
async def test_a_status_nobody_knows_is_refused(connection: PlainConnection, table: str) -> None:
    await submit(connection)
    await connection.execute(f"ALTER TABLE street.{table} DISABLE TRIGGER {table}_moves")

    with pytest.raises(asyncpg.CheckViolationError, match=f"{table}_status"):
        await connection.execute(f"UPDATE street.{table} SET status = 'asleep'")  # noqa: S608  a name of this test
