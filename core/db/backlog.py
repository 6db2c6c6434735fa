"""How much waits in each queue, from counters and indexes: never a count of rows."""

from msgspec import Struct

from core.contracts.job import QUEUES, Queue
from core.db.pool import Connection, Pool, connected
from core.errors import Unavailable
from core.scaling import Load

# The oldest is looked for from the oldest on: only the few learners at their limit are passed over on the way.
_BACKLOGS = """
SELECT q.queue, coalesce(w.waiting, 0) AS waiting, least(coalesce(w.startable, 0), d.due) AS startable,
       coalesce(r.running, 0) AS running,
       coalesce(extract(epoch FROM clock_timestamp() - o.waiting_since), 0)::float8 AS oldest_seconds
  FROM unnest($1::text[]) AS q (queue)
 CROSS JOIN LATERAL (
       SELECT sum(s.waiting)::bigint AS waiting, sum(least(s.waiting, greatest($2 - s.running, 0)))::bigint AS startable
         FROM street.shares s WHERE s.queue = q.queue AND s.waiting > 0) w
 CROSS JOIN LATERAL (
       SELECT sum(s.running)::bigint AS running FROM street.shares s WHERE s.queue = q.queue AND s.running > 0) r
 CROSS JOIN LATERAL (
       -- What waits for a retry is no work for a larger fleet, and this many are more than any fleet runs at once.
       SELECT count(*) AS due FROM (
              SELECT FROM street.jobs j
               WHERE j.queue = q.queue AND j.status IN ('queued', 'retrying') AND j.due_at <= statement_timestamp()
               LIMIT 2000) AS first) d
  LEFT JOIN LATERAL (
       SELECT j.waiting_since
         FROM street.jobs j JOIN street.shares s ON s.queue = j.queue AND s.owner = j.owner
        WHERE j.queue = q.queue AND j.status IN ('queued', 'retrying') AND j.waiting_since <= statement_timestamp()
          AND s.running < $2
        ORDER BY j.waiting_since LIMIT 1) o ON true
"""


class Backlog(Struct, frozen=True):
    """One queue at one moment.

    `startable` are those due jobs, 2,000 at most, whose learners are below their own limit, and `oldest_seconds` is how long
    the first of these has waited: more workers help nobody else.
    """

    queue: Queue
    waiting: int
    startable: int
    running: int
    oldest_seconds: float

    @property
    def load(self) -> Load:
        return Load(self.startable, self.running, self.oldest_seconds)


async def get_backlog(db: Connection, queue: Queue) -> int:
    """Jobs of one queue that wait, due or not."""
    return int(await db.fetchval("SELECT coalesce(sum(waiting), 0) FROM street.shares WHERE queue = $1 AND waiting > 0", queue))


async def list_backlogs(db: Connection, running_per_owner: int) -> list[Backlog]:
    """Every queue, also an empty one: all zero."""
    rows = await db.fetch(_BACKLOGS, list(QUEUES), running_per_owner)
    return [Backlog(row["queue"], row["waiting"], row["startable"], row["running"], row["oldest_seconds"]) for row in rows]


async def find_backlogs(pool: Pool, running_per_owner: int) -> list[Backlog] | None:
    """The same; None while Postgres cannot be asked, which is not to be mistaken for nothing to do."""
    try:
        async with connected(pool) as db:
            return await list_backlogs(db, running_per_owner)
    except Unavailable:
        return None


async def is_alive(db: Connection) -> bool:
    return bool(await db.fetchval("SELECT true"))
