"""A request: what a learner asked for, and how far its jobs have come."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from core.contracts.ids import JobId, RequestId, UserId
from core.contracts.job import Ask, Job, Problem, Queue

RequestStatus = Literal["queued", "running", "succeeded", "failed", "canceled"]
Product = Literal["haiku", "vocab", "writing", "portal", "uploads"]


class Created(Struct, frozen=True):
    """When something was created: at `after` or later, and earlier than `before`."""

    after: datetime | None = None
    before: datetime | None = None


class Submission(Struct, frozen=True):
    """A request about to be written. `key` and `hash` are the learner's Idempotency-Key and what it was used for."""

    owner: UserId
    product: Product
    resource_id: UUID
    input: dict[str, Any]
    asks: tuple[Ask, ...]
    key: str | None = None
    hash: str | None = None
    traceparent: str | None = None


class Request(Struct, frozen=True):
    """A request and all its jobs, as rows. What the wire adds (links, progress) is made in the api."""

    id: RequestId
    owner: UserId
    product: Product
    resource_id: UUID
    input: dict[str, Any]
    status: RequestStatus
    jobs_total: int
    jobs_open: int
    jobs_failed: int
    last_seq: int
    cancel_requested_at: datetime | None
    cost_microusd: int | None
    error: Problem | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    jobs: tuple[Job, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None


class LostJob(Struct, frozen=True):
    """A running job whose lease ran out: its worker died, or was cut off."""

    id: JobId
    queue: Queue
    epoch: int
    attempt: int
    max_attempts: int
    lost_leases: int
