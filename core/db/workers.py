"""Which workers are there: each says so every few seconds."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from core.contracts.job import Queue
from core.db.pool import Connection

SEEN_EVERY_SECONDS = 5.0
GONE_AFTER = timedelta(seconds=3 * SEEN_EVERY_SECONDS)


async def mark_worker_seen(db: Connection, name: str, queues: Sequence[Queue]) -> None:
    await db.execute(
        """
        INSERT INTO street.workers (name, queues, seen_at) VALUES ($1, $2, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET queues = excluded.queues, seen_at = excluded.seen_at""",
        name,
        list(queues),
    )


async def delete_worker(db: Connection, name: str) -> None:
    await db.execute("DELETE FROM street.workers WHERE name = $1", name)


async def delete_silent_workers(db: Connection) -> None:
    """Those that were killed, or cut off."""
    await db.execute("DELETE FROM street.workers WHERE seen_at < clock_timestamp() - $1::interval", GONE_AFTER)


async def list_workers(db: Connection) -> list[str]:
    """Names of those that were seen lately."""
    rows = await db.fetch("SELECT name FROM street.workers WHERE seen_at >= clock_timestamp() - $1::interval", GONE_AFTER)
    return [row["name"] for row in rows]


async def count_workers(db: Connection) -> Counter[Queue]:
    """By queue; one that serves several counts in each."""
    rows = await db.fetch("SELECT queues FROM street.workers WHERE seen_at >= clock_timestamp() - $1::interval", GONE_AFTER)
    return Counter(queue for row in rows for queue in row["queues"])
