"""What one process at a time does, however many could."""

from datetime import timedelta

from core.db.pool import Connection


async def take_turn(db: Connection, name: str, every: timedelta) -> bool:
    """True for whoever comes first once `every` has passed since the last time."""
    return bool(
        await db.fetchval(
            """
            UPDATE street.turns SET taken_at = clock_timestamp()
             WHERE name = $1 AND taken_at <= clock_timestamp() - $2::interval RETURNING true""",
            name,
            every,
        )
    )
