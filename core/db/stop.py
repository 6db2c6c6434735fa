"""End a request before its jobs do: a learner cancels, deletes what it was for, or its time is up."""

from uuid import UUID

from core.contracts.events import Event
from core.contracts.ids import RequestId, UserId
from core.contracts.job import Problem
from core.db.lock_request import lock_request
from core.db.pool import Connection
from core.db.rows import events_of, to_json

_LOCK_OPEN_OF = """
SELECT id FROM street.requests WHERE resource_id = $1 AND owner = $2 AND finished_at IS NULL ORDER BY id FOR UPDATE
"""


# All of them and in everybody's order: what is canceled has one share, what is added next perhaps an earlier one.
_LOCK_SHARES = "SELECT FROM street.shares WHERE owner = $1 ORDER BY queue DESC FOR UPDATE"


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
           error = CASE WHEN request.ending = 'failed' THEN $4::jsonb END,
           -- As in an ending: a call that is under way may be paid for, and nobody will hear how much it was.
           cost_microusd = CASE WHEN NOT EXISTS (SELECT FROM street.provider_calls p
                                                  WHERE p.job_id = j.id AND p.ended_at IS NULL AND NOT p.is_free)
                                THEN j.cost_microusd END
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
           -- Nor is the sum known.
           cost_microusd = CASE WHEN NOT EXISTS (SELECT FROM ended e JOIN street.provider_calls p ON p.job_id = e.id
                                                  WHERE e.request_id = r.id AND p.ended_at IS NULL
                                                    AND NOT p.is_free) THEN r.cost_microusd END,
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
    request = await lock_request(db, request_id, owner)
    if request.is_over:
        return ()
    return events_of(await db.fetch(_END_OPEN, [request_id], _WAITING, "canceled", None))


async def cancel_requests_for(db: Connection, resource: UUID, owner: UserId) -> tuple[Event, ...]:
    """The same for every open request of a resource, by a caller who adds jobs in this transaction.

    Must run inside a transaction, after `wait_to_ask`.
    """
    found = [row["id"] for row in await db.fetch(_LOCK_OPEN_OF, resource, owner)]
    if not found:
        return ()
    await db.execute(_LOCK_SHARES, owner)
    return events_of(await db.fetch(_END_OPEN, found, _WAITING, "canceled", None))


async def stop_requests_for(db: Connection, resource: UUID, owner: UserId) -> tuple[Event, ...]:
    """Cancel every open job of a resource at once, running ones too: their late writes find another status and leave
    nothing behind.

    Must run inside a transaction. For what must not come back, as when its resource is deleted; a learner who only
    changed their mind gets `cancel_request`, which keeps what a running job is about to bring home.
    """
    found = [row["id"] for row in await db.fetch(_LOCK_OPEN_OF, resource, owner)]
    return events_of(await db.fetch(_END_OPEN, found, _OPEN, "canceled", None)) if found else ()


async def stop_requests_of(db: Connection, owner: UserId, limit: int = 100) -> tuple[Event, ...]:
    """The same for whatever a learner has open, some at a time; no event means that nothing is open any more."""
    rows = await db.fetch(
        "SELECT id FROM street.requests WHERE owner = $1 AND finished_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE", owner, limit
    )
    found = [row["id"] for row in rows]
    return events_of(await db.fetch(_END_OPEN, found, _OPEN, "canceled", None)) if found else ()


async def fail_requests(db: Connection, requests: list[RequestId], error: Problem) -> tuple[Event, ...]:
    """End every open job of open requests the caller has locked, running ones too: their late writes find another
    status. What was canceled before ends as canceled."""
    return events_of(await db.fetch(_END_OPEN, requests, _OPEN, "failed", to_json(error))) if requests else ()
