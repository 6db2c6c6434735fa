"""How much waits in each queue, from counters: never a count of rows."""

from core.contracts.job import Queue
from core.db.pool import Connection


async def get_backlog(db: Connection, queue: Queue) -> int:
    """Jobs of one queue that wait, due or not."""
    return int(await db.fetchval("SELECT coalesce(sum(waiting), 0) FROM street.shares WHERE queue = $1 AND waiting > 0", queue))


async def is_alive(db: Connection) -> bool:
    return bool(await db.fetchval("SELECT true"))
