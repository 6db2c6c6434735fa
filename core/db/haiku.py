"""The rows that are a haiku's own: who asked for it, about what, when, and when it was deleted."""

from datetime import datetime

from msgspec import Struct

from core.contracts.ids import HaikuId, StorageKey, UserId
from core.db.pool import Connection


class HaikuRow(Struct, frozen=True):
    """A haiku before its requests are folded into it."""

    id: HaikuId
    topic: str
    created_at: datetime


async def insert_haiku(db: Connection, haiku: HaikuId, owner: UserId, topic: str) -> None:
    await db.execute("INSERT INTO haiku.haikus (id, owner, topic) VALUES ($1, $2, $3)", haiku, owner, topic)


async def find_haiku(db: Connection, haiku: HaikuId, owner: UserId) -> HaikuRow | None:
    row = await db.fetchrow(
        "SELECT id, topic, created_at FROM haiku.haikus WHERE id = $1 AND owner = $2 AND deleted_at IS NULL", haiku, owner
    )
    return HaikuRow(HaikuId(row["id"]), row["topic"], row["created_at"]) if row else None


async def lock_haiku(db: Connection, haiku: HaikuId, owner: UserId) -> HaikuRow | None:
    """The same, held until the transaction ends: two messages sent at once take turns."""
    row = await db.fetchrow(
        "SELECT id, topic, created_at FROM haiku.haikus WHERE id = $1 AND owner = $2 AND deleted_at IS NULL FOR UPDATE",
        haiku,
        owner,
    )
    return HaikuRow(HaikuId(row["id"]), row["topic"], row["created_at"]) if row else None


async def list_haikus(db: Connection, owner: UserId, limit: int, before: HaikuId | None = None) -> list[HaikuRow]:
    """Newest first."""
    rows = await db.fetch(
        """
        SELECT id, topic, created_at FROM haiku.haikus
         WHERE owner = $1 AND deleted_at IS NULL AND ($3::uuid IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $2""",
        owner,
        limit,
        before,
    )
    return [HaikuRow(HaikuId(row["id"]), row["topic"], row["created_at"]) for row in rows]


async def has_open_job(db: Connection, haiku: HaikuId, kinds: list[str]) -> bool:
    """True while a job of one of these kinds is under way for the haiku."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT 1 FROM street.jobs j JOIN street.requests r ON r.id = j.request_id
                            WHERE r.resource_id = $1 AND r.finished_at IS NULL AND j.kind = ANY($2)
                              AND j.status IN ('queued', 'running', 'retrying'))""",
            haiku,
            kinds,
        )
    )


async def delete_haiku(db: Connection, haiku: HaikuId, owner: UserId) -> list[StorageKey]:
    """Scrub a haiku the caller has locked: texts, results and events go, and its files' keys come back to be deleted.

    Must run inside a transaction, after its open requests were canceled.
    """
    await db.execute("UPDATE haiku.haikus SET deleted_at = clock_timestamp(), topic = '' WHERE id = $1", haiku)
    # Canceled, also what had failed: a retry of it would find nothing to do again.
    await db.execute(
        """
        UPDATE street.requests
           SET input = '{}', error = NULL, cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
         WHERE resource_id = $1""",
        haiku,
    )
    await db.execute(
        """
        UPDATE street.events SET data = '{}'
         WHERE request_id IN (SELECT id FROM street.requests WHERE resource_id = $1)""",
        haiku,
    )
    # Held in a statement of its own: a job that found one of them before is seen by the next, one that comes later waits.
    await db.execute(
        """
        SELECT FROM street.artifacts
         WHERE owner = $2 AND hash IN (SELECT j.artifact FROM street.jobs j JOIN street.requests r ON r.id = j.request_id
                                        WHERE r.resource_id = $1)
         ORDER BY hash FOR UPDATE""",
        haiku,
        owner,
    )
    gone = await db.fetch(
        """
        WITH scrubbed AS (
            UPDATE street.jobs
               SET input = '{}', error = NULL, artifact = NULL, result = CASE WHEN result IS NOT NULL THEN '{}'::jsonb END
             WHERE request_id IN (SELECT id FROM street.requests WHERE resource_id = $1)
            RETURNING id
        ), unused AS (
            -- The same ask of the same learner is the same picture: what another haiku shows, or is about to, stays.
            SELECT j.artifact FROM street.jobs j JOIN street.requests r ON r.id = j.request_id
             WHERE r.resource_id = $1 AND j.artifact IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM street.jobs o JOIN street.requests p ON p.id = o.request_id
                                WHERE o.owner = $2 AND o.input_hash = j.input_hash AND p.resource_id <> $1
                                  AND (o.artifact = j.artifact OR o.finished_at IS NULL))
        )
        DELETE FROM street.artifacts a
         WHERE a.owner = $2 AND a.hash IN (SELECT artifact FROM unused) AND (SELECT count(*) FROM scrubbed) >= 0
        RETURNING a.storage_key""",
        haiku,
        owner,
    )
    return [StorageKey(row["storage_key"]) for row in gone]
