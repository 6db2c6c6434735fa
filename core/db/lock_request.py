"""Hold a request before it is changed."""

from msgspec import Struct

from core.contracts.ids import RequestId, UserId
from core.db.pool import Connection
from core.errors import NotFound


class Locked(Struct, frozen=True):
    """A request nobody else writes to until the transaction ends."""

    jobs_failed: int
    is_canceled: bool
    is_over: bool


async def lock_request(db: Connection, request_id: RequestId, owner: UserId) -> Locked:
    """A statement of its own: the next one then sees the jobs a finishing worker added while we waited.

    Must run inside a transaction. Raises NotFound when it is missing or somebody else's.
    """
    row = await db.fetchrow(
        """
        SELECT jobs_failed, cancel_requested_at IS NOT NULL AS is_canceled, finished_at IS NOT NULL AS is_over
          FROM street.requests WHERE id = $1 AND owner = $2 FOR UPDATE""",
        request_id,
        owner,
    )
    if row is None:
        raise NotFound("There is no such request.")
    return Locked(row["jobs_failed"], row["is_canceled"], row["is_over"])
