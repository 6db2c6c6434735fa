"""Tell everyone following a request what just happened, over one Redis channel. Lost words cost time, never the story:
whoever follows reads the events again from Postgres."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.cancel import stop_if_cancelled, within
from core.contracts.events import Event
from core.contracts.ids import RequestId

CHANNEL = "kotonoha:events"
"""One channel for all: registering a follower is then an entry in memory, with no subscribe to wait for or to lose."""

PUBLISH_SECONDS = 0.5
INBOX_SIZE = 256

QUIET = timedelta(seconds=5)
"""After this long without a word the subscriber asks whether Redis is there, and waits as long for the answer."""

_ID_LENGTH = 36


async def publish(redis: Redis, events: Iterable[Event]) -> bool:
    """Best effort, within PUBLISH_SECONDS. False when Redis did not hear; nothing is raised."""
    try:
        await within(PUBLISH_SECONDS, _publish(redis, events))
    except (RedisError, OSError, TimeoutError):
        return False
    return True


async def _publish(redis: Redis, events: Iterable[Event]) -> None:
    async with redis.pipeline(transaction=False) as pipe:
        for event in events:
            # The id stands in front so that a process nobody asks about this request need not read the rest.
            pipe.publish(CHANNEL, str(event.request_id).encode() + msgspec.json.encode(event))
        await pipe.execute()


class Inbox:
    """What one follower has not read yet: bounded, so a slow reader costs itself a look into Postgres and nobody memory."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[Event | None] = asyncio.Queue(INBOX_SIZE)
        self._missed = False

    def put(self, event: Event) -> None:
        try:
            self._events.put_nowait(event)
        except asyncio.QueueFull:
            self._missed = True

    def miss(self) -> None:
        """Say that something may have been lost, also to a reader that is waiting."""
        self._missed = True
        with contextlib.suppress(asyncio.QueueFull):
            self._events.put_nowait(None)

    async def get(self) -> Event | None:
        """The next event; None when some may be missing: read them from Postgres."""
        event = await self._events.get()
        if not self._missed:
            return event
        # What was lost came before or after this event: the rows have both, in order.
        self._missed = False
        return None


class Broadcast:
    """One Redis subscriber a process, fanned out in memory. `run` must be running for live words to arrive."""

    def __init__(self, redis: Redis, quiet: timedelta = QUIET) -> None:
        self._redis = redis
        self._quiet = quiet
        self._inboxes: dict[RequestId, set[Inbox]] = {}

    @contextlib.contextmanager
    def follow(self, request_id: RequestId) -> Iterator[Inbox]:
        inbox = Inbox()
        self._inboxes.setdefault(request_id, set()).add(inbox)
        try:
            yield inbox
        finally:
            self._inboxes[request_id].discard(inbox)
            if not self._inboxes[request_id]:
                del self._inboxes[request_id]

    async def run(self) -> None:
        """Listen until cancelled. A Redis that goes away is waited for; all are then told to look again."""
        while True:
            stop_if_cancelled()
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                await self._listen()
            self._all_missed()
            # A Redis that refuses at once would keep this process busy.
            await asyncio.sleep(0.2)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            async for message in _messages(subscription, self._quiet):
                if message["type"] == "subscribe":
                    # Also after redis-py reconnected by itself, which it tells nobody.
                    self._all_missed()
                elif message["type"] == "message":
                    self._fan_out(message["data"])

    def _fan_out(self, message: bytes) -> None:
        # What cannot be read costs nothing: whatever counts is in Postgres.
        with contextlib.suppress(ValueError, msgspec.DecodeError):
            inboxes = self._inboxes.get(RequestId(UUID(message[:_ID_LENGTH].decode())))
            if inboxes:
                event = msgspec.json.decode(message[_ID_LENGTH:], type=Event)
                for inbox in inboxes:
                    inbox.put(event)

    def _all_missed(self) -> None:
        for inboxes in self._inboxes.values():
            for inbox in inboxes:
                inbox.miss()


async def _messages(subscription: Any, quiet: timedelta) -> AsyncIterator[dict[str, Any]]:
    """Messages as they come. Raises TimeoutError when a ping is not answered: the connection only looks alive."""
    pinged = False
    while True:
        stop_if_cancelled()
        message = await subscription.get_message(timeout=quiet.total_seconds())
        if message is not None:
            pinged = False
            yield message
        elif pinged:
            raise TimeoutError
        else:
            await subscription.ping()
            pinged = True
