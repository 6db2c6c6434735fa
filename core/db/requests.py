"""Requests: accept one with its first jobs, read them, cancel, retry."""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from core.contracts.events import Event
from core.contracts.ids import ArtifactId, JobId, RequestId, UserId, new_id
from core.contracts.job import Job, Problem, Queue
from core.contracts.request import Product, Request, RequestStatus, Submission
from core.db.pool import Connection
from core.db.rows import event_of, events_of, new_jobs, to_json
from core.errors import KeyReused, NotFound

_SUBMIT = """
WITH request AS (
    INSERT INTO street.requests (id, owner, product, resource_id, input, jobs_total, jobs_open, last_seq, deadline,
                                 idempotency_key, request_hash, traceparent)
    VALUES ($1, $2, $3, $4, $5, jsonb_array_length($6), jsonb_array_length($6), 1, clock_timestamp() + $7::interval,
            $8, $9, $10)
    ON CONFLICT (owner, idempotency_key) DO NOTHING
    RETURNING id, owner, traceparent
), job AS (
    INSERT INTO street.jobs (id, request_id, owner, kind, queue, input, input_hash, max_attempts, traceparent)
    SELECT j.id, request.id, request.owner, j.kind, j.queue, j.input, j.input_hash, $11, request.traceparent
      FROM request, jsonb_to_recordset($6) AS j (id uuid, kind text, queue text, input jsonb, input_hash text)
    RETURNING id, kind
)
INSERT INTO street.events (request_id, seq, type, data)
SELECT request.id, 1, 'request.accepted', jsonb_build_object('product', $3::text, 'resource_id', $4::uuid, 'jobs',
           (SELECT jsonb_agg(jsonb_build_object('id', job.id, 'kind', job.kind) ORDER BY job.id) FROM job))
  FROM request
RETURNING request_id, seq, job_id, type, data, at
"""

_SAME_KEY = "SELECT id, request_hash FROM street.requests WHERE owner = $1 AND idempotency_key = $2"


async def submit_request(
    db: Connection, submission: Submission, deadline: timedelta, max_attempts: int
) -> tuple[RequestId, Event | None]:
    """Write a request, its first jobs and its first event in one statement.

    Returns its id and first event; no event means the Idempotency-Key was used before for the same thing and the id is
    that earlier request's. Raises KeyReused when it was used for something else.
    """
    row = await db.fetchrow(
        _SUBMIT,
        new_id(),
        submission.owner,
        submission.product,
        submission.resource_id,
        to_json(submission.input),
        new_jobs(submission.asks),
        deadline,
        submission.key,
        submission.hash,
        submission.traceparent,
        max_attempts,
    )
    if row is not None:
        return RequestId(row["request_id"]), event_of(row)
    earlier = await find_same_key(db, submission.owner, submission.key or "", submission.hash or "")
    if earlier is None:
        raise KeyReused
    return earlier, None


async def find_same_key(db: Connection, owner: UserId, key: str, request_hash: str) -> RequestId | None:
    """The request this Idempotency-Key was used for. Raises KeyReused when that was something else."""
    row = await db.fetchrow(_SAME_KEY, owner, key)
    if row is None:
        return None
    if row["request_hash"] != request_hash:
        raise KeyReused
    return RequestId(row["id"])


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
) -> list[Request]:
    """Newest first."""
    rows = await db.fetch(
        _REQUEST
        + """
        WHERE owner = $1 AND ($3::uuid IS NULL OR id < $3) AND ($4::text IS NULL OR product = $4)
          AND ($5::text IS NULL OR status = $5)
        ORDER BY id DESC LIMIT $2""",
        owner,
        limit,
        before,
        product,
        status,
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


# Locking is a statement of its own: the next one then sees the jobs a finishing worker added while we waited.
_LOCK = """
SELECT jobs_failed, cancel_requested_at, finished_at FROM street.requests WHERE id = $1 AND owner = $2 FOR UPDATE
"""

_LOCK_OPEN_OF = """
SELECT id FROM street.requests WHERE resource_id = $1 AND owner = $2 AND finished_at IS NULL ORDER BY id FOR UPDATE
"""

# Ends every job of locked, open requests that is in one of the states $2, tells each, and the end of a request when
# none is open. All requests in one statement: its trigger then locks a learner's shares in the order everyone keeps.
_END_OPEN = """
WITH request AS MATERIALIZED (
    -- Nobody is told that something failed which they had canceled.
    SELECT id, CASE WHEN cancel_requested_at IS NULL THEN $3 ELSE 'canceled' END AS ending
      FROM street.requests WHERE id = ANY($1)
), ended AS (
    UPDATE street.jobs j
       SET status = request.ending, finished_at = clock_timestamp(), lease_until = NULL, worker = NULL,
           error = CASE WHEN request.ending = 'failed' THEN $4::jsonb END
      FROM request
     WHERE j.request_id = request.id AND j.status = ANY($2)
    RETURNING j.id, j.request_id, j.kind, j.attempt, j.status, j.error
), change AS MATERIALIZED (
    SELECT request.id, request.ending, count(ended.id)::int AS ended
      FROM request LEFT JOIN ended ON ended.request_id = request.id
     GROUP BY request.id, request.ending
), counted AS (
    UPDATE street.requests r
       SET jobs_open = r.jobs_open - c.ended,
           jobs_failed = r.jobs_failed + CASE WHEN c.ending = 'failed' THEN c.ended ELSE 0 END,
           error = coalesce(r.error, CASE WHEN c.ending = 'failed' THEN $4::jsonb END),
           cancel_requested_at = CASE WHEN c.ending = 'canceled' THEN coalesce(r.cancel_requested_at, clock_timestamp()) END,
           last_seq = r.last_seq + c.ended + (r.jobs_open = c.ended)::int,
           status = CASE WHEN r.jobs_open = c.ended THEN c.ending ELSE r.status END,
           finished_at = CASE WHEN r.jobs_open = c.ended THEN clock_timestamp() END
      FROM change c WHERE r.id = c.id
    RETURNING r.id, r.last_seq, r.status, r.error, (r.finished_at IS NOT NULL)::int AS over, c.ended
)
INSERT INTO street.events (request_id, seq, job_id, type, data)
SELECT c.id, c.last_seq - c.over - c.ended + row_number() OVER (PARTITION BY c.id ORDER BY e.id), e.id, 'job.' || e.status,
       jsonb_strip_nulls(jsonb_build_object('kind', e.kind, 'attempt', e.attempt, 'error', e.error))
  FROM counted c JOIN ended e ON e.request_id = c.id
UNION ALL
SELECT c.id, c.last_seq, NULL, 'request.' || c.status, jsonb_strip_nulls(jsonb_build_object('error', c.error))
  FROM counted c WHERE c.over = 1
RETURNING request_id, seq, job_id, type, data, at
"""

_WAITING = ["queued", "retrying"]
_OPEN = [*_WAITING, "running"]


async def cancel_request(db: Connection, request_id: RequestId, owner: UserId) -> tuple[Event, ...]:
    """Cancel what has not started and ask what runs to stop; on a request that is over, nothing happens.

    Must run inside a transaction. Raises NotFound when it is missing or somebody else's.
    """
    row = await db.fetchrow(_LOCK, request_id, owner)
    if row is None:
        raise NotFound("There is no such request.")
    if row["finished_at"] is not None:
        return ()
    return events_of(await db.fetch(_END_OPEN, [request_id], _WAITING, "canceled", None))


async def stop_requests_for(db: Connection, resource: UUID, owner: UserId) -> tuple[Event, ...]:
    """Cancel every open job of a resource at once, running ones too: their late writes find another status and leave
    nothing behind.

    Must run inside a transaction. For what must not come back, as when its resource is deleted; a learner who only
    changed their mind gets `cancel_request`, which keeps what a running job is about to bring home.
    """
    found = [row["id"] for row in await db.fetch(_LOCK_OPEN_OF, resource, owner)]
    return events_of(await db.fetch(_END_OPEN, found, _OPEN, "canceled", None)) if found else ()


async def fail_requests(db: Connection, requests: list[RequestId], error: Problem) -> tuple[Event, ...]:
    """End every open job of open requests the caller has locked, running ones too: their late writes find another
    status. What was canceled before ends as canceled."""
    return events_of(await db.fetch(_END_OPEN, requests, _OPEN, "failed", to_json(error))) if requests else ()


_RETRY = """
WITH again AS (
    UPDATE street.jobs j
       SET status = 'queued', attempt = 0, due_at = clock_timestamp(), error = NULL, finished_at = NULL, lost_leases = 0
     WHERE j.request_id = $1 AND j.status = 'failed'
    RETURNING j.id, j.kind, j.queue
), counted AS (
    UPDATE street.requests r
       SET status = 'running', finished_at = NULL, error = NULL, deadline = clock_timestamp() + $2::interval,
           events_pruned = false,
           jobs_open = r.jobs_open + r.jobs_failed, jobs_failed = 0, last_seq = r.last_seq + 1
     WHERE r.id = $1
    RETURNING r.id, r.last_seq
), told AS (
    INSERT INTO street.events (request_id, seq, type, data)
    SELECT c.id, c.last_seq, 'request.retried', jsonb_build_object('jobs',
               (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind) ORDER BY a.id) FROM again a))
      FROM counted c
    RETURNING request_id, seq, job_id, type, data, at
)
SELECT t.request_id, t.seq, t.job_id, t.type, t.data, t.at,
       (SELECT array_agg(queue ORDER BY id) FROM again) AS ring
  FROM told t
"""


async def retry_request(
    db: Connection, request_id: RequestId, owner: UserId, deadline: timedelta
) -> tuple[tuple[Event, ...], tuple[Queue, ...]]:
    """Queue the failed jobs of a request again; what succeeded stays. Nothing happens when none failed.

    Must run inside a transaction. Returns the events to tell and the queues to ring.
    """
    row = await db.fetchrow(_LOCK, request_id, owner)
    if row is None:
        raise NotFound("There is no such request.")
    if row["jobs_failed"] == 0 or row["cancel_requested_at"] is not None:
        return (), ()
    rows = await db.fetch(_RETRY, request_id, deadline)
    return events_of(rows), tuple(rows[0]["ring"])
