"""Follow a request: every event once and in order. Postgres tells the story, Redis only hurries it along."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

from core.broadcast import Broadcast, Inbox
from core.contracts.events import Event
from core.contracts.ids import JobId, RequestId, UserId
from core.contracts.request import RequestStatus
from core.db.events import find_stream, list_events
from core.db.pool import Pool, connected
from core.errors import Flaw, Gone, Invalid, NotFound, Unavailable

MAX_SEQ = 2**31 - 1
"""What a seq is in the rows: a signed integer of four bytes."""

SILENCE = timedelta(seconds=5)
"""Longest trust in Redis: after this long without a step, Postgres is asked."""

LOOK_SECONDS = 5.0

AWAY = timedelta(seconds=1)
"""Between looks at a Postgres that is away."""

LOOKS_AT_ONCE = 4
"""However many follow, they never hold all connections of this process."""

PAGE = 200

_OVER = frozenset({"succeeded", "failed", "canceled"})
_JOB_ENDS = frozenset({"job.succeeded", "job.failed", "job.canceled"})


class Place:
    """How far one follower has come: the last seq told, and the jobs whose end was told."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self._ended: set[JobId] = set()

    def is_next(self, event: Event) -> bool:
        """Passing words have no place of their own, but none comes after the end of its job."""
        return event.job_id not in self._ended if event.seq is None else event.seq == self.seq + 1

    def leaves_hole(self, event: Event) -> bool:
        return event.seq is not None and event.seq > self.seq + 1

    def move(self, event: Event) -> None:
        self.seq = event.seq or self.seq
        if event.job_id is None:
            return
        if event.type in _JOB_ENDS:
            self._ended.add(event.job_id)
        elif event.type == "job.started":
            self._ended.discard(event.job_id)


class Story:
    """Where every stream gets its events from. One for the process: it limits how many look into Postgres at once."""

    def __init__(self, pool: Pool, broadcast: Broadcast, silence: timedelta = SILENCE) -> None:
        self._pool = pool
        self._broadcast = broadcast
        self._silence = silence
        self._looking = asyncio.Semaphore(LOOKS_AT_ONCE)

    async def has_more(self, request_id: RequestId, owner: UserId, after: int) -> bool:
        """Whether anything may still come after this seq. Raises as `_look` does."""
        events, is_told = await self._look(request_id, owner, after)
        return bool(events) or not is_told

    async def follow(self, request_id: RequestId, owner: UserId, after: int) -> AsyncGenerator[Event | None, None]:
        """Every event after `after`, until the request is over and all of it was told; None means still here, nothing new.

        A Postgres or a Redis that goes away is waited for. Raises NotFound, Gone and Invalid as `_look` does.
        """
        place = Place(after)
        # Registered before the first look, or what happens in between is lost.
        with self._broadcast.follow(request_id) as inbox:
            while True:
                try:
                    events, is_told = await self._look(request_id, owner, place.seq)
                except Unavailable:
                    yield None
                    await asyncio.sleep(min(AWAY, self._silence).total_seconds())
                    continue
                for event in events:
                    place.move(event)
                    yield event
                if is_told:
                    return
                if not events:
                    async for heard in _hear(inbox, place, self._silence):
                        yield heard

    async def _look(self, request_id: RequestId, owner: UserId, last: int) -> tuple[list[Event], bool]:
        """The next events after `last`, and whether the story ends with them.

        Raises NotFound for a request that is missing or somebody else's, Gone when some of them were pruned, Invalid when
        `last` has not happened, Unavailable.
        """
        last_seq, status, events = await self._read(request_id, owner, last)
        if last > last_seq:
            raise Invalid(f"The last event so far is {last_seq}.", [Flaw("/after", f"More than {last_seq}.")])
        # Also when only the oldest were pruned: a story with a gap is not told.
        if last < last_seq and (not events or events[0].seq != last + 1):
            raise Gone("These events are no longer kept; read the request instead.")
        read = events[-1].seq if events else last
        return events, status in _OVER and read == last_seq

    async def _read(self, request_id: RequestId, owner: UserId, last: int) -> tuple[int, RequestStatus, list[Event]]:
        """How far the rows are, how the request is, and a page of what came after `last`."""
        try:
            async with asyncio.timeout(LOOK_SECONDS), self._looking, connected(self._pool) as db:
                stream = await find_stream(db, request_id, owner)
                if stream is None:
                    raise NotFound("There is no such request.")
                last_seq, status, _ = stream
                return last_seq, status, await list_events(db, request_id, last, PAGE) if last < last_seq else []
        except TimeoutError as error:
            raise Unavailable from error


async def _hear(inbox: Inbox, place: Place, silence: timedelta) -> AsyncGenerator[Event | None, None]:
    """Live words, until only Postgres can tell what is next: after a hole, a loss, an end, or silence (then None)."""
    clock = asyncio.get_running_loop().time
    silent_at = clock() + silence.total_seconds()
    while True:
        try:
            async with asyncio.timeout_at(silent_at):
                event = await inbox.get()
        except TimeoutError:
            yield None
            return
        if event is None or place.leaves_hole(event):
            return
        if place.is_next(event):
            place.move(event)
            yield event
            # Only the rows know whether somebody has retried it since.
            if event.ends:
                return
            if event.seq is not None:
                silent_at = clock() + silence.total_seconds()
