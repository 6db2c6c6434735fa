"""Files that nobody shows any more: noted in the transaction that gave them up, forgotten when they are gone."""

from datetime import datetime, timedelta

from msgspec import Struct

from core.contracts.ids import StorageKey
from core.db.pool import Connection

HELD = timedelta(minutes=1)
"""How far ahead taking pushes what it takes: so long nobody else takes it, and nobody makes it again. Whoever took it deletes
nothing later than that."""


class Taken(Struct, frozen=True):
    """Files to delete now, held until `until`."""

    keys: list[StorageKey]
    until: datetime | None


async def note_litter(db: Connection, key: StorageKey, lies_for: timedelta) -> None:
    """It is deleted after `lies_for`, if nobody shows it by then."""
    await db.execute(
        """
        INSERT INTO street.litter (storage_key, due_at) VALUES ($1, clock_timestamp() + $2::interval)
        ON CONFLICT DO NOTHING""",
        key,
        lies_for,
    )


async def take_litter(db: Connection, limit: int = 50) -> Taken:
    """What is due, held by its new `due_at` and by no lock: a store may take its time, a transaction may not. What somebody
    shows, since the same ask was made again, is kept."""
    rows = await db.fetch(
        """
        WITH due AS MATERIALIZED (
            SELECT storage_key FROM street.litter WHERE due_at < statement_timestamp()
             ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
        ), shown AS (
            DELETE FROM street.litter l USING due, street.artifacts a
             WHERE l.storage_key = due.storage_key AND a.storage_key = due.storage_key
        )
        UPDATE street.litter l SET due_at = statement_timestamp() + $2::interval FROM due
         WHERE l.storage_key = due.storage_key
           AND NOT EXISTS (SELECT FROM street.artifacts a WHERE a.storage_key = due.storage_key)
        RETURNING l.storage_key, l.due_at""",
        limit,
        HELD,
    )
    return Taken([StorageKey(row["storage_key"]) for row in rows], rows[0]["due_at"] if rows else None)


async def forget_litter(db: Connection, keys: list[StorageKey], until: datetime) -> None:
    """Not what was noted or taken anew meanwhile."""
    await db.execute("DELETE FROM street.litter WHERE storage_key = ANY($1) AND due_at = $2", keys, until)


async def postpone_litter(db: Connection, keys: list[StorageKey], lies_for: timedelta) -> bool:
    """Before one of these is made again: it lies for `lies_for` from now, by when it is shown. False while it may be being
    deleted, for a minute at most: a file that is put now could go with the old one."""
    # Asked of the newest version of the row: whoever takes it at this moment has taken it, or sees that it is not due. What
    # comes due within a minute by itself is not told apart, and waits as well.
    rows = await db.fetch(
        """
        UPDATE street.litter
           SET due_at = CASE WHEN due_at BETWEEN statement_timestamp() AND clock_timestamp() + $3::interval THEN due_at
                             ELSE clock_timestamp() + $2::interval + $3::interval END
         WHERE storage_key = ANY($1)
        RETURNING due_at < statement_timestamp() + $3::interval AS is_held""",
        keys,
        lies_for,
        HELD,
    )
    return not any(row["is_held"] for row in rows)
