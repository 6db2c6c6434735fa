"""Claim the fairest due jobs: the only way into 'running'."""

from datetime import timedelta

from msgspec import Struct

from core.contracts.events import Event
from core.contracts.ids import JobId, RequestId, UserId
from core.contracts.job import ClaimedJob, Queue
from core.db.pool import Connection
from core.db.rows import events_of


class Claim(Struct, frozen=True):
    """What a look into the queue brought home. `more` says that due work may have been left behind, so look again soon."""

    jobs: tuple[ClaimedJob, ...]
    events: tuple[Event, ...]
    more: bool


# statement_timestamp(), because an index cannot be searched for the ever-changing clock_timestamp().
# Nothing here ever waits: a row somebody else holds is skipped, so no claim can be part of a deadlock and workers
# that look at the same moment share the work instead of queueing for the same head.
# The learner with the fewest running jobs comes first, then the one served longest ago.
# MATERIALIZED, here and elsewhere: what locks must happen once, in the order it is written.
_CLAIM = """
WITH due AS MATERIALIZED (
    -- While a provider is away nearly everybody waits for a retry: who has nothing due must not be asked one by one.
    SELECT j.owner FROM street.jobs j
     WHERE j.queue = $1 AND j.status IN ('queued', 'retrying') AND j.due_at <= statement_timestamp() AND j.kind = ANY($2)
     ORDER BY j.due_at LIMIT 200
), candidate AS MATERIALIZED (
    SELECT j.id, j.request_id, s.running + j.rank AS turn, s.served_at
      FROM street.shares s
     CROSS JOIN LATERAL (
           SELECT w.id, w.request_id, row_number() OVER (ORDER BY w.due_at, w.id) AS rank
             FROM street.jobs w
            -- While a new version is rolled out, a kind this worker has not heard of waits for one that has.
            WHERE w.queue = $1 AND w.owner = s.owner AND w.status IN ('queued', 'retrying')
              AND w.due_at <= statement_timestamp() AND w.kind = ANY($2)
            ORDER BY w.due_at, w.id
            LIMIT $6) j
     WHERE s.queue = $1 AND s.waiting > 0 AND s.running + j.rank <= $6 AND EXISTS (SELECT FROM due)
       -- Fewer than the limit are all there are; with as many, nearly everybody has one.
       AND ((SELECT count(*) FROM due) = 200 OR s.owner IN (SELECT owner FROM due))
     ORDER BY s.running, s.served_at, s.owner
     -- More than fit: each learner brings up to $6, and some may be held by somebody else.
     LIMIT $3 * $6 + 8
       FOR UPDATE OF s SKIP LOCKED
), request AS MATERIALIZED (
    -- The request before the job, the order every other statement keeps.
    SELECT r.id FROM street.requests r
     WHERE r.id IN (SELECT request_id FROM candidate)
       AND r.status IN ('queued', 'running') AND r.cancel_requested_at IS NULL
       FOR UPDATE SKIP LOCKED
), picked AS MATERIALIZED (
    SELECT j.id FROM street.jobs j
      JOIN candidate c ON c.id = j.id
      JOIN request r ON r.id = j.request_id
     -- Asked again of the locked row: since the look above, somebody may have started or ended it.
     WHERE j.status IN ('queued', 'retrying')
     ORDER BY c.turn, c.served_at, j.id
     LIMIT $3
       FOR UPDATE OF j SKIP LOCKED
), started AS (
    UPDATE street.jobs j
       SET status = 'running', epoch = j.epoch + 1, attempt = j.attempt + 1, worker = $4,
           lease_until = clock_timestamp() + $5::interval, started_at = coalesce(j.started_at, clock_timestamp())
      FROM picked WHERE j.id = picked.id
    RETURNING j.id, j.request_id, j.owner, j.kind, j.queue, j.input, j.input_hash, j.attempt, j.max_attempts, j.epoch,
              j.traceparent, extract(epoch FROM clock_timestamp() - j.due_at)::float8 AS lag_seconds
), counted AS (
    UPDATE street.requests r
       SET status = 'running', started_at = coalesce(r.started_at, clock_timestamp()), last_seq = r.last_seq + n.started
      FROM (SELECT request_id, count(*)::int AS started FROM started GROUP BY request_id) n
     WHERE r.id = n.request_id
    RETURNING r.id, r.last_seq - n.started AS seq_before, r.traceparent
), told AS (
    INSERT INTO street.events (request_id, seq, job_id, type, data)
    SELECT s.request_id, c.seq_before + row_number() OVER (PARTITION BY s.request_id ORDER BY s.id), s.id, 'job.started',
           jsonb_build_object('kind', s.kind, 'attempt', s.attempt)
      FROM started s JOIN counted c ON c.id = s.request_id
    RETURNING request_id, seq, job_id, type, data, at
)
SELECT s.id, s.request_id, s.owner, s.kind, s.queue, s.input, s.input_hash, s.attempt, s.max_attempts, s.epoch,
       coalesce(s.traceparent, c.traceparent) AS traceparent, s.lag_seconds,
       t.seq, t.job_id, t.type, t.data, t.at
  FROM started s JOIN counted c ON c.id = s.request_id JOIN told t ON t.job_id = s.id
"""


# What could be claimed now: what somebody held a moment ago, and what did not fit.
_DUE = """
SELECT EXISTS (
    SELECT 1 FROM (
        -- From the oldest on: only jobs of the few learners at their limit are passed over on the way.
        SELECT j.id FROM street.jobs j JOIN street.shares s ON s.queue = j.queue AND s.owner = j.owner
         WHERE j.queue = $1 AND j.status IN ('queued', 'retrying') AND j.due_at <= statement_timestamp() AND j.kind = ANY($2)
           AND s.running < $3
         ORDER BY j.due_at LIMIT 1) AS next)
"""


async def claim_jobs(
    db: Connection,
    queue: Queue,
    kinds: list[str],
    slots: int,
    worker: str,
    lease: timedelta,
    running_per_owner: int,
) -> Claim:
    """Take up to `slots` of the fairest due jobs: the only way into 'running'. The lease runs on the database's clock."""
    rows = await db.fetch(_CLAIM, queue, kinds, slots, worker, lease, running_per_owner)
    # Nobody with full hands need ask: whichever job ends first looks again.
    more = len(rows) == slots or bool(await db.fetchval(_DUE, queue, kinds, running_per_owner))
    jobs = tuple(
        ClaimedJob(
            id=JobId(row["id"]),
            request_id=RequestId(row["request_id"]),
            owner=UserId(row["owner"]),
            kind=row["kind"],
            queue=row["queue"],
            input=row["input"],
            input_hash=row["input_hash"],
            attempt=row["attempt"],
            max_attempts=row["max_attempts"],
            epoch=row["epoch"],
            traceparent=row["traceparent"],
            lag_seconds=row["lag_seconds"],
        )
        for row in rows
    )
    return Claim(jobs, events_of(rows), more)
