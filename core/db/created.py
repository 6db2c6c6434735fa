"""Find what was created in some time through its id: UUIDv7 begins with the milliseconds since the epoch (RFC 9562, 5.7)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.contracts.request import Created

SKEW = timedelta(minutes=15)
"""Ids are made on the clock of a process, created_at on the database's: this far apart they may be."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 2**48 - 1


def ids_of(created: Created, before: UUID | None = None) -> tuple[UUID, UUID | None]:
    """Between which ids to look, from the first on and before the second: an index finds these, and created_at sorts out the
    few at the edges. `before` is the cursor of a list that runs from new to old."""
    first = _first_id(created.after, -SKEW) if created.after else UUID(int=0)
    after_last = _first_id(created.before, SKEW) if created.before else None
    return first, min((end for end in (before, after_last) if end is not None), default=None)


def _first_id(moment: datetime, shift: timedelta) -> UUID:
    milliseconds = (moment - _EPOCH + shift) // timedelta(milliseconds=1)
    return UUID(int=min(max(milliseconds, 0), _LATEST) << 80)
