"""One-time tickets to the live socket, for browsers that cannot send a header. Only their hash is kept."""

from datetime import datetime, timedelta

from core.contracts.ids import UserId
from core.db.pool import Connection


async def insert_ticket(db: Connection, ticket_hash: str, owner: UserId, lasts: timedelta, session_ends_at: datetime) -> datetime:
    """Returns when the ticket expires, by the database's clock."""
    expires_at: datetime = await db.fetchval(
        """
        INSERT INTO street.tickets (hash, owner, expires_at, session_ends_at)
        VALUES ($1, $2, clock_timestamp() + $3::interval, $4) RETURNING expires_at""",
        ticket_hash,
        owner,
        lasts,
        session_ends_at,
    )
    return expires_at


async def take_ticket(db: Connection, ticket_hash: str) -> tuple[UserId, datetime] | None:
    """Spend a ticket: whose it was and when their session ends. None when it is unknown, spent or expired."""
    row = await db.fetchrow(
        "DELETE FROM street.tickets WHERE hash = $1 AND expires_at > clock_timestamp() RETURNING owner, session_ends_at",
        ticket_hash,
    )
    return (UserId(row["owner"]), row["session_ends_at"]) if row else None
