"""Accept a request: ask whether it may be, write it in one transaction, then tell everyone and ring the bell."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from api.forecast import Forecaster, within
from core.contracts.events import Event
from core.contracts.ids import UserId
from core.contracts.job import Queue
from core.contracts.request import Request, Submission
from core.db.admission import find_seconds_per_end, get_longest_wait, get_standing, wait_to_ask
from core.db.backlog import get_backlog
from core.db.erased_spend import reclaim_spend
from core.db.pool import Connection, Pool, connected
from core.db.requests import get_request
from core.db.submit import find_same_key, submit_request
from core.errors import TooMany, Unavailable
from core.limits import Limits
from core.settings import Settings
from telemetry.messaging import BATCH, CONVERSATION, messaging
from telemetry.metrics import requests_over
from telemetry.trace import current_traceparent, note_on_span, span

Ring = Callable[[Iterable[Queue]], Awaitable[bool]]
Publish = Callable[[Iterable[Event]], Awaitable[bool]]

CROWD_READ_SECONDS = 1.0
TURN_SECONDS = 4.0
LEAST_WAIT_SECONDS, MOST_WAIT_SECONDS = 1, 60


class Accepted(Struct, frozen=True):
    """A request that is in the rows. `event` is its first; none means its Idempotency-Key had been used before."""

    request: Request
    event: Event | None

    @property
    def is_new(self) -> bool:
        return self.event is not None


class Crowd(Struct, frozen=True):
    """How full a queue was when somebody looked: waiting jobs, and how long somebody has waited for a turn."""

    jobs: int
    longest_seconds: float
    read_at: float


class Desk:
    """Where requests are handed in. One for the process: it remembers for a second how full the queues are."""

    def __init__(
        self, pool: Pool, settings: Settings, forecaster: Forecaster, limits: Limits, ring: Ring, publish: Publish
    ) -> None:
        self.forecaster = forecaster
        self._pool = pool
        self._settings = settings
        self._limits = limits
        self._ring = ring
        self._publish = publish
        self._crowds: dict[Queue, Crowd] = {}
        self._turns: WeakValueDictionary[UserId, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def transaction(self, owner: UserId) -> AsyncIterator[Connection]:
        """Lend a connection inside a transaction. Raises Unavailable when Postgres is away, also at the commit.

        A learner's asks take turns in SQL. Those of this process do so before they hold a connection each, or one
        impatient learner would have them all.
        """
        async with self._turn(owner), connected(self._pool) as db, db.transaction():
            yield db

    @asynccontextmanager
    async def _turn(self, owner: UserId) -> AsyncIterator[None]:
        """Raises Unavailable: while Postgres says nothing, each of a long line would wait for all before it."""
        turn = self._turns.setdefault(owner, asyncio.Lock())
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await turn.acquire()
        except TimeoutError as error:
            raise Unavailable("What you asked before this is not written down yet; try again shortly.") from error
        try:
            yield
        finally:
            turn.release()

    async def find_earlier(self, db: Connection, owner: UserId, key: str | None, request_hash: str | None) -> Accepted | None:
        """What this Idempotency-Key was used for before. Raises KeyReused when that was something else."""
        if key is None or request_hash is None:
            return None
        earlier = await find_same_key(db, owner, key, request_hash)
        return Accepted(await get_request(db, earlier, owner), None) if earlier else None

    async def submit(self, db: Connection, submission: Submission) -> Accepted:
        """Write the request with its first jobs. What was asked for before is found whatever the limits say, for it asks for
        nothing new. Raises KeyReused, and as `admit` does."""
        await wait_to_ask(db, submission.owner)
        earlier = await self.find_earlier(db, submission.owner, submission.key, submission.hash)
        if earlier is not None:
            return earlier
        queues = list(dict.fromkeys(ask.queue for ask in submission.asks))
        await self.admit(db, submission.owner, queues, len(submission.asks))
        with span(f"send {queues[0]}", "producer", attributes=messaging("send", queues[0])):
            traced = msgspec.structs.replace(submission, traceparent=current_traceparent())
            request_id, event = await submit_request(db, traced, self._settings.deadline, self._settings.max_attempts)
            note_on_span({CONVERSATION: str(request_id), BATCH: len(submission.asks)})
        return Accepted(await get_request(db, request_id, submission.owner), event)

    async def admit(self, db: Connection, owner: UserId, queues: Collection[Queue], jobs: int) -> None:
        """May this learner, who must have waited to ask, have so many more jobs in these queues?

        The jobs that follow by themselves are never refused. Raises TooMany and Unavailable, which say when to come back.
        """
        await self._limits.take(self._settings.submits, owner)
        await self._refuse_greed(db, owner, jobs)
        for queue in queues:
            await self._refuse_crowd(db, queue)

    async def announce(self, accepted: Accepted) -> None:
        """After the commit. A Redis that is away costs the learner time, not the request."""
        if accepted.event is not None:
            await self.tell([accepted.event], [job.queue for job in accepted.request.jobs])

    async def tell(self, events: Iterable[Event], queues: Iterable[Queue] = ()) -> None:
        events = tuple(events)
        requests_over(events)
        await asyncio.gather(self._ring(queues), self._publish(events))

    async def _refuse_greed(self, db: Connection, owner: UserId, jobs: int) -> None:
        a_day = self._settings.budget.a_day
        if a_day:
            await reclaim_spend(db, owner)
        standing = await get_standing(db, owner)
        if a_day and standing.spent_microusd >= a_day:
            raise TooMany("Your budget for today is used up. It renews at midnight UTC.", standing.day_left)
        too_many = standing.open_jobs + jobs - self._settings.open_per_owner
        if too_many > 0:
            each = await find_seconds_per_end(db, owner)
            wait = MOST_WAIT_SECONDS if each is None else too_many * each
            message = f"You have {standing.open_jobs} open jobs; let some of them end first."
            raise TooMany(message, within(wait, LEAST_WAIT_SECONDS, MOST_WAIT_SECONDS))

    async def _refuse_crowd(self, db: Connection, queue: Queue) -> None:
        crowd, settings = await self._crowd(db, queue), self._settings
        too_many = crowd.jobs + 1 - settings.backlog_limit
        if crowd.longest_seconds > settings.oldest_limit_seconds:
            # Once everybody who waits now was served, nobody has waited for longer than that takes.
            too_many = crowd.jobs
        if too_many > 0:
            pace = await self.forecaster.pace(db)
            wait = pace.seconds_to_end(queue, too_many) or MOST_WAIT_SECONDS
            message = "Too much work is waiting already; try again shortly."
            raise Unavailable(message, within(wait, LEAST_WAIT_SECONDS, MOST_WAIT_SECONDS))

    async def _crowd(self, db: Connection, queue: Queue) -> Crowd:
        crowd = self._crowds.get(queue)
        if crowd is None or time.monotonic() - crowd.read_at > CROWD_READ_SECONDS:
            waited = await get_longest_wait(db, queue)
            crowd = Crowd(await get_backlog(db, queue), waited.total_seconds(), time.monotonic())
            self._crowds[queue] = crowd
        return crowd
