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

    @property
    def outcome(self) -> str:
        """The last word of the type."""
        return self.type.rpartition(".")[2]

    @property
    def since_asked_seconds(self) -> float:
        """From when the request was first asked for, which a UUIDv7 tells to the millisecond (RFC 9562), until this step."""
        return self.at.timestamp() - (self.request_id.int >> 80) / 1000
