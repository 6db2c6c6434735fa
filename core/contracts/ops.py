"""What operators see of everybody's requests: how they went, and nothing of what they said."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from core.contracts.ids import JobId, RequestId, UserId
from core.contracts.job import JobStatus, Queue
from core.contracts.request import Product, RequestStatus

Action = Literal["list", "show", "retry", "cancel"]
Moment = Annotated[datetime, Meta(tz=True)]


class Filter(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which requests. `failure` is the last word of a problem's type, such as `crash-loop`."""

    owner: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    product: Product | None = None
    status: RequestStatus | None = None
    failure: Annotated[str, Meta(pattern="^[a-z-]{1,50}$")] | None = None
    created_after: Moment | None = None
    created_before: Moment | None = None


class Overview(Struct, frozen=True):
    """A request from outside."""

    id: RequestId
    owner: UserId
    product: Product
    resource_id: UUID
    status: RequestStatus
    jobs_total: int
    jobs_open: int
    jobs_failed: int
    cost_microusd: int | None
    failure: str | None
    deadline: datetime
    cancel_requested_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobOverview(Struct, frozen=True):
    """A job from outside: also who works on it, and how often that went wrong."""

    id: JobId
    kind: str
    queue: Queue
    status: JobStatus
    attempt: int
    max_attempts: int
    epoch: int
    lost_leases: int
    worker: str | None
    provider: str | None
    model: str | None
    cost_microusd: int | None
    failure: str | None
    due_at: datetime
    lease_until: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


class Audited(Struct, frozen=True):
    """What an operator looked at or did. `changed` is null when it was not finished."""

    id: UUID
    at: datetime
    operator: UserId
    action: Action
    filter: dict[str, Any]
    reason: str | None
    dry_run: bool
    matched: int
    changed: int | None
