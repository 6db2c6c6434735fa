"""Accept a request: look at the backlog, write it in one transaction, then tell everyone and ring the bell."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
from msgspec import Struct

from core.contracts.events import Event
from core.contracts.ids import UserId
from core.contracts.job import Queue
from core.contracts.request import Request, Submission
from core.db.backlog import get_backlog
from core.db.pool import Connection, Pool, connected
from core.db.requests import get_request
from core.db.submit import find_same_key, submit_request
from core.errors import Unavailable
from core.settings import Settings
from telemetry.trace import current_traceparent, span

Ring = Callable[[Iterable[Queue]], Awaitable[bool]]
Publish = Callable[[Iterable[Event]], Awaitable[bool]]

BACKLOG_READ_SECONDS = 1.0
BACKLOG_WAIT = timedelta(seconds=10)


class Accepted(Struct, frozen=True):
    """A request that is in the rows. `event` is its first; none means its Idempotency-Key had been used before."""

    request: Request
    event: Event | None

    @property
    def is_new(self) -> bool:
        return self.event is not None


class Desk:
    """Where requests are handed in. One for the process: it remembers the backlog for a second."""

    def __init__(self, pool: Pool, settings: Settings, ring: Ring, publish: Publish) -> None:
        self._pool = pool
        self._settings = settings
        self._ring = ring
        self._publish = publish
        self._backlogs: dict[Queue, tuple[float, int]] = {}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Lend a connection inside a transaction. Raises Unavailable when Postgres is away, also at the commit."""
        async with connected(self._pool) as db, db.transaction():
            yield db

    async def find_earlier(self, db: Connection, owner: UserId, key: str | None, request_hash: str | None) -> Accepted | None:
        """What this Idempotency-Key was used for before. Raises KeyReused when that was something else."""
        if key is None or request_hash is None:
            return None
        earlier = await find_same_key(db, owner, key, request_hash)
        return Accepted(await get_request(db, earlier, owner), None) if earlier else None

    async def submit(self, db: Connection, submission: Submission) -> Accepted:
        """Write the request with its first jobs. Raises Unavailable when their queues are full, KeyReused."""
        queues = list(dict.fromkeys(ask.queue for ask in submission.asks))
        for queue in queues:
            await self._refuse_backlog(db, queue)
        with span(f"send {queues[0]}", "producer", attributes={"messaging.destination.name": queues[0]}):
            traced = msgspec.structs.replace(submission, traceparent=current_traceparent())
            request_id, event = await submit_request(db, traced, self._settings.deadline, self._settings.max_attempts)
        return Accepted(await get_request(db, request_id, submission.owner), event)

    async def announce(self, accepted: Accepted) -> None:
        """After the commit. A Redis that is away costs the learner time, not the request."""
        if accepted.event is not None:
            await self.tell([accepted.event], [job.queue for job in accepted.request.jobs])

    async def tell(self, events: Iterable[Event], queues: Iterable[Queue] = ()) -> None:
        await asyncio.gather(self._ring(queues), self._publish(events))

    async def _refuse_backlog(self, db: Connection, queue: Queue) -> None:
        read_at, waiting = self._backlogs.get(queue, (float("-inf"), 0))
        if time.monotonic() - read_at > BACKLOG_READ_SECONDS:
            waiting = await get_backlog(db, queue)
            self._backlogs[queue] = (time.monotonic(), waiting)
        if waiting >= self._settings.backlog_limit:
            raise Unavailable("Too much work is waiting already; try again shortly.", BACKLOG_WAIT)
