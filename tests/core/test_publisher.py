"""One process of all tells the numbers, and tells the truth."""

import asyncio
from typing import Any

import msgspec
import pytest

from core.contracts.ids import UserId
from core.db.pool import Pool, make_pool
from core.db.workers import delete_worker, mark_worker_seen
from core.errors import Unavailable
from core.publisher import Publisher, keep_publishing
from core.settings import Settings, read_settings
from tests.core.db.rows import claim, submit


@pytest.fixture
def settings() -> Settings:
    required = ("DATABASE_URL", "REDIS_URL", "MEDIA_DIR", "LINK_SECRET", "PUBLIC_URL", "ISSUER", "JWKS_URL", "CLIENT_IDS")
    return read_settings({f"KOTONOHA_{name}": "of this test" for name in required})


@pytest.fixture
def often(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, publish_seconds=0)


async def test_only_one_of_many_has_something_to_tell(pool: Pool, settings: Settings) -> None:
    publishers = [Publisher(settings) for _ in range(4)]
    told = await asyncio.gather(*(publisher.look(pool, 0) for publisher in publishers))

    assert sorted(len(numbers) for numbers in told) == [0, 0, 0, 3]
    assert await publishers[0].look(pool, 1) == []


async def test_an_empty_street_is_told_as_zeros(pool: Pool, often: Settings) -> None:
    told = await Publisher(often).look(pool, 0)

    assert {(each.backlog.waiting, each.backlog.running, each.backlog.oldest_seconds) for each in told} == {(0, 0, 0)}
    assert {each.desired for each in told} == {1}


async def test_workers_are_those_that_said_so_lately(pool: Pool, often: Settings) -> None:
    async with pool.acquire() as db:
        await mark_worker_seen(db, "one", ["text", "image"])
        await mark_worker_seen(db, "two", ["text"])
        await mark_worker_seen(db, "left", ["text"])
        await delete_worker(db, "left")
        await mark_worker_seen(db, "silent", ["text", "image", "speech"])
        await db.execute("UPDATE street.workers SET seen_at = seen_at - interval '1 min' WHERE name = 'silent'")
    told = await Publisher(often).look(pool, 0)

    assert [(each.backlog.queue, each.workers) for each in told] == [("text", 2), ("image", 1), ("speech", 0)]
    assert await pool.fetchval("SELECT count(*) FROM street.workers") == 2


async def test_a_backlog_calls_for_workers_and_a_calm_sends_them_home(pool: Pool, often: Settings) -> None:
    publisher = Publisher(often)
    async with pool.acquire() as db:
        for number in range(10):
            await submit(db, UserId(f"learner {number}"))
        busy = await publisher.look(pool, 0)
        await claim(db, slots=9)
        await db.execute("TRUNCATE street.requests CASCADE")
        await db.execute("TRUNCATE street.shares")
    at_once, later = await publisher.look(pool, 1), await publisher.look(pool, 2 + often.calm_seconds)

    assert [numbers[0].desired for numbers in (busy, at_once, later)] == [4, 4, 1]


async def test_nothing_is_told_while_postgres_is_away(settings: Settings) -> None:
    async with make_pool("postgresql://nobody@127.0.0.1:1/nowhere") as pool:
        with pytest.raises(Unavailable):
            await Publisher(settings).look(pool, 0)


async def test_numbers_are_shown_by_their_queue(pool: Pool, often: Settings) -> None:
    shown: dict[str, Any] = {}
    all_shown = asyncio.Event()
    async with pool.acquire() as db:
        await submit(db)

    def show(queue: str, *values: Any) -> None:
        shown[queue] = values
        if len(shown) == 3:
            all_shown.set()

    publishing = asyncio.create_task(keep_publishing(pool, often, show))
    async with asyncio.timeout(10):
        await all_shown.wait()
    publishing.cancel()
    await asyncio.wait({publishing})

    depth, running, oldest_seconds, workers, desired = shown["text"]
    assert (depth, running, workers, desired) == (1, 0, 0, 1)
    assert oldest_seconds > 0
