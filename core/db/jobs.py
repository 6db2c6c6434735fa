"""A job's life as a worker sees it: claim, heartbeat, intent, end. One statement each, every write fenced by the epoch."""

from datetime import timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from core.contracts.events import Event
from core.contracts.ids import ArtifactId, JobId, RequestId, StorageKey, UserId
from core.contracts.job import Ask, ClaimedJob, Paid, Problem, Queue
from core.db.pool import Connection
from core.db.rows import events_of, new_jobs, to_json


class Claim(Struct, frozen=True):
    """What a look into the queue brought home. `more` says that due work was left behind, so look again soon."""

    jobs: tuple[ClaimedJob, ...]
    events: tuple[Event, ...]
    more: bool


# statement_timestamp(), because an index cannot be searched for the ever-changing clock_timestamp().
# Nothing here ever waits: a row somebody else holds is skipped, so no claim can be part of a deadlock and workers
# that look at the same moment share the work instead of queueing for the same head.
# The learner with the fewest running jobs comes first, then the one served longest ago.
_CLAIM = """
WITH candidate AS MATERIALIZED (
    SELECT j.id, j.request_id, s.running + j.rank AS turn, s.served_at
      FROM street.shares s
     CROSS JOIN LATERAL (
           SELECT w.id, w.request_id, row_number() OVER (ORDER BY w.due_at, w.id) AS rank
             FROM street.jobs w
            WHERE w.queue = $1 AND w.owner = s.owner AND w.status IN ('queued', 'retrying')
              AND w.due_at <= statement_timestamp() AND w.kind = ANY($2)
            ORDER BY w.due_at, w.id
            LIMIT $6) j
     WHERE s.queue = $1 AND s.waiting > 0 AND s.running + j.rank <= $6
     ORDER BY s.running, s.served_at, s.owner
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
              j.traceparent
), counted AS (
    UPDATE street.requests r
       SET status = 'running', started_at = coalesce(r.started_at, clock_timestamp()), last_seq = r.last_seq + n.started
      FROM (SELECT request_id, count(*)::int AS started FROM started GROUP BY request_id) n
     WHERE r.id = n.request_id
    RETURNING r.id, r.last_seq - n.started AS seq_before, r.deadline, r.traceparent
), told AS (
    INSERT INTO street.events (request_id, seq, job_id, type, data)
    SELECT s.request_id, c.seq_before + row_number() OVER (PARTITION BY s.request_id ORDER BY s.id), s.id, 'job.started',
           jsonb_build_object('kind', s.kind, 'attempt', s.attempt)
      FROM started s JOIN counted c ON c.id = s.request_id
    RETURNING request_id, seq, job_id, type, data, at
)
SELECT s.id, s.request_id, s.owner, s.kind, s.queue, s.input, s.input_hash, s.attempt, s.max_attempts, s.epoch,
       coalesce(s.traceparent, c.traceparent) AS traceparent, c.deadline,
       t.seq, t.job_id, t.type, t.data, t.at
  FROM started s JOIN counted c ON c.id = s.request_id JOIN told t ON t.job_id = s.id
"""

# What could be claimed now: what somebody held a moment ago, and what did not fit.
_DUE = """
SELECT EXISTS (
    SELECT 1 FROM street.shares s
     WHERE s.queue = $1 AND s.waiting > 0 AND s.running < $3
       AND EXISTS (SELECT 1 FROM street.jobs w
                    WHERE w.queue = $1 AND w.owner = s.owner AND w.status IN ('queued', 'retrying')
                      AND w.due_at <= statement_timestamp() AND w.kind = ANY($2)))
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
    more = bool(await db.fetchval(_DUE, queue, kinds, running_per_owner))
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
            deadline=row["deadline"],
            traceparent=row["traceparent"],
        )
        for row in rows
    )
    return Claim(jobs, events_of(rows), more)


class Held(Struct, frozen=True):
    """A job that is still ours; `canceled` says the learner no longer wants it."""

    job_id: JobId
    epoch: int
    canceled: bool


# Never waits either: a job somebody writes to right now is left alone, and the next heartbeat learns what became of it.
_HEARTBEAT = """
WITH held AS MATERIALIZED (
    SELECT j.id, j.epoch, r.cancel_requested_at IS NOT NULL AS canceled
      FROM unnest($1::uuid[], $2::bigint[]) AS h (id, epoch)
      JOIN street.jobs j ON j.id = h.id AND j.epoch = h.epoch
      JOIN street.requests r ON r.id = j.request_id
     WHERE j.status = 'running'
), free AS MATERIALIZED (
    SELECT j.id FROM street.jobs j JOIN held ON held.id = j.id AND held.epoch = j.epoch
     WHERE j.status = 'running'
       FOR NO KEY UPDATE OF j SKIP LOCKED
), renewed AS (
    UPDATE street.jobs j SET lease_until = clock_timestamp() + $3::interval FROM free WHERE j.id = free.id
)
SELECT id, epoch, canceled FROM held
"""


async def renew_leases(db: Connection, jobs: list[ClaimedJob], lease: timedelta) -> tuple[Held, ...]:
    """Renew the leases of running jobs. One that does not come back is lost: its task must stop at once."""
    rows = await db.fetch(_HEARTBEAT, [job.id for job in jobs], [job.epoch for job in jobs], lease)
    return tuple(Held(JobId(row["id"]), row["epoch"], row["canceled"]) for row in rows)


class Artifact(Struct, frozen=True):
    """A file that was paid for once, with the result that describes it."""

    hash: ArtifactId
    owner: UserId
    storage_key: StorageKey
    media_type: str
    bytes: int
    sha256: str
    result: msgspec.Raw
    paid: Paid


class Intent(Struct, frozen=True):
    """Leave to call a provider, or the artifact that makes the call needless."""

    found: Artifact | None


# Each row is locked, so that what changed while we waited is seen: a cancel, a rescue, a deleted picture.
_INTENT = """
WITH request AS MATERIALIZED (
    SELECT r.id FROM street.requests r
     WHERE r.id = (SELECT request_id FROM street.jobs WHERE id = $1) AND r.cancel_requested_at IS NULL
       FOR SHARE
), held AS MATERIALIZED (
    SELECT j.id, j.epoch, j.owner FROM street.jobs j JOIN request ON request.id = j.request_id
     WHERE j.id = $1 AND j.epoch = $2 AND j.status = 'running' AND j.lease_until > clock_timestamp()
       FOR NO KEY UPDATE OF j
), found AS MATERIALIZED (
    SELECT a.hash, a.owner, a.storage_key, a.media_type, a.bytes, a.sha256, a.result, a.paid
      FROM street.artifacts a JOIN held ON a.owner = held.owner
     WHERE a.hash = $3
       FOR KEY SHARE OF a
), intent AS (
    INSERT INTO street.provider_calls (job_id, epoch, owner)
    SELECT id, epoch, owner FROM held WHERE NOT EXISTS (SELECT 1 FROM found)
)
SELECT f.hash, f.owner, f.storage_key, f.media_type, f.bytes, f.sha256, f.result, f.paid
  FROM held LEFT JOIN found f ON true
"""


async def intend(db: Connection, job: ClaimedJob, artifact: ArtifactId) -> Intent | None:
    """Write down that a provider is about to be called. None means the job is no longer ours, or no longer wanted."""
    row = await db.fetchrow(_INTENT, job.id, job.epoch, artifact)
    if row is None:
        return None
    if row["hash"] is None:
        return Intent(found=None)
    return Intent(
        Artifact(
            hash=ArtifactId(row["hash"]),
            owner=UserId(row["owner"]),
            storage_key=StorageKey(row["storage_key"]),
            media_type=row["media_type"],
            bytes=row["bytes"],
            sha256=row["sha256"],
            result=msgspec.Raw(row["result"].encode()),
            paid=msgspec.json.decode(row["paid"], type=Paid),
        )
    )


class Ending(Struct, frozen=True):
    """How a run ended.

    `due_in` is the wait before a retry; `refund` gives the attempt back; `expired_only` makes the write a rescue:
    it counts a lost lease and does nothing while the lease still runs.
    """

    status: Literal["succeeded", "failed", "canceled", "retrying"]
    result: msgspec.Raw | None = None
    artifact: Artifact | None = None
    paid: Paid | None = None
    error: Problem | None = None
    due_in: timedelta = timedelta(0)
    refund: bool = False
    expired_only: bool = False
    then: tuple[Ask, ...] = ()
    traceparent: str | None = None
    """The span of the run: the jobs that follow become its children."""


class Ended(Struct, frozen=True):
    """What the database made of an ending: what to tell, and which queues have new work."""

    events: tuple[Event, ...]
    ring: tuple[Queue, ...]


# Locks the request before the job, as every statement does. Reads nothing of other jobs: the counters on the locked
# request say whether it is over, so an old snapshot cannot mislead.
_END = """
WITH request AS MATERIALIZED (
    SELECT r.id, r.owner, r.cancel_requested_at IS NOT NULL AS canceled
      FROM street.requests r
     WHERE r.id = (SELECT request_id FROM street.jobs WHERE id = $1)
       FOR UPDATE
), share AS MATERIALIZED (
    -- In the order of the triggers, whichever queues the job and its followers are in: nobody waits in a circle.
    SELECT s.queue FROM street.shares s JOIN request ON s.owner = request.owner
     WHERE jsonb_array_length($11::jsonb) > 0
       AND s.queue IN (SELECT queue FROM street.jobs WHERE id = $1
                        UNION SELECT f.queue FROM jsonb_to_recordset($11::jsonb) AS f (queue text))
     ORDER BY s.queue DESC
       FOR UPDATE OF s
), ended AS (
    UPDATE street.jobs j
       -- Cancel beats retry: a learner who canceled while the run failed does not want another.
       SET status = CASE WHEN $3 = 'retrying' AND request.canceled THEN 'canceled' ELSE $3 END,
           finished_at = CASE WHEN $3 = 'retrying' AND NOT request.canceled THEN NULL ELSE clock_timestamp() END,
           due_at = clock_timestamp() + $4::interval,
           attempt = j.attempt - $5::int,
           lost_leases = CASE WHEN $6 THEN j.lost_leases + 1 ELSE 0 END,
           lease_until = NULL, worker = NULL,
           result = $7::jsonb, artifact = $8::jsonb ->> 'hash', error = $9::jsonb,
           provider = coalesce($10::jsonb ->> 'provider', j.provider), model = coalesce($10::jsonb ->> 'model', j.model),
           usage = coalesce($10::jsonb -> 'usage', j.usage),
           cost_microusd = CASE WHEN $10::jsonb IS NULL THEN j.cost_microusd ELSE ($10::jsonb ->> 'cost_microusd')::bigint END
      FROM request
     WHERE j.id = $1 AND j.epoch = $2 AND j.status = 'running' AND (NOT $6 OR j.lease_until < clock_timestamp())
       AND (SELECT count(*) FROM share) >= 0
    RETURNING j.id, j.request_id, j.kind, j.status, j.attempt, j.due_at, j.finished_at
), call AS (
    UPDATE street.provider_calls p
       SET state = CASE WHEN $10::jsonb IS NULL THEN 'failed' ELSE 'ok' END, ended_at = clock_timestamp(),
           provider = $10::jsonb ->> 'provider', model = $10::jsonb ->> 'model', usage = $10::jsonb -> 'usage',
           cost_microusd = ($10::jsonb ->> 'cost_microusd')::bigint
      FROM ended WHERE p.job_id = ended.id AND p.epoch = $2 AND NOT $6
), artifact AS (
    INSERT INTO street.artifacts (hash, owner, storage_key, media_type, bytes, sha256, result, paid)
    SELECT a.hash, a.owner, a.storage_key, a.media_type, a.bytes, a.sha256, a.result, a.paid
      FROM jsonb_to_record($8::jsonb) AS a (hash text, owner text, storage_key text, media_type text, bytes bigint,
                                            sha256 text, result jsonb, paid jsonb), ended
     WHERE a.hash IS NOT NULL AND ended.status = 'succeeded'
    ON CONFLICT (hash) DO NOTHING
), follower AS (
    INSERT INTO street.jobs (id, request_id, owner, kind, queue, input, input_hash, max_attempts, parent, traceparent)
    SELECT f.id, ended.request_id, request.owner, f.kind, f.queue, f.input, f.input_hash, $12, ended.id, $13
      FROM jsonb_to_recordset($11::jsonb) AS f (id uuid, kind text, queue text, input jsonb, input_hash text), ended, request
     -- What succeeds after a cancel keeps its result and is followed by nothing.
     WHERE ended.status = 'succeeded' AND NOT request.canceled
    RETURNING id, kind, queue
), change AS MATERIALIZED (
    SELECT ended.request_id, request.canceled,
           (ended.finished_at IS NOT NULL)::int AS closed, (ended.status = 'failed')::int AS failed,
           (SELECT count(*)::int FROM follower) AS added
      FROM ended, request
), counted AS (
    UPDATE street.requests r
       SET jobs_open = r.jobs_open - c.closed + c.added,
           jobs_total = r.jobs_total + c.added,
           jobs_failed = r.jobs_failed + c.failed,
           cost_microusd = CASE WHEN $10::jsonb IS NULL THEN r.cost_microusd
                                ELSE r.cost_microusd + ($10::jsonb ->> 'cost_microusd')::bigint END,
           error = coalesce(r.error, CASE WHEN c.failed = 1 THEN $9::jsonb END),
           last_seq = r.last_seq + 1 + (r.jobs_open - c.closed + c.added = 0)::int,
           finished_at = CASE WHEN r.jobs_open - c.closed + c.added = 0 THEN clock_timestamp() END,
           status = CASE WHEN r.jobs_open - c.closed + c.added > 0 THEN r.status
                         WHEN c.canceled THEN 'canceled'
                         WHEN r.jobs_failed + c.failed > 0 THEN 'failed'
                         ELSE 'succeeded' END
      FROM change c WHERE r.id = c.request_id
    RETURNING r.id, r.last_seq, r.status, r.error, (r.finished_at IS NOT NULL)::int AS over
), told AS (
    INSERT INTO street.events (request_id, seq, job_id, type, data)
    SELECT c.id, c.last_seq - c.over, ended.id, 'job.' || ended.status, jsonb_strip_nulls(jsonb_build_object(
               'kind', ended.kind,
               'attempt', ended.attempt,
               'error', $9::jsonb,
               'due_at', CASE WHEN ended.status = 'retrying' THEN ended.due_at END,
               'result', CASE WHEN ended.status = 'succeeded' THEN $7::jsonb END,
               'artifact', $8::jsonb -> 'hash',
               'followed_by', CASE WHEN ended.status = 'succeeded' THEN coalesce(
                   (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind) ORDER BY f.id) FROM follower f), '[]') END))
      FROM counted c, ended
    UNION ALL
    SELECT c.id, c.last_seq, NULL, 'request.' || c.status, jsonb_strip_nulls(jsonb_build_object('error', c.error))
      FROM counted c WHERE c.over = 1
    RETURNING request_id, seq, job_id, type, data, at
)
SELECT t.request_id, t.seq, t.job_id, t.type, t.data, t.at,
       (SELECT coalesce(array_agg(queue ORDER BY id), '{}') FROM follower) AS ring
  FROM told t
"""


async def end_job(db: Connection, job_id: JobId, epoch: int, ending: Ending, max_attempts: int) -> Ended | None:
    """Write how a run ended, its artifact, the jobs that follow and their events. None means the epoch has passed:
    somebody else owns the job now and nothing was written."""
    rows = await db.fetch(
        _END,
        job_id,
        epoch,
        ending.status,
        ending.due_in,
        int(ending.refund),
        ending.expired_only,
        bytes(ending.result).decode() if ending.result is not None else None,
        to_json(ending.artifact) if ending.artifact else None,
        to_json(ending.error) if ending.error else None,
        to_json(ending.paid) if ending.paid else None,
        new_jobs(ending.then),
        max_attempts,
        ending.traceparent,
    )
    return Ended(events_of(rows), ring=tuple(rows[0]["ring"])) if rows else None
