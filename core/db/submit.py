"""Accept a request: its first jobs, its first event and its Idempotency-Key, in one statement."""

from datetime import timedelta

from core.contracts.events import Event
from core.contracts.ids import RequestId, UserId, new_id
from core.contracts.request import Submission
from core.db.pool import Connection
from core.db.rows import event_of, new_jobs, to_json
from core.errors import KeyReused

_SUBMIT = """
WITH request AS (
    INSERT INTO street.requests (id, owner, product, resource_id, input, jobs_total, jobs_open, last_seq, deadline,
                                 idempotency_key, request_hash, traceparent)
    VALUES ($1, $2, $3, $4, $5, jsonb_array_length($6), jsonb_array_length($6), 1, clock_timestamp() + $7::interval,
            $8, $9, $10)
    -- Of two at once the second waits here for the first, so a key is never used twice, whoever lost an answer.
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
