"""Try what failed again; what succeeded stays."""

from datetime import timedelta

from core.contracts.events import Event
from core.contracts.ids import RequestId, UserId
from core.contracts.job import Queue
from core.contracts.kinds import RENEWING
from core.db.lock_request import lock_request
from core.db.pool import Connection
from core.db.rows import events_of
from core.errors import Conflict

# One poem at a time: what a later request of the same resource does, or did, is not done again beside it, nor is anybody paid
# for pictures of a poem that a later one has changed.
TAKEN_UP = f"""EXISTS (
    SELECT FROM street.jobs mine
      JOIN street.requests r ON r.id = mine.request_id
      JOIN street.requests later ON later.resource_id = r.resource_id AND later.id > r.id
      JOIN street.jobs theirs ON theirs.request_id = later.id
                             AND (theirs.kind = mine.kind OR theirs.kind IN ({", ".join(f"'{kind}'" for kind in RENEWING)}))
     WHERE mine.request_id = requests.id AND mine.status = 'failed' AND theirs.status NOT IN ('failed', 'canceled'))
"""
"""Of a row of street.requests: somebody asked later for what failed in it, or for something that makes it outdated."""

_IS_TAKEN_UP = f"SELECT {TAKEN_UP} FROM street.requests WHERE id = $1"  # noqa: S608  the same


_RETRY = """
WITH again AS (
    -- The epoch is not reset: a worker that still holds an earlier run must stay fenced.
    UPDATE street.jobs j
       SET status = 'queued', attempt = 0, due_at = clock_timestamp(), error = NULL, finished_at = NULL, lost_leases = 0
     WHERE j.request_id = $1 AND j.status = 'failed'
    RETURNING j.id, j.kind, j.queue
), counted AS (
    UPDATE street.requests r
       SET status = 'running', finished_at = NULL, error = NULL, deadline = clock_timestamp() + $2::interval,
           -- The new events shall go too, thirty days after the new end.
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

    Must run inside a transaction. Returns the events to tell and the queues to ring. Raises NotFound, and Conflict when a
    later request of the same resource does the same, or changes what this one was for.
    """
    request = await lock_request(db, request_id, owner)
    # What was canceled stays so: its jobs would be claimed by nobody and wait for ever.
    if request.jobs_failed == 0 or request.is_canceled:
        return (), ()
    if await db.fetchval(_IS_TAKEN_UP, request_id):
        raise Conflict("A later request has taken this up; see what came of it.")
    rows = await db.fetch(_RETRY, request_id, deadline)
    return events_of(rows), tuple(rows[0]["ring"])
