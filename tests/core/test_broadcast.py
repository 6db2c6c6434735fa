"""Live words over Redis: heard by who follows, never in anybody's way, and a loss is always told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from core.broadcast import CHANNEL, INBOX_SIZE, PUBLISH_SECONDS, Broadcast, Inbox, publish
from core.contracts.events import Event
from core.contracts.ids import JobId, RequestId, new_id
from core.queue import Bell, connect_bell
from tests.wire import wired

NOBODY = "redis://127.0.0.1:1/0"


def event_of(request: RequestId, seq: int | None = 1) -> Event:
    return Event(request, "job.started", datetime(2026, 1, 1, tzinfo=UTC), {"kind": "俳句"}, seq, JobId(new_id()))


@pytest.fixture
def request_id() -> RequestId:
    return RequestId(new_id())


@asynccontextmanager
async def listening(bell: Bell, quiet: timedelta = timedelta(seconds=5)) -> AsyncIterator[Broadcast]:
    broadcast = Broadcast(bell, quiet)
    # Whoever follows from the start is told when words can be heard.
    with broadcast.follow(RequestId(new_id())) as first:
        task = asyncio.create_task(broadcast.run())
        assert await heard(first) is None
        try:
            yield broadcast
        finally:
            task.cancel()
            await asyncio.wait({task})
    assert task.cancelled()


async def heard(inbox: Inbox) -> Event | None:
    async with asyncio.timeout(10):
        return await inbox.get()


async def test_followers_hear_their_request_and_no_other(bell: Bell, request_id: RequestId) -> None:
    events = [event_of(request_id, 1), event_of(request_id, None), event_of(request_id, 2)]
    async with listening(bell) as broadcast:
        with broadcast.follow(request_id) as mine, broadcast.follow(request_id) as also_mine:
            published = await publish(bell, [event_of(RequestId(new_id())), *events])

            assert published
            assert [await heard(mine) for _ in events] == events
            assert [await heard(also_mine) for _ in events] == events


async def test_who_has_left_is_not_told(bell: Bell, request_id: RequestId) -> None:
    async with listening(bell) as broadcast:
        with broadcast.follow(request_id) as gone:
            pass
        with broadcast.follow(request_id) as here:
            await publish(bell, [event_of(request_id)])
            await heard(here)

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await gone.get()


async def test_a_full_inbox_says_so_instead_of_growing(request_id: RequestId) -> None:
    inbox = Inbox()
    for seq in range(1, 10 * INBOX_SIZE):
        inbox.put(event_of(request_id, seq))
    first = await heard(inbox)
    left = [await heard(inbox) for _ in range(INBOX_SIZE - 1)]
    inbox.put(event_of(request_id, 9999))
    newest = await heard(inbox)

    assert first is None, "read again what was lost"
    assert [event.seq for event in left if event] == list(range(2, INBOX_SIZE + 1))
    assert newest is not None
    assert newest.seq == 9999


async def test_a_loss_wakes_who_waits_and_is_remembered_by_who_reads(request_id: RequestId) -> None:
    waiting, reading = Inbox(), Inbox()
    reading.put(event_of(request_id))
    told = asyncio.create_task(heard(waiting))
    for inbox in (waiting, reading):
        inbox.miss()

    assert await told is None
    assert await heard(reading) is None


async def test_after_a_lost_connection_everyone_is_told_to_look_and_hears_again(bell: Bell, request_id: RequestId) -> None:
    async with listening(bell) as broadcast:
        with broadcast.follow(request_id) as one, broadcast.follow(RequestId(new_id())) as other:
            killed = await bell.client_kill_filter(_type="pubsub")
            told = [await heard(one), await heard(other)]
            # Once when it is lost, and once more when words can be heard again.
            back = await heard(one)
            await publish(bell, [event_of(request_id, 7)])
            after = await heard(one)

    assert killed == 1
    assert [*told, back] == [None, None, None]
    assert after is not None
    assert after.seq == 7


async def test_a_connection_that_only_looks_alive_is_given_up(valkey_url: str, bell: Bell, request_id: RequestId) -> None:
    quiet = timedelta(seconds=0.1)
    async with (
        wired(valkey_url) as (wire, url),
        connected_by(url) as behind,
        listening(behind, quiet) as broadcast,
    ):
        with broadcast.follow(request_id) as inbox:
            wire.silence()
            told = await heard(inbox)
            wire.drop()
            wire.mend()
            while await heard(inbox) is None:
                await publish(bell, [event_of(request_id)])

    assert told is None


async def test_a_quiet_connection_is_kept(valkey_url: str, bell: Bell, request_id: RequestId) -> None:
    async with listening(bell, quiet=timedelta(seconds=0.3)) as broadcast:
        with broadcast.follow(request_id) as inbox:
            subscribers = await names(bell)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await inbox.get()

            assert await names(bell) == subscribers


async def test_listening_stops_whenever_it_is_told_to(bell: Bell) -> None:
    """The moment in which redis-py sends a ping is one in which Python 3.11 may lose a cancellation."""
    for moment in range(60):
        broadcast = Broadcast(bell, quiet=timedelta(seconds=0))
        with broadcast.follow(RequestId(new_id())) as inbox:
            task = asyncio.create_task(broadcast.run())
            await heard(inbox)
            for _ in range(moment):
                await asyncio.sleep(0)
            task.cancel()
            done, _ = await asyncio.wait({task}, timeout=10)
            task.cancel()

        assert done, moment


async def names(bell: Bell) -> list[str]:
    return [client["id"] for client in await bell.client_list(_type="pubsub")]


async def test_words_nobody_can_read_disturb_nobody(bell: Bell, request_id: RequestId) -> None:
    async with listening(bell) as broadcast:
        with broadcast.follow(request_id) as inbox:
            for garbage in (b"", b"\xff\xfe", b"not an id", str(request_id).encode(), f"{request_id}{{}}".encode()):
                await bell.publish(CHANNEL, garbage)
            await publish(bell, [event_of(request_id, 3)])
            event = await heard(inbox)

    assert event is not None
    assert event.seq == 3


async def test_publishing_nothing_is_heard(bell: Bell) -> None:
    assert await publish(bell, [])


async def test_a_redis_that_is_away_costs_a_moment(request_id: RequestId) -> None:
    async with connected_by(NOBODY) as away:
        assert not await publish(away, [event_of(request_id)])


async def test_a_redis_that_says_nothing_costs_no_more_than_the_bound(valkey_url: str, request_id: RequestId) -> None:
    clock = asyncio.get_running_loop().time
    async with wired(valkey_url) as (wire, url), connected_by(url) as bell:
        before = await publish(bell, [event_of(request_id)])
        wire.silence()
        began = clock()
        silent = await asyncio.gather(*(publish(bell, [event_of(request_id)]) for _ in range(30)))
        took = clock() - began
        wire.drop()
        wire.mend()
        after = await publish(bell, [event_of(request_id)])

    assert (before, any(silent), after) == (True, False, True)
    assert took < 3 * PUBLISH_SECONDS


@asynccontextmanager
async def connected_by(url: str) -> AsyncIterator[Bell]:
    bell = connect_bell(url)
    try:
        yield bell
    finally:
        await bell.aclose(close_connection_pool=True)
