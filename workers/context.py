"""What a kind may tell while it works: passing words, which nobody keeps."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from core.contracts.events import Event
from core.contracts.job import ClaimedJob

DELTA_EVERY_SECONDS = 0.25

Tell = Callable[[Event], Awaitable[object]]


class JobContext:
    """The live side of one run. Whatever is lost here is told again, whole, by the event that ends the job."""

    def __init__(self, job: ClaimedJob, tell: Tell) -> None:
        self._job = job
        self._tell = tell
        self._text = ""
        self._told_at = float("-inf")

    async def delta(self, piece: str) -> None:
        """Text as it is written. Followers get all of it so far, four times a second at most: one lost word costs nothing."""
        self._text += piece
        if time.monotonic() - self._told_at >= DELTA_EVERY_SECONDS:
            self._told_at = time.monotonic()
            await self._pass_on("job.delta", {"text": self._text})

    async def _pass_on(self, kind: str, facts: dict[str, Any]) -> None:
        job = self._job
        await self._tell(Event(job.request_id, kind, datetime.now(UTC), {"kind": job.kind, **facts}, job_id=job.id))
