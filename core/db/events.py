"""The story of a request, in order."""

from core.contracts.events import Event
from core.contracts.ids import RequestId, UserId
from core.contracts.request import RequestStatus
from core.db.pool import Connection
from core.db.rows import event_of

_AFTER = """
SELECT request_id, seq, job_id, type, data, at FROM street.events WHERE request_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
"""


async def list_events(db: Connection, request_id: RequestId, after: int, limit: int = 500) -> list[Event]:
    return [event_of(row) for row in await db.fetch(_AFTER, request_id, after, limit)]


async def find_stream(db: Connection, request_id: RequestId, owner: UserId) -> tuple[int, RequestStatus, int] | None:
    """Where a learner's stream stands: last seq, status, and the first seq that is still kept (last + 1 when pruned)."""
    row = await db.fetchrow(
        """
        SELECT r.last_seq, r.status,
               coalesce((SELECT min(e.seq) FROM street.events e WHERE e.request_id = r.id), r.last_seq + 1) AS first_seq
          FROM street.requests r WHERE r.id = $1 AND r.owner = $2""",
        request_id,
        owner,
    )
    return (row["last_seq"], row["status"], row["first_seq"]) if row else None
