"""Read requests and their jobs: how far they are, and, for the products that fold them, what was asked and came of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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


_STANDING = """
SELECT id, request_id, kind, queue, status, attempt, provider, model, usage, cost_microusd, artifact, error,
       parent, created_at, started_at, finished_at
"""


# Without input and result: long to read, and a request does not show them.
_JOB = _STANDING + "FROM street.jobs "


_TOLD_JOB = _STANDING + ", result, CASE WHEN kind = ANY($2) THEN input END AS input FROM street.jobs "


async def get_request(db: Connection, request_id: RequestId, owner: UserId) -> Request:
    """Raises NotFound when it is missing or somebody else's: the two look the same."""
    row = await db.fetchrow(_REQUEST + "WHERE id = $1 AND owner = $2", request_id, owner)
    if row is None:
        raise NotFound("There is no such request.")
    jobs = await db.fetch(_JOB + "WHERE request_id = $1 ORDER BY id", request_id)
    return _request_of(row, map(_job_of, jobs))


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
    jobs = await db.fetch(_JOB + "WHERE request_id = ANY($1) ORDER BY id", _ids_of(rows))
    return _with_jobs(rows, map(_job_of, jobs))


async def list_requests_for(db: Connection, resources: list[UUID], owner: UserId, inputs_of: Sequence[str] = ()) -> list[Request]:
    """Every request made for these resources, oldest first, with the results of its jobs, and with the inputs of those kinds
    that are named: what a product folds. Conversations are the longest inputs, and each turn has all of it again."""
    rows = await db.fetch(_REQUEST + "WHERE resource_id = ANY($1) AND owner = $2 ORDER BY id", resources, owner)
    jobs = await db.fetch(_TOLD_JOB + "WHERE request_id = ANY($1) ORDER BY id", _ids_of(rows), inputs_of)
    return _with_jobs(rows, map(_told_job_of, jobs))


def _ids_of(rows: list[asyncpg.Record]) -> list[UUID]:
    return [row["id"] for row in rows]


def _with_jobs(rows: list[asyncpg.Record], jobs: Iterable[Job]) -> list[Request]:
    of_request: dict[UUID, list[Job]] = defaultdict(list)
    for job in jobs:
        of_request[job.request_id].append(job)
    return [_request_of(row, of_request[row["id"]]) for row in rows]


async def get_job(db: Connection, job_id: JobId, owner: UserId) -> Job:
    row = await db.fetchrow(_JOB + "WHERE id = $1 AND owner = $2", job_id, owner)
    if row is None:
        raise NotFound("There is no such job.")
    return _job_of(row)


def _request_of(row: asyncpg.Record, jobs: Iterable[Job]) -> Request:
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
        jobs=tuple(jobs),
    )


def _job_of(row: asyncpg.Record) -> Job:
    return Job(
        id=JobId(row["id"]),
        request_id=RequestId(row["request_id"]),
        kind=row["kind"],
        queue=row["queue"],
        status=row["status"],
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


def _told_job_of(row: asyncpg.Record) -> Job:
    return msgspec.structs.replace(_job_of(row), input=row["input"], result=row["result"])


def _problem_of(raw: str | None) -> Problem | None:
    return msgspec.json.decode(raw, type=Problem) if raw else None


def _json_of(raw: str | None) -> Any:
    return msgspec.json.decode(raw) if raw else None
