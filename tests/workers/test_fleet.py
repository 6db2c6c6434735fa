"""Many workers at once: every slot is used, and one learner's flood is another's short wait."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec
import pytest

from core.contracts.ids import UserId
from core.contracts.speech import Say
from core.db.pool import make_pool
from tests.until import until
from tests.workers.conftest import submit
from tests.workers.scripted import Script
from workers.parts import Parts
from workers.serve_queue import QueueServer

WORKERS, SLOTS = 16, 10


@contextlib.asynccontextmanager
async def fleet(parts: Parts, workers: int, slots: int) -> AsyncIterator[None]:
    settings = msgspec.structs.replace(parts.settings, slots_per_queue=slots)
    # A pool of its own: sixteen processes would have sixteen.
    async with make_pool(parts.settings.database_url, size=workers) as pool:
        each = msgspec.structs.replace(parts, settings=settings, pool=pool)
        servers = [QueueServer("speech", f"worker {number}", each, set()) for number in range(workers)]
        serving = [asyncio.create_task(server.serve()) for server in servers]
        try:
            yield
        finally:
            for server in servers:
                server.stop()
            await asyncio.gather(*serving)


def say(number: int) -> Say:
    return Say(number, f"line {number}", "ふるいけ や")


async def test_every_slot_of_a_fleet_is_used(parts: Parts, script: Script) -> None:
    for owner in range(WORKERS * SLOTS // 4):
        await submit(parts, *(say(number) for number in range(4)), owner=UserId(f"learner {owner}"))
    script.hold()
    async with fleet(parts, WORKERS, SLOTS):
        async with asyncio.timeout(30):
            await script.called(WORKERS * SLOTS)
        script.release()

    assert script.most_at_once == WORKERS * SLOTS


@pytest.mark.parametrize("flood", [1000])
async def test_whoever_asks_for_one_thing_is_next_however_much_somebody_else_asks_for(
    parts: Parts, script: Script, flood: int
) -> None:
    for first in range(0, flood, 50):
        await submit(parts, *(say(first + number) for number in range(50)), owner=UserId("greedy"))
    script.hold()
    async with fleet(parts, workers=1, slots=8):
        await script.called(parts.settings.running_per_owner)
        modest = await submit(parts, say(1), owner=UserId("modest"))

        async def runs() -> bool:
            status = await parts.pool.fetchval("SELECT status FROM street.jobs WHERE request_id = $1", modest)
            return bool(status == "running")

        await until(runs)
        greedy = await parts.pool.fetchval("SELECT count(*) FROM street.jobs WHERE owner = 'greedy' AND status = 'running'")
        await parts.pool.execute("UPDATE street.requests SET cancel_requested_at = clock_timestamp() WHERE owner = 'greedy'")
        script.release()

    assert greedy == parts.settings.running_per_owner
