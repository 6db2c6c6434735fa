"""Files that nobody shows any more: noted in the transaction that gave them up, forgotten when they are gone."""

from datetime import timedelta

from core.contracts.ids import StorageKey
from core.db.pool import Connection


async def note_litter(db: Connection, key: StorageKey, lies_for: timedelta) -> None:
    """It is deleted after `lies_for`, if nobody shows it by then."""
    await db.execute(
        """
        INSERT INTO street.litter (storage_key, due_at) VALUES ($1, clock_timestamp() + $2::interval)
        ON CONFLICT DO NOTHING""",
        key,
        lies_for,
    )


async def take_litter(db: Connection, limit: int = 50) -> list[StorageKey]:
    """What is due, held until the transaction ends. What somebody shows, since the same ask was made again, is kept."""
    rows = await db.fetch(
        """
        WITH due AS MATERIALIZED (
            SELECT storage_key FROM street.litter WHERE due_at < statement_timestamp()
             ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
        ), shown AS (
            DELETE FROM street.litter l USING due, street.artifacts a
             WHERE l.storage_key = due.storage_key AND a.storage_key = due.storage_key
        )
        SELECT due.storage_key FROM due
         WHERE NOT EXISTS (SELECT FROM street.artifacts a WHERE a.storage_key = due.storage_key)""",
        limit,
    )
    return [StorageKey(row["storage_key"]) for row in rows]


async def forget_litter(db: Connection, keys: list[StorageKey]) -> None:
    await db.execute("DELETE FROM street.litter WHERE storage_key = ANY($1)", keys)
