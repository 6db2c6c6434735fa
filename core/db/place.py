"""Where a request that waits stands in its queues, and how long such jobs took lately."""

from msgspec import Struct

from core.contracts.ids import RequestId
from core.contracts.job import Queue
from core.db.pool import Connection


class Place(Struct, frozen=True):
    """Where one waiting job stands.

    `position` is 1 for the next job of the queue if nobody came and nothing ended; `turn` is which of its learner's jobs it
    would be, counting those that run; `running` is how many jobs of the queue run now.
    """

    queue: Queue
    kind: str
    position: int
    turn: int
    running: int


# The order of claims that each find one free slot. Everybody who waits has jobs with the turns running + 1, running + 2, …;
# among those of one turn, who has more running has not been served for this round yet, and of those with as many, whoever
# was served longest ago comes first. Jobs that wait for a retry are counted as if they were due: their learner's turn comes
# all the same.
_PLACES = """
WITH mine AS MATERIALIZED (
    SELECT DISTINCT ON (j.queue) j.id, j.queue, j.kind, j.owner, s.served_at, s.running AS own,
           s.running + (SELECT count(*) FROM street.jobs w
                         WHERE w.queue = j.queue AND w.owner = j.owner AND w.status IN ('queued', 'retrying')
                           AND (w.due_at, w.id) <= (j.due_at, j.id)) AS turn
      FROM street.jobs j JOIN street.shares s ON s.queue = j.queue AND s.owner = j.owner
     WHERE j.request_id = $1 AND j.status IN ('queued', 'retrying')
     ORDER BY j.queue, j.due_at, j.id
)
SELECT m.queue, m.kind, m.turn, (m.turn - m.own + others.ahead)::int AS position,
       (SELECT coalesce(sum(running), 0) FROM street.shares WHERE queue = m.queue AND running > 0) AS running
  FROM mine m
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(least(o.waiting, m.turn - 1 - o.running) + CASE
                  WHEN o.running + o.waiting < m.turn THEN 0
                  WHEN o.running <> m.own THEN (o.running > m.own)::int
                  ELSE ((o.served_at, o.owner) < (m.served_at, m.owner))::int END), 0) AS ahead
         FROM street.shares o
        WHERE o.queue = m.queue AND o.owner <> m.owner AND o.waiting > 0 AND o.running < m.turn) others
"""


async def list_places(db: Connection, request_id: RequestId) -> list[Place]:
    """The first waiting job of a request in each of its queues."""
    rows = await db.fetch(_PLACES, request_id)
    return [Place(row["queue"], row["kind"], row["position"], row["turn"], row["running"]) for row in rows]


async def list_durations(db: Connection, kinds: list[str]) -> dict[str, float]:
    """Half of the last fifty successes of the last hour took at most so many seconds from their first start to their end.
    A kind nobody has done lately has no entry."""
    rows = await db.fetch(
        """
        SELECT k.kind, t.seconds
          FROM unnest($1::text[]) AS k (kind)
         CROSS JOIN LATERAL (
               SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM e.finished_at - e.started_at)) AS seconds
                 FROM (SELECT started_at, finished_at FROM street.jobs
                        WHERE kind = k.kind AND status = 'succeeded'
                          AND finished_at > statement_timestamp() - interval '1 hour'
                        ORDER BY finished_at DESC LIMIT 50) e) t
         WHERE t.seconds IS NOT NULL""",
        kinds,
    )
    return {row["kind"]: row["seconds"] for row in rows}
