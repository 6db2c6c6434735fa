"""Write how a run ended: its artifact, the jobs that follow and their events, in one statement fenced by the epoch."""

from datetime import timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from core.contracts.events import Event
from core.contracts.ids import JobId
from core.contracts.job import Ask, Paid, Problem, Queue
from core.db.artifacts import Artifact
from core.db.pool import Connection
from core.db.rows import events_of, new_jobs, to_json


class Ending(Struct, frozen=True):
    """How a run ended.

    `paid` is what the call cost, whatever came of it; without it, `is_free` says that the provider takes nothing.
    `due_in` is the wait before a retry; `refund` gives the attempt back; `expired_only` makes the write a rescue: it counts a
    lost lease and does nothing while the lease still runs.
    """

    status: Literal["succeeded", "failed", "canceled", "retrying"]
    result: msgspec.Raw | None = None
    artifact: Artifact | None = None
    paid: Paid | None = None
    error: Problem | None = None
    due_in: timedelta = timedelta(0)
    refund: bool = False
    is_free: bool = False
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
), spend AS MATERIALIZED (
    -- Before shares, in which others of this learner wait for us: nobody waits in a circle. A call of yesterday is
    -- settled there.
    SELECT s.day FROM street.spend s JOIN request ON s.owner = request.owner
     WHERE NOT $6 AND s.day >= (statement_timestamp() AT TIME ZONE 'UTC')::date - 1
     ORDER BY s.day
       FOR UPDATE OF s
), share AS MATERIALIZED (
    -- In the order of the triggers, whichever queues the job and its followers are in: nobody waits in a circle.
    SELECT s.queue FROM street.shares s JOIN request ON s.owner = request.owner
     WHERE (SELECT count(*) FROM spend) >= 0 AND jsonb_array_length($11::jsonb) > 0
       AND s.queue IN (SELECT queue FROM street.jobs WHERE id = $1
                        UNION SELECT f.queue FROM jsonb_to_recordset($11::jsonb) AS f (queue text))
     ORDER BY s.queue DESC
       FOR UPDATE OF s
), bill AS MATERIALIZED (
    -- A call that was broken off may have been paid for, this one or one before: then nobody knows the sum any more.
    SELECT EXISTS (SELECT FROM street.provider_calls p
                    WHERE p.job_id = $1 AND p.cost_microusd IS NULL AND NOT p.is_free
                      AND (p.epoch < $2 OR p.epoch = $2 AND $10::jsonb IS NULL AND NOT $14)) AS is_unknown
), ended AS (
    UPDATE street.jobs j
       -- Cancel beats retry: a learner who canceled while the run failed does not want another.
       SET status = CASE WHEN $3 = 'retrying' AND request.canceled THEN 'canceled' ELSE $3 END,
           finished_at = CASE WHEN $3 = 'retrying' AND NOT request.canceled THEN NULL ELSE clock_timestamp() END,
           -- Who need not wait keeps their place among the learner's own: a worker that is lost or leaves costs no turn.
           due_at = CASE WHEN $4::interval > interval '0' THEN clock_timestamp() + $4::interval ELSE j.due_at END,
           attempt = j.attempt - $5::int,
           -- In a row: a run that ends by itself shows that the job does not kill its workers.
           lost_leases = CASE WHEN $6 THEN j.lost_leases + 1 ELSE 0 END,
           lease_until = NULL, worker = NULL,
           result = $7::jsonb, artifact = $8::jsonb ->> 'hash', error = $9::jsonb,
           provider = coalesce($10::jsonb ->> 'provider', j.provider), model = coalesce($10::jsonb ->> 'model', j.model),
           -- All its runs took together, as the request's cost is all its jobs'.
           usage = CASE WHEN $10::jsonb IS NULL THEN j.usage ELSE (
               SELECT coalesce(jsonb_object_agg(u.key, u.total), '{}')
                 FROM (SELECT key, sum(value::bigint) AS total
                         FROM (SELECT * FROM jsonb_each_text(j.usage)
                                UNION ALL SELECT * FROM jsonb_each_text($10::jsonb -> 'usage')) AS used
                        GROUP BY key) u) END,
           cost_microusd = CASE WHEN bill.is_unknown THEN NULL
                                WHEN $10::jsonb IS NULL THEN j.cost_microusd
                                ELSE coalesce(j.cost_microusd, 0) + ($10::jsonb ->> 'cost_microusd')::bigint END
      FROM request, bill
     WHERE j.id = $1 AND j.epoch = $2 AND j.status = 'running' AND (NOT $6 OR j.lease_until < clock_timestamp())
       AND (SELECT count(*) FROM share) >= 0
    RETURNING j.id, j.request_id, j.kind, j.queue, j.status, j.attempt, j.due_at, j.finished_at
), call AS (
    UPDATE street.provider_calls p
       -- An answer that was refused, cut off or could not be stored may have been paid for and still brought nothing: the next
       -- run calls again.
       SET state = CASE WHEN $3 = 'succeeded' THEN 'ok' ELSE 'failed' END, ended_at = clock_timestamp(),
           provider = $10::jsonb ->> 'provider', model = $10::jsonb ->> 'model', usage = $10::jsonb -> 'usage',
           cost_microusd = ($10::jsonb ->> 'cost_microusd')::bigint, prices = coalesce($10::jsonb ->> 'prices', p.prices),
           is_free = p.is_free OR $10::jsonb IS NULL AND $14
      FROM ended WHERE p.job_id = ended.id AND p.epoch = $2 AND NOT $6
    RETURNING p.owner, (p.called_at AT TIME ZONE 'UTC')::date AS day, p.reserved_microusd,
              -- Without a price it stays what it was counted as; only a call nobody takes money for is given back.
              CASE WHEN $10::jsonb IS NULL AND $14 THEN 0
                   ELSE coalesce(($10::jsonb ->> 'cost_microusd')::bigint, p.reserved_microusd) END AS microusd
), settled AS (
    UPDATE street.spend s SET microusd = s.microusd - call.reserved_microusd + call.microusd
      FROM call
     WHERE s.owner = call.owner AND s.day = call.day AND call.microusd <> call.reserved_microusd
), artifact AS (
    INSERT INTO street.artifacts (hash, owner, storage_key, media_type, bytes, sha256, result, paid)
    SELECT a.hash, a.owner, a.storage_key, a.media_type, a.bytes, a.sha256, a.result, a.paid
      FROM jsonb_to_record($8::jsonb) AS a (hash text, owner text, storage_key text, media_type text, bytes bigint,
                                            sha256 text, result jsonb, paid jsonb), ended
     WHERE a.hash IS NOT NULL AND ended.status = 'succeeded'
    -- Two jobs with the same ask may have paid beside each other: the first file stays, both jobs show it.
    ON CONFLICT (hash) DO NOTHING
), follower AS (
    INSERT INTO street.jobs (id, request_id, owner, kind, queue, input, input_hash, max_attempts, parent, traceparent)
    SELECT f.id, ended.request_id, request.owner, f.kind, f.queue, f.input, f.input_hash, $12, ended.id, $13
      FROM jsonb_to_recordset($11::jsonb) AS f (id uuid, kind text, queue text, input jsonb, input_hash text), ended, request
     -- What succeeds after a cancel keeps its result and is followed by nothing.
     WHERE ended.status = 'succeeded' AND NOT request.canceled
    RETURNING id, kind, queue
), change AS MATERIALIZED (
    SELECT ended.request_id, request.canceled, bill.is_unknown,
           (ended.finished_at IS NOT NULL)::int AS closed, (ended.status = 'failed')::int AS failed,
           (SELECT count(*)::int FROM follower) AS added
      FROM ended, request, bill
), counted AS (
    UPDATE street.requests r
       SET jobs_open = r.jobs_open - c.closed + c.added,
           jobs_total = r.jobs_total + c.added,
           jobs_failed = r.jobs_failed + c.failed,
           cost_microusd = CASE WHEN c.is_unknown THEN NULL
                                ELSE r.cost_microusd + CASE WHEN $10::jsonb IS NULL THEN 0
                                                            ELSE ($10::jsonb ->> 'cost_microusd')::bigint END END,
           -- The first failure is the reason; what fails after it often only follows from it.
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
       (SELECT coalesce(array_agg(queue ORDER BY id), '{}') FROM follower)
       -- What is handed back or rescued may run at once, elsewhere: nobody else would tell them.
       || (SELECT array_agg(queue) FROM ended WHERE status = 'retrying' AND $4::interval <= interval '0') AS ring
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
        ending.is_free,
    )
    return Ended(events_of(rows), ring=tuple(rows[0]["ring"])) if rows else None
