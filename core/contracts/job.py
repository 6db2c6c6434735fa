"""A job: one paid call to one scarce resource."""

from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar

from msgspec import Struct, field

from core.contracts.ids import ArtifactId, JobId, RequestId, StorageKey, UserId

Queue = Literal["text", "image", "speech"]
JobStatus = Literal["queued", "running", "succeeded", "failed", "canceled", "retrying"]

QUEUES: tuple[Queue, ...] = ("text", "image", "speech")


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    """What a job is asked to do. `kind` is its stable name in rows and events, `queue` the resource it spends; one that `renews`
    what its request is for makes all outdated that earlier requests wanted for it."""

    kind: ClassVar[str]
    queue: ClassVar[Queue]
    renews: ClassVar[bool] = False


class Paid(Struct, frozen=True):
    """Who answered and what it cost: tokens, characters or pictures in `usage`; an unknown price is None, never 0. `prices` is
    the version of the price table it is from, so that the cost can still be explained when prices are others."""

    provider: str
    model: str
    usage: dict[str, int] = field(default_factory=dict)
    cost_microusd: int | None = None
    prices: str | None = None


class File(Struct, frozen=True):
    """Bytes a tool made, on their way to storage."""

    content: bytes
    media_type: str


class StoredFile(Struct, frozen=True):
    """A file in storage, as the row that found it tells."""

    artifact: ArtifactId
    key: StorageKey
    media_type: str
    bytes: int


T = TypeVar("T", bound=Struct | tuple[Struct, ...])


class Answer(Struct, Generic[T], frozen=True):
    """What a tool gives back: the value, who was paid for it, and the file when it is a picture or a recording."""

    value: T
    paid: Paid
    file: File | None = None


class Done(Struct, frozen=True):
    """What a kind gives back: its answer, and the jobs that follow."""

    answer: Answer[Any]
    then: tuple[Ask, ...] = ()


class ClaimedJob(Struct, frozen=True):
    """A job a worker holds until its lease ends. `epoch` fences every later write."""

    id: JobId
    request_id: RequestId
    owner: UserId
    kind: str
    queue: Queue
    input: str
    input_hash: str
    attempt: int
    max_attempts: int
    epoch: int
    traceparent: str | None = None
    lag_seconds: float = 0.0
    """How long it had been due when it was claimed."""


class Problem(Struct, frozen=True, omit_defaults=True):
    """RFC 9457 without its HTTP half: the same object inside a failed job and on the wire."""

    type: str
    title: str
    detail: str


class Job(Struct, frozen=True):
    """A job row as its owner may see it. `input` and `result` are JSON the products fold, and None where nobody folds: the
    street never opens them."""

    id: JobId
    request_id: RequestId
    kind: str
    queue: Queue
    status: JobStatus
    attempt: int
    provider: str | None
    model: str | None
    usage: dict[str, int] | None
    cost_microusd: int | None
    artifact: ArtifactId | None
    error: Problem | None
    parent: JobId | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    input: str | None = None
    result: str | None = None
