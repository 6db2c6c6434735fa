"""A queue that is served: what is due runs, as much at once as there are slots."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec
import pytest

from core.contracts.ids import UserId
from core.contracts.speech import Say
from core.db.pool import make_pool
from tests.until import until
from tests.wire import wired
from tests.workers.conftest import submit
from tests.workers.scripted import Script
from workers.parts import Parts
from workers.run import Run
from workers.serve_queue import QueueServer


def say(number: int) -> Say:
    return Say(number, f"line {number}", "ふるいけ や")


@contextlib.asynccontextmanager
async def serving(parts: Parts, runs: set[Run]) -> AsyncIterator[QueueServer]:
    server = QueueServer("speech", "test", parts, runs)
    task = asyncio.create_task(server.serve())
    try:
        yield server
    finally:
        server.stop()
        await task


async def ended(parts: Parts, jobs: int) -> None:
    async def are_over() -> bool:
        over = await parts.pool.fetchval("SELECT count(*) FROM street.jobs WHERE finished_at IS NOT NULL")
        return bool(over >= jobs)

    await until(are_over)


async def test_a_job_nobody_rang_for_is_found(parts: Parts) -> None:
    async with serving(parts, set()):
        await submit(parts, say(1))
        await ended(parts, 1)

    assert await parts.pool.fetchval("SELECT status FROM street.jobs") == "succeeded"


@pytest.mark.parametrize("slots", [1, 3])
async def test_as_many_run_at_once_as_there_are_slots(parts: Parts, script: Script, slots: int) -> None:
    narrow = msgspec.structs.replace(parts, settings=msgspec.structs.replace(parts.settings, slots_per_queue=slots))
    for owner in "abc":
        await submit(parts, *(say(number) for number in range(4)), owner=UserId(owner))
    script.hold()
    async with serving(narrow, set()):
        await script.called(slots)
        script.release()
        await ended(parts, 12)

    assert script.calls == 12
    assert script.most_at_once == slots


async def test_a_job_that_ends_makes_room_for_the_next_at_once(parts: Parts, script: Script) -> None:
    patient = msgspec.structs.replace(parts, settings=msgspec.structs.replace(parts.settings, idle_look_seconds=60.0))
    await submit(parts, *(say(number) for number in range(8)))
    async with serving(patient, set()):
        await ended(parts, 8)

    assert script.calls == 8


async def test_what_runs_is_known_to_whoever_renews_leases(parts: Parts, script: Script) -> None:
    runs: set[Run] = set()
    script.hold()
    async with serving(parts, runs):
        await submit(parts, say(1), say(2))
        await script.called(2)
        known = len(runs)
        script.release()

    assert known == 2
    assert runs == set()


async def test_a_stopped_server_lets_what_runs_end_and_takes_nothing_more(parts: Parts, script: Script) -> None:
    script.hold()
    async with serving(parts, set()) as server:
        await submit(parts, say(1))
        await script.called()
        server.stop()
        await submit(parts, say(2))
        script.release()

    rows = await parts.pool.fetch("SELECT status FROM street.jobs ORDER BY id")
    assert [row["status"] for row in rows] == ["succeeded", "queued"]


async def test_a_kind_this_version_does_not_know_waits_for_one_that_does(parts: Parts) -> None:
    request = await submit(parts, say(1))
    await parts.pool.execute("UPDATE street.jobs SET kind = 'speech.sing' WHERE request_id = $1", request)
    async with serving(parts, set()):
        await submit(parts, say(2))
        await ended(parts, 1)

    assert await parts.pool.fetchval("SELECT status FROM street.jobs WHERE kind = 'speech.sing'") == "queued"


async def test_a_look_that_failed_is_taken_again_as_soon_as_any_other(parts: Parts) -> None:
    """Twenty connections are killed, one after the other."""
    async with wired(parts.settings.database_url) as (wire, url), make_pool(url) as distant:
        eager = msgspec.structs.replace(parts.settings, idle_look_seconds=0.05)
        async with serving(msgspec.structs.replace(parts, pool=distant, settings=eager), set()), asyncio.timeout(12):
            for _ in range(20):
                await wire.die_after(b"claim_jobs")
            await submit(parts, say(1))
            await ended(parts, 1)


async def test_a_database_that_was_away_is_served_again(parts: Parts) -> None:
    async with wired(parts.settings.database_url) as (wire, url), make_pool(url) as distant:
        wire.cut()
        async with serving(msgspec.structs.replace(parts, pool=distant), set()):
            await submit(parts, say(1))
            await asyncio.wait([asyncio.ensure_future(ended(parts, 1))], timeout=0.2)
            waiting = await parts.pool.fetchval("SELECT status FROM street.jobs")
            wire.mend()
            await ended(parts, 1)

    assert waiting == "queued"
