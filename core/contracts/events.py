"""What just happened, in words every client reads: over SSE, WebSocket and between our processes."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from core.contracts.ids import JobId, RequestId


class Event(Struct, frozen=True, omit_defaults=True):
    """One step of a request. `seq` starts at 1 and has no gaps; passing words (`job.delta`, `job.progress`) carry none."""

    request_id: RequestId
    type: str
    at: datetime
    data: dict[str, Any]
    seq: int | None = None
    job_id: JobId | None = None

    @property
    def ends(self) -> bool:
        """True for the event after which a request is over, until somebody retries it."""
        return self.type in {"request.succeeded", "request.failed", "request.canceled"}
