"""The rows that are a haiku's own: who asked for it, about what, when, and when it was deleted."""

from datetime import datetime

from msgspec import Struct

from core.contracts.ids import HaikuId, UserId
from core.db.erase import erase_resource
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


async def delete_haiku(db: Connection, haiku: HaikuId, owner: UserId) -> None:
    """Forget a haiku the caller has locked, with its texts; workers delete its files.

    Must run inside a transaction, after its open requests were canceled.
    """
    await db.execute("UPDATE haiku.haikus SET deleted_at = clock_timestamp(), topic = '' WHERE id = $1", haiku)
    await erase_resource(db, haiku, owner)
