"""Do one thing to many requests of anybody's: one transaction each, so that no lock waits for another in a circle."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from api.submit import Desk
from core.contracts.ops import Overview
from core.db.admission import wait_to_ask
from core.db.lock_request import lock_request
from core.db.retry import retry_request
from core.db.stop import cancel_request
from core.errors import Conflict, NotFound


async def act_on(desk: Desk, action: Literal["retry", "cancel"], requests: Sequence[Overview], deadline: timedelta) -> int:
    """Returns how many changed; what was over, erased or taken up before its turn came stays as it is. Raises Unavailable in the
    middle: what was done until then is done, and doing it again changes nothing."""
    changed = 0
    for request in requests:
        changed += await (_retry(desk, request, deadline) if action == "retry" else _cancel(desk, request))
    return changed


async def _retry(desk: Desk, request: Overview, deadline: timedelta) -> bool:
    try:
        async with desk.transaction(request.owner) as db:
            # What this learner is asking for right now may take up what failed. Their limits are not asked: an operator
            # retries what was no fault of theirs.
            await wait_to_ask(db, request.owner)
            events, queues = await retry_request(db, request.id, request.owner, deadline)
    except (NotFound, Conflict):
        return False
    await desk.tell(events, queues)
    return bool(events)


async def _cancel(desk: Desk, request: Overview) -> bool:
    try:
        async with desk.transaction(request.owner) as db:
            before = await lock_request(db, request.id, request.owner)
            events = await cancel_request(db, request.id, request.owner)
    except NotFound:
        return False
    await desk.tell(events)
    # Not by its events: what runs is only asked to stop, and tells that later.
    return not (before.is_over or before.is_canceled)
