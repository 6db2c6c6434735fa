"""Read requests and their jobs: how far they are, and, for the products that fold them, what was asked and came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from core.contracts.ids import ArtifactId, JobId, RequestId, UserId
from core.contracts.job import Job, JobStatus, Problem, Queue
from core.contracts.request import Created, Product, Request, RequestStatus
from core.db.created import ids_of
from core.db.pool import Connection
from core.errors import NotFound

# With its jobs in one statement: one picture of the rows. Between two, an ending could change both, and what is shown, and its
# ETag, would be of a moment that never was. Without inputs and results: long to read, and a request does not show them.
_REQUEST = """
SELECT r.id, r.owner, r.product, r.resource_id, r.input, r.status, r.jobs_total, r.jobs_open, r.jobs_failed, r.last_seq,
       r.cancel_requested_at, r.cost_microusd, r.error, r.created_at, r.started_at, r.finished_at,
       ARRAY(SELECT ROW(j.id, j.request_id, j.kind, j.queue, j.status, j.attempt, j.provider, j.model, j.usage, j.cost_microusd,
                        j.artifact, j.error, j.parent, j.created_at, j.started_at, j.finished_at, NULL::jsonb, NULL::jsonb)
               FROM street.jobs j WHERE j.request_id = r.id ORDER BY j.id) AS jobs
  FROM street.requests r
"""


_TOLD_REQUEST = _REQUEST.replace("NULL::jsonb, NULL::jsonb", "j.result, CASE WHEN j.kind = ANY($3) THEN j.input END")


async def get_request(db: Connection, request_id: RequestId, owner: UserId) -> Request:
    """Raises NotFound when it is missing or somebody else's: the two look the same."""
    row = await db.fetchrow(_REQUEST + "WHERE r.id = $1 AND r.owner = $2", request_id, owner)
    if row is None:
        raise NotFound("There is no such request.")
    return _request_of(row)


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
        WHERE r.owner = $1 AND r.id >= $3 AND ($4::uuid IS NULL OR r.id < $4) AND ($5::text IS NULL OR r.product = $5)
          AND ($6::text IS NULL OR r.status = $6)
          AND ($7::timestamptz IS NULL OR r.created_at >= $7) AND ($8::timestamptz IS NULL OR r.created_at < $8)
        ORDER BY r.id DESC LIMIT $2""",
        owner,
        limit,
        first,
        after_last,
        product,
        status,
        created.after,
        created.before,
    )
    return list(map(_request_of, rows))


async def list_requests_for(db: Connection, resources: list[UUID], owner: UserId, inputs_of: Sequence[str] = ()) -> list[Request]:
    """Every request made for these resources, oldest first, with the results of its jobs, and with the inputs of those kinds
    that are named: what a product folds. Conversations are the longest inputs, and each turn has all of it again."""
    rows = await db.fetch(
        _TOLD_REQUEST + "WHERE r.resource_id = ANY($1) AND r.owner = $2 ORDER BY r.id", resources, owner, inputs_of
    )
    return list(map(_request_of, rows))


async def get_job(db: Connection, job_id: JobId, owner: UserId) -> tuple[Job, tuple[Job, ...]]:
    """It, and all jobs of its request, itself among them."""
    row = await db.fetchrow(
        _REQUEST + "JOIN street.jobs one ON one.request_id = r.id WHERE one.id = $1 AND one.owner = $2", job_id, owner
    )
    if row is None:
        raise NotFound("There is no such job.")
    siblings = _request_of(row).jobs
    return next(job for job in siblings if job.id == job_id), siblings


def _request_of(row: asyncpg.Record) -> Request:
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
        jobs=tuple(_job_of(*cells) for cells in row["jobs"]),
    )


def _job_of(
    # The cells of a row without names, in the order of _REQUEST.
    job_id: UUID,
    request_id: UUID,
    kind: str,
    queue: Queue,
    status: JobStatus,
    attempt: int,
    provider: str | None,
    model: str | None,
    usage: str | None,
    cost_microusd: int | None,
    artifact: str | None,
    error: str | None,
    parent: UUID | None,
    created_at: datetime,
    started_at: datetime | None,
    finished_at: datetime | None,
    result: str | None,
    told: str | None,
) -> Job:
    return Job(
        id=JobId(job_id),
        request_id=RequestId(request_id),
        kind=kind,
        queue=queue,
        status=status,
        attempt=attempt,
        provider=provider,
        model=model,
        usage=_json_of(usage),
        cost_microusd=cost_microusd,
        artifact=ArtifactId(artifact) if artifact else None,
        error=_problem_of(error),
        parent=JobId(parent) if parent else None,
        created_at=created_at,
        started_at=started_at,
        finished_at=finished_at,
        result=result,
        input=told,
    )


def _problem_of(raw: str | None) -> Problem | None:
    return msgspec.json.decode(raw, type=Problem) if raw else None


def _json_of(raw: str | None) -> Any:
    return msgspec.json.decode(raw) if raw else None
