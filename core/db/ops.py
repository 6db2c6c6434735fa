"""Everybody's requests for operators: columns that hold words of learners are not even read."""

from collections.abc import Sequence
from typing import Any, Literal

import asyncpg
from msgspec.structs import fields, replace

from core.contracts.ids import JobId, RequestId, UserId
from core.contracts.ops import Filter, JobOverview, Overview
from core.contracts.request import Created
from core.db.created import ids_of
from core.db.pool import Connection
from core.db.retry import TAKEN_UP
from core.errors import NotFound
from core.problems import FAMILY

_COLUMNS = """
SELECT id, owner, product, resource_id, status, jobs_total, jobs_open, jobs_failed, cost_microusd, error ->> 'type' AS failure,
       deadline, cancel_requested_at, created_at, started_at, finished_at"""

_REQUESTS = "\n  FROM street.requests\n"

_OVERVIEW = _COLUMNS + _REQUESTS

# In one statement: of two, an ending in between would show a request of one moment and jobs of another.
_JOBS = """,
       ARRAY(SELECT ROW(j.id, j.kind, j.queue, j.status, j.attempt, j.max_attempts, j.epoch, j.lost_leases, j.worker, j.provider,
                        j.model, j.cost_microusd, j.error ->> 'type', j.due_at, j.lease_until, j.started_at, j.finished_at)
               FROM street.jobs j WHERE j.request_id = requests.id ORDER BY j.id) AS jobs"""

_WITH_JOBS = _COLUMNS + _JOBS + _REQUESTS


_MATCHING = """
 WHERE id >= $2 AND ($3::uuid IS NULL OR id < $3)
   AND ($4::text IS NULL OR owner = $4) AND ($5::text IS NULL OR product = $5) AND ($6::text IS NULL OR status = $6)
   AND ($7::text IS NULL OR (error IS NOT NULL AND error ->> 'type' = $7))
   AND ($8::timestamptz IS NULL OR created_at >= $8) AND ($9::timestamptz IS NULL OR created_at < $9)
"""


# What an action would change: nothing else is matched, so that a dry run tells the truth.
_CHANGEABLE = {
    "retry": f" AND status = 'failed' AND jobs_failed > 0 AND cancel_requested_at IS NULL AND NOT {TAKEN_UP}",
    "cancel": " AND status IN ('queued', 'running') AND cancel_requested_at IS NULL",
}


_NEWEST = " ORDER BY id DESC LIMIT $1"


async def list_overviews(db: Connection, wanted: Filter, limit: int, before: RequestId | None = None) -> list[Overview]:
    """Newest first."""
    rows = await db.fetch(_OVERVIEW + _MATCHING + _NEWEST, limit, *_values(wanted, before))
    return [_overview_of(row) for row in rows]


async def list_changeable(
    db: Connection, action: Literal["retry", "cancel"], wanted: Filter, limit: int, before: RequestId | None = None
) -> list[Overview]:
    """Those of them that the action would change."""
    rows = await db.fetch(_OVERVIEW + _MATCHING + _CHANGEABLE[action] + _NEWEST, limit, *_values(wanted, before))
    return [_overview_of(row) for row in rows]


async def get_overview(db: Connection, request: RequestId) -> tuple[Overview, list[JobOverview]]:
    """Raises NotFound."""
    row = await db.fetchrow(_WITH_JOBS + "WHERE id = $1", request)
    if row is None:
        raise NotFound("There is no such request.")
    return _overview_of(row), [_job_of(cells) for cells in row["jobs"]]


def _values(wanted: Filter, before: RequestId | None) -> tuple[object, ...]:
    first, after_last = ids_of(Created(wanted.created_after, wanted.created_before), before)
    failure = f"{FAMILY}{wanted.failure}" if wanted.failure else None
    return (
        first,
        after_last,
        wanted.owner,
        wanted.product,
        wanted.status,
        failure,
        wanted.created_after,
        wanted.created_before,
    )


def _overview_of(row: asyncpg.Record) -> Overview:
    values = {field.name: row[field.name] for field in fields(Overview)}
    return Overview(**values | {"id": RequestId(row["id"]), "owner": UserId(row["owner"]), "failure": _word_of(row["failure"])})


def _job_of(cells: Sequence[Any]) -> JobOverview:
    """The cells of a row without names, in the order of _WITH_JOBS, which is that of the fields."""
    job = JobOverview(*cells)
    return replace(job, id=JobId(job.id), failure=_word_of(job.failure))


def _word_of(problem_type: str | None) -> str | None:
    return problem_type.removeprefix(FAMILY) if problem_type else None
