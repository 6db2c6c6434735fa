"""Read requests and their jobs."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from core.contracts.ids import ArtifactId, JobId, RequestId, UserId
from core.contracts.job import Job, Problem
from core.contracts.request import Created, Product, Request, RequestStatus
from core.db.created import ids_of
from core.db.pool import Connection
from core.errors import NotFound

_REQUEST = """
SELECT id, owner, product, resource_id, input, status, jobs_total, jobs_open, jobs_failed, last_seq, cancel_requested_at,
       cost_microusd, error, created_at, started_at, finished_at
  FROM street.requests
"""


_JOB = """
SELECT id, request_id, kind, queue, status, input, result, attempt, provider, model, usage, cost_microusd, artifact, error,
       parent, created_at, started_at, finished_at
  FROM street.jobs
"""


async def get_request(db: Connection, request_id: RequestId, owner: UserId) -> Request:
    """Raises NotFound when it is missing or somebody else's: the two look the same."""
    row = await db.fetchrow(_REQUEST + "WHERE id = $1 AND owner = $2", request_id, owner)
    if row is None:
        raise NotFound("There is no such request.")
    jobs = await db.fetch(_JOB + "WHERE request_id = $1 ORDER BY id", request_id)
    return _request_of(row, jobs)


async def list_requests(
    db: Connection,
    owner: UserId,
    limit: int,
    before: RequestId | None = None,
    product: Product | None = None,
    status: RequestStatus | None = None,
    created: Created = Created(),  # noqa: B008  frozen
) -> list[Request]:
    """Newest first."""
    first, after_last = ids_of(created, before)
    rows = await db.fetch(
        _REQUEST
        + """
        WHERE owner = $1 AND id >= $3 AND ($4::uuid IS NULL OR id < $4) AND ($5::text IS NULL OR product = $5)
          AND ($6::text IS NULL OR status = $6)
          AND ($7::timestamptz IS NULL OR created_at >= $7) AND ($8::timestamptz IS NULL OR created_at < $8)
        ORDER BY id DESC LIMIT $2""",
        owner,
        limit,
        first,
        after_last,
        product,
        status,
        created.after,
        created.before,
    )
    return await _with_jobs(db, rows)


async def list_requests_for(db: Connection, resources: list[UUID], owner: UserId) -> list[Request]:
    """Every request made for these resources with its jobs, oldest first: what a product folds."""
    rows = await db.fetch(_REQUEST + "WHERE resource_id = ANY($1) AND owner = $2 ORDER BY id", resources, owner)
    return await _with_jobs(db, rows)


async def _with_jobs(db: Connection, rows: list[asyncpg.Record]) -> list[Request]:
    jobs = defaultdict(list)
    for job in await db.fetch(_JOB + "WHERE request_id = ANY($1) ORDER BY id", [row["id"] for row in rows]):
        jobs[job["request_id"]].append(job)
    return [_request_of(row, jobs[row["id"]]) for row in rows]


async def get_job(db: Connection, job_id: JobId, owner: UserId) -> Job:
    row = await db.fetchrow(_JOB + "WHERE id = $1 AND owner = $2", job_id, owner)
    if row is None:
        raise NotFound("There is no such job.")
    return _job_of(row)


def _request_of(row: asyncpg.Record, jobs: list[asyncpg.Record]) -> Request:
    return Request(
        id=RequestId(row["id"]),
        owner=UserId(row["owner"]),
        product=row["product"],
        resource_id=row["resource_id"],
        input=msgspec.json.decode(row["input"]),
        status=row["status"],
        jobs_total=row["jobs_total"],
        jobs_open=row["jobs_open"],
        jobs_failed=row["jobs_failed"],
        last_seq=row["last_seq"],
        cancel_requested_at=row["cancel_requested_at"],
        cost_microusd=row["cost_microusd"],
        error=_problem_of(row["error"]),
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        jobs=tuple(_job_of(job) for job in jobs),
    )


def _job_of(row: asyncpg.Record) -> Job:
    return Job(
        id=JobId(row["id"]),
        request_id=RequestId(row["request_id"]),
        kind=row["kind"],
        queue=row["queue"],
        status=row["status"],
        input=row["input"],
        result=row["result"],
        attempt=row["attempt"],
        provider=row["provider"],
        model=row["model"],
        usage=_json_of(row["usage"]),
        cost_microusd=row["cost_microusd"],
        artifact=ArtifactId(row["artifact"]) if row["artifact"] else None,
        error=_problem_of(row["error"]),
        parent=JobId(row["parent"]) if row["parent"] else None,
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )


def _problem_of(raw: str | None) -> Problem | None:
    return msgspec.json.decode(raw, type=Problem) if raw else None


def _json_of(raw: str | None) -> Any:
    return msgspec.json.decode(raw) if raw else None
