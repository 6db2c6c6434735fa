"""May this learner ask for more? From counters and indexes: never a count of rows."""

from datetime import timedelta

from msgspec import Struct

from core.contracts.ids import UserId
from core.contracts.job import QUEUES, Queue
from core.db.pool import Connection

# Any fixed number: the two-key locks of this database are all ours.
_ASKING = 700_102


async def wait_to_ask(db: Connection, owner: UserId) -> None:
    """One submit of a learner at a time, until the transaction ends: what the next one counts is then all there is.

    A statement of its own, because the picture a statement has of the rows is older than its locks. Before any row is
    locked that an ending may wait for.
    """
    await db.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _ASKING, owner)


class Standing(Struct, frozen=True):
    """What a learner has open in all queues, has spent today, and how long today still lasts (UTC)."""

    open_jobs: int
    spent_microusd: int
    day_left: timedelta


async def get_standing(db: Connection, owner: UserId) -> Standing:
    (row,) = await db.fetch(
        """
        SELECT (SELECT coalesce(sum(s.waiting + s.running), 0) FROM street.shares s
                 WHERE s.queue = ANY($2) AND s.owner = $1) AS open_jobs,
               coalesce((SELECT p.microusd FROM street.spend p WHERE p.owner = $1 AND p.day = t.now::date), 0) AS spent,
               t.now::date + 1 - t.now AS day_left
          FROM (SELECT statement_timestamp() AT TIME ZONE 'UTC' AS now) t""",
        owner,
        list(QUEUES),
    )
    return Standing(row["open_jobs"], row["spent"], row["day_left"])


async def find_seconds_per_end(db: Connection, owner: UserId) -> float | None:
    """How far apart a learner's jobs ended lately: up to ten of the last minute. None when none did."""
    seconds: float | None = await db.fetchval(
        """
        SELECT (extract(epoch FROM statement_timestamp() - min(e.finished_at)) / count(*))::float8
          FROM (SELECT j.finished_at
                  FROM (SELECT id FROM street.requests WHERE owner = $1 ORDER BY id DESC LIMIT 100) r
                 CROSS JOIN LATERAL (SELECT finished_at FROM street.jobs WHERE request_id = r.id) j
                 WHERE j.finished_at > statement_timestamp() - interval '1 min'
                 ORDER BY j.finished_at DESC LIMIT 10) e""",
        owner,
    )
    return seconds


async def get_longest_wait(db: Connection, queue: Queue) -> timedelta:
    """How long somebody of whom nothing runs has waited for a turn.

    Since the first in their line began to wait or they were last served, whichever is later: whoever asks for very much waits
    long for the end of it, and that is no reason to refuse others. Only the 200 learners whose turn is next are asked.
    """
    waited: timedelta | None = await db.fetchval(
        """
        SELECT statement_timestamp() - min(greatest(s.served_at, j.waiting_since))
          FROM (SELECT owner, served_at FROM street.shares
                 WHERE queue = $1 AND waiting > 0 AND running = 0
                 ORDER BY served_at, owner LIMIT 200) s
         CROSS JOIN LATERAL (
               SELECT waiting_since FROM street.jobs
                WHERE queue = $1 AND owner = s.owner AND status IN ('queued', 'retrying')
                  AND due_at <= statement_timestamp()
                ORDER BY due_at LIMIT 1) j""",
        queue,
    )
    return waited or timedelta(0)
