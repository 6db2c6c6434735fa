"""What the sweeper asks of Postgres: lost leases, passed deadlines, due work, old rows."""

from datetime import timedelta
from typing import Literal, get_args

import asyncpg

from core.contracts.ids import JobId, RequestId
from core.contracts.job import QUEUES, Queue
from core.contracts.request import LostJob
from core.db.pool import Connection

# statement_timestamp() throughout, because an index cannot be searched for the ever-changing clock_timestamp().

# Any fixed number: it only has to differ from other locks in this database.
_LOCK = 700_101

Duty = Literal["rescue", "end", "prune"]


async def take_sweep_lock(db: Connection, duty: Duty) -> bool:
    """True for the one process that does this now; the lock leaves with the transaction, also when its holder dies."""
    # One for each duty: who only looks for passed deadlines must not turn away whoever has found a lost job.
    return bool(await db.fetchval("SELECT pg_try_advisory_xact_lock($1, $2)", _LOCK, get_args(Duty).index(duty)))


_LOST = """
SELECT j.id, j.queue, j.epoch, j.attempt, j.max_attempts, j.lost_leases
  FROM street.jobs j JOIN street.requests r ON r.id = j.request_id JOIN street.shares s ON s.queue = j.queue AND s.owner = j.owner
 WHERE j.status = 'running' AND j.lease_until < statement_timestamp()
"""


async def list_lost_jobs(db: Connection, limit: int = 200) -> list[LostJob]:
    """Jobs whose lease ran out, text before speech before image: the order in which shares are locked."""
    return _lost_of(await db.fetch(_LOST + "ORDER BY j.lease_until LIMIT $1", limit))


async def lock_lost_jobs(db: Connection, jobs: list[JobId]) -> list[LostJob]:
    """Those of them that are still lost, in the same order, their requests and shares locked: what somebody is writing to waits
    for the next sweep."""
    # Not the jobs: the rescue of each asks again whether its lease is still over. The shares, or one learner's that somebody
    # froze with would hold up the rescue of everybody.
    return _lost_of(await db.fetch(_LOST + "AND j.id = ANY($1) FOR UPDATE OF r, s SKIP LOCKED", jobs))


def _lost_of(rows: list[asyncpg.Record]) -> list[LostJob]:
    rows.sort(key=lambda row: row["id"])
    rows.sort(key=lambda row: row["queue"], reverse=True)
    return [
        LostJob(JobId(row["id"]), row["queue"], row["epoch"], row["attempt"], row["max_attempts"], row["lost_leases"])
        for row in rows
    ]


async def lock_overdue_requests(db: Connection, limit: int = 100) -> list[RequestId]:
    rows = await db.fetch(
        """
        SELECT id FROM street.requests
         WHERE finished_at IS NULL AND deadline < statement_timestamp()
         ORDER BY deadline LIMIT $1
           FOR UPDATE SKIP LOCKED""",
        limit,
    )
    return [RequestId(row["id"]) for row in rows]


async def list_due_queues(db: Connection) -> list[Queue]:
    """Queues in which somebody has waited for longer than a bell takes: it was lost, or a retry has come due."""
    rows = await db.fetch(
        """
        SELECT q.queue FROM unnest($1::text[]) AS q (queue)
         WHERE EXISTS (SELECT 1 FROM street.jobs j
                        WHERE j.queue = q.queue AND j.status IN ('queued', 'retrying')
                          AND j.waiting_since < statement_timestamp() - interval '0.2 s')""",
        list(QUEUES),
    )
    return [row["queue"] for row in rows]


async def prune(db: Connection, events_kept: timedelta, keys_kept: timedelta, limit: int = 500) -> int:
    """Forget what nobody needs any more; returns how many rows changed or went. Requests take turns, `limit` at a time."""
    return sum(
        (
            await _delete_events(db, events_kept, limit),
            await _forget_keys(db, keys_kept, limit),
            await _changed(db, "DELETE FROM street.tickets WHERE expires_at < statement_timestamp()"),
            await _delete_uploads(db),
            await _changed(db, "DELETE FROM street.spend WHERE day < (statement_timestamp() - $1::interval)::date", events_kept),
            # With what was hashed by them.
            await _changed(db, "DELETE FROM street.erasure_keys WHERE day < (statement_timestamp() AT TIME ZONE 'UTC')::date"),
        )
    )


async def _delete_events(db: Connection, kept: timedelta, limit: int) -> int:
    return await _changed(
        db,
        """
        WITH old AS MATERIALIZED (
            SELECT id FROM street.requests
             WHERE finished_at < statement_timestamp() - $1::interval AND NOT events_pruned
             ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
        ), marked AS (
            UPDATE street.requests r SET events_pruned = true FROM old WHERE r.id = old.id
        )
        DELETE FROM street.events e USING old WHERE e.request_id = old.id""",
        kept,
        limit,
    )


async def _forget_keys(db: Connection, kept: timedelta, limit: int) -> int:
    return await _changed(
        db,
        """
        UPDATE street.requests SET idempotency_key = NULL, request_hash = NULL WHERE id IN (
            SELECT id FROM street.requests
             WHERE idempotency_key IS NOT NULL AND created_at < statement_timestamp() - $1::interval
             LIMIT $2 FOR UPDATE SKIP LOCKED)""",
        kept,
        limit,
    )


async def _delete_uploads(db: Connection) -> int:
    """Those that were begun and never sent in."""
    return await _changed(
        db, "DELETE FROM street.uploads WHERE asked_at IS NULL AND created_at < statement_timestamp() - interval '1 day'"
    )


async def _changed(db: Connection, statement: str, *values: object) -> int:
    """How many rows it changed, which PostgreSQL says last in its answer: `DELETE 3`."""
    return int((await db.execute(statement, *values)).rsplit(" ", 1)[1])
