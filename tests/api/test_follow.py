"""The one event source: every seq once and in order, whatever Redis and Postgres do meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from api.follow import Story
from core.broadcast import Broadcast, publish
from core.contracts.events import Event
from core.contracts.ids import JobId, RequestId, UserId
from core.db.pool import Pool, make_pool
from core.db.retry import retry_request
from core.db.stop import cancel_request
from core.errors import Gone, Invalid, NotFound
from core.queue import Bell, connect_bell
from tests.api.relay import relayed
from tests.api.work import MEI, claim, end_well, fail, stumble, submit
from tests.core.db.rows import waiting_for_a_lock

NEVER = timedelta(hours=1)
SOON = timedelta(milliseconds=30)


@contextlib.asynccontextmanager
async def listening(bell: Bell) -> AsyncIterator[Broadcast]:
    """A broadcast that hears Redis."""
    broadcast = Broadcast(bell)
    task = asyncio.create_task(broadcast.run())
    while (await bell.pubsub_numsub("kotonoha:events"))[0][1] == 0:  # noqa: ASYNC110  only Redis knows
        await asyncio.sleep(0.005)
    yield broadcast
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Reader:
    """Follows in the background and keeps what it hears."""

    def __init__(self, story: Story, request_id: RequestId, after: int = 0) -> None:
        self.heard: list[Event] = []
        self._more = asyncio.Condition()
        self.task = asyncio.create_task(self._read(story, request_id, after))

    async def _read(self, story: Story, request_id: RequestId, after: int) -> None:
        async for event in story.follow(request_id, MEI, after):
            if event is not None:
                async with self._more:
                    self.heard.append(event)
                    self._more.notify_all()

    @property
    def seqs(self) -> list[int | None]:
        return [event.seq for event in self.heard]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10), self._more:
            await self._more.wait_for(lambda: len(self.heard) >= count)

    async def to_the_end(self) -> None:
        async with asyncio.timeout(10):
            await self.task


def delta(request_id: RequestId, job_id: JobId | None, text: str) -> Event:
    return Event(request_id, "job.delta", datetime.now(UTC), {"text": text}, None, job_id)


async def test_what_was_published_is_heard_at_once(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    async with listening(bell) as broadcast:
        reader = Reader(Story(pool, broadcast, NEVER), request_id)
        await reader.until(1)
        for _ in range(3):
            await publish(bell, await stumble(pool))
        await publish(bell, await end_well(pool))
        await reader.to_the_end()

    assert reader.seqs == list(range(1, 11))
    assert reader.heard[-1].type == "request.succeeded"


async def test_what_is_said_while_the_rows_are_read_is_heard(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    async with listening(bell) as broadcast, pool.acquire() as holder:
        with broadcast.follow(request_id) as witness:
            await publish(bell, [delta(request_id, None, "ready?")])
            while await witness.get() is None:
                await publish(bell, [delta(request_id, None, "ready?")])
            async with holder.transaction():
                await holder.execute("LOCK TABLE street.events IN ACCESS EXCLUSIVE MODE")
                reader = Reader(Story(pool, broadcast, NEVER), request_id)
                await waiting_for_a_lock(pool)
                await publish(bell, [delta(request_id, None, "An old pond")])
                while (event := await witness.get()) is None or event.data["text"] != "An old pond":
                    pass
        await reader.until(2)
        await publish(bell, await end_well(pool))
        await reader.to_the_end()

    assert "An old pond" in [event.data.get("text") for event in reader.heard]


async def test_what_nobody_published_is_found_after_a_silence(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    async with listening(bell) as broadcast:
        reader = Reader(Story(pool, broadcast, SOON), request_id)
        await reader.until(1)
        await stumble(pool, 2)
        await reader.until(5)
        await end_well(pool)
        await reader.to_the_end()

    assert reader.seqs == list(range(1, 9))


async def test_a_hole_is_filled_from_the_rows(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    async with listening(bell) as broadcast:
        reader = Reader(Story(pool, broadcast, NEVER), request_id)
        await reader.until(1)
        told = await stumble(pool, 3)
        await publish(bell, told[4:5])
        await reader.until(7)
        reader.task.cancel()

    assert reader.seqs == list(range(1, 8))


async def test_events_published_twice_and_out_of_order_are_heard_once_and_in_order(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    async with listening(bell) as broadcast:
        reader = Reader(Story(pool, broadcast, NEVER), request_id)
        await reader.until(1)
        told = await stumble(pool, 3)
        await publish(bell, [*told[::-1], *told, *told[::-1]])
        await publish(bell, await end_well(pool))
        await reader.to_the_end()

    assert reader.seqs == list(range(1, 11))


async def test_a_reader_slower_than_its_inbox_misses_nothing(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    async with listening(bell) as broadcast:
        story = Story(pool, broadcast, SOON)
        events = story.follow(request_id, MEI, 0)
        first = await anext(events)
        told = await stumble(pool, 200)
        await publish(bell, told)
        await publish(bell, await end_well(pool))
        heard = [event.seq async for event in events if event is not None]

    assert first is not None
    assert [first.seq, *heard] == list(range(1, 405))


async def test_a_reader_that_comes_back_hears_what_it_has_not_heard(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    await stumble(pool, 150)
    await end_well(pool)
    reader = Reader(Story(pool, Broadcast(bell), NEVER), request_id, after=7)
    await reader.to_the_end()

    assert reader.seqs == list(range(8, 305))


async def test_passing_words_are_heard_live_and_never_after_the_end_of_their_job(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    async with listening(bell) as broadcast:
        reader = Reader(Story(pool, broadcast, NEVER), request_id)
        await reader.until(1)
        told = await stumble(pool)
        job = told[0].job_id
        await publish(bell, [*told, delta(request_id, job, "An old pond")])
        await reader.until(4)
        ending = await end_well(pool)
        await publish(bell, [*ending[:2], delta(request_id, job, "too late"), ending[2]])
        await reader.to_the_end()

    words = [event.data["text"] for event in reader.heard if event.type == "job.delta"]
    assert words == ["An old pond"]
    assert [seq for seq in reader.seqs if seq] == list(range(1, 7))


async def test_words_of_one_request_are_not_heard_by_who_follows_another(pool: Pool, bell: Bell) -> None:
    mine, other = await submit(pool), await submit(pool)
    async with listening(bell) as broadcast:
        reader = Reader(Story(pool, broadcast, NEVER), mine)
        await reader.until(1)
        await publish(bell, [delta(other, None, "not for you"), delta(mine, None, "for you")])
        await reader.until(2)
        reader.task.cancel()

    assert reader.heard[1].data == {"text": "for you"}


async def test_a_redis_that_goes_away_and_comes_back_costs_no_event(pool: Pool, valkey_url: str) -> None:
    request_id = await submit(pool)
    async with relayed(valkey_url) as (relay, url):
        bell = connect_bell(url)
        async with listening(bell) as broadcast:
            reader = Reader(Story(pool, broadcast, SOON), request_id)
            await reader.until(1)
            await relay.shut()
            heard = await publish(bell, await stumble(pool, 2))
            await reader.until(5)
            await relay.open()
            await publish(bell, await end_well(pool))
            await reader.to_the_end()
        await bell.aclose(close_connection_pool=True)

    assert not heard
    assert reader.seqs == list(range(1, 9))


async def test_a_reconnected_redis_makes_everyone_look_again(pool: Pool, valkey_url: str) -> None:
    request_id = await submit(pool)
    async with relayed(valkey_url) as (relay, url):
        bell = connect_bell(url)
        async with listening(bell) as broadcast:
            reader = Reader(Story(pool, broadcast, NEVER), request_id)
            await reader.until(1)
            await stumble(pool, 2)
            await relay.shut()
            await relay.open()
            await reader.until(5)
            reader.task.cancel()
        await bell.aclose(close_connection_pool=True)

    assert reader.seqs == list(range(1, 6))


async def test_a_postgres_that_goes_away_is_waited_for_and_costs_no_event(pool: Pool, bell: Bell, database: str) -> None:
    request_id = await submit(pool)
    async with relayed(database) as (relay, url), make_pool(url) as far, listening(bell) as broadcast:
        story = Story(far, broadcast, SOON)
        events = story.follow(request_id, MEI, 0)
        heard = [await anext(events)]
        await relay.shut()
        # Live words still arrive while nothing can be looked up, until one leaves a hole.
        waiting = [await anext(events) for _ in range(3)]
        await stumble(pool, 2)
        await end_well(pool)
        still_waiting = await anext(events)
        await relay.open()
        async with asyncio.timeout(10):
            heard += [event async for event in events if event is not None]

    assert waiting == [None, None, None]
    assert still_waiting is None
    assert [event.seq for event in heard if event] == list(range(1, 9))


async def test_a_retried_request_goes_on(pool: Pool, bell: Bell) -> None:
    """Its rows tell of an end that is none any more."""
    request_id = await submit(pool)
    (job,) = await claim(pool)
    await fail(pool, job)
    async with pool.acquire() as db, db.transaction():
        await retry_request(db, request_id, MEI, timedelta(minutes=5))
    async with listening(bell) as broadcast:
        reader = Reader(Story(pool, broadcast, NEVER), request_id)
        await reader.until(5)
        await publish(bell, await end_well(pool))
        await reader.to_the_end()

    assert [event.type for event in reader.heard] == [
        "request.accepted",
        "job.started",
        "job.failed",
        "request.failed",
        "request.retried",
        "job.started",
        "job.succeeded",
        "request.succeeded",
    ]


async def test_a_canceled_request_ends_its_story(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)
    async with pool.acquire() as db, db.transaction():
        await cancel_request(db, request_id, MEI)
    reader = Reader(Story(pool, Broadcast(bell), NEVER), request_id)
    await reader.to_the_end()

    assert [event.type for event in reader.heard] == ["request.accepted", "job.canceled", "request.canceled"]


async def test_there_is_nothing_more_only_after_the_last_event_of_what_is_over(pool: Pool, bell: Bell) -> None:
    story = Story(pool, Broadcast(bell), NEVER)
    request_id = await submit(pool)
    while_open = await story.has_more(request_id, MEI, 1)
    await end_well(pool)

    assert while_open
    assert await story.has_more(request_id, MEI, 3)
    assert not await story.has_more(request_id, MEI, 4)


async def test_a_stream_of_another_learner_is_not_found(pool: Pool, bell: Bell) -> None:
    story = Story(pool, Broadcast(bell), NEVER)
    request_id = await submit(pool)

    with pytest.raises(NotFound):
        await story.has_more(request_id, UserId("ken"), 0)
    with pytest.raises(NotFound):
        await anext(story.follow(request_id, UserId("ken"), 0))


async def test_pruned_events_are_gone_also_when_a_retry_added_new_ones(pool: Pool, bell: Bell) -> None:
    story = Story(pool, Broadcast(bell), NEVER)
    request_id = await submit(pool)
    await stumble(pool, 2)
    await pool.execute("DELETE FROM street.events WHERE seq < 4")

    with pytest.raises(Gone):
        await story.has_more(request_id, MEI, 2)
    assert await story.has_more(request_id, MEI, 3)
    await pool.execute("DELETE FROM street.events")
    with pytest.raises(Gone):
        await story.has_more(request_id, MEI, 4)


async def test_a_seq_that_has_not_happened_is_invalid(pool: Pool, bell: Bell) -> None:
    request_id = await submit(pool)

    with pytest.raises(Invalid):
        await Story(pool, Broadcast(bell), NEVER).has_more(request_id, MEI, 2)


async def test_a_reader_that_leaves_is_forgotten(pool: Pool, bell: Bell) -> None:
    broadcast = Broadcast(bell)
    events = Story(pool, broadcast, SOON).follow(await submit(pool), MEI, 0)
    await anext(events)
    followed = len(broadcast._inboxes)
    await events.aclose()

    assert followed == 1
    assert broadcast._inboxes == {}
