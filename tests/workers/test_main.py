"""A whole worker, from its first look to its last: it ends when it is told to, whatever else has ended before."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest

from core.contracts.ids import StorageKey
from core.contracts.job import Queue
from core.contracts.speech import Say
from core.db.litter import note_litter
from core.queue import Bell
from core.settings import PREFIX, Settings
from core.storage import Storage
from tests.until import until
from tests.wire import Wire, wired
from tests.workers.conftest import submit
from tests.workers.scripted import Script, scripted_tools
from workers.main import work
from workers.parts import Parts
from workers.tools import Tools

ASK = Say(1, "古池や", "ふるいけ や")


@asynccontextmanager
async def working(
    settings: Settings, script: Script, agent: str = "", queue: Queue = "speech"
) -> AsyncIterator[Callable[[], "asyncio.Future[None]"]]:
    """A worker with scripted tools; the block gets what tells it to stop and waits for its end."""

    @asynccontextmanager
    async def tools(_: Settings, __: Sequence[Queue], ___: Bell, ____: Storage) -> AsyncIterator[Mapping[Queue, Tools]]:
        yield scripted_tools(script)

    stopping = asyncio.Event()
    worker = asyncio.create_task(work(settings, (queue,), stopping, tools, agent))

    def stop() -> "asyncio.Future[None]":
        stopping.set()
        return worker

    try:
        yield stop
    finally:
        worker.cancel()
        await asyncio.wait({worker})


async def look(parts: Parts) -> tuple[str, int, int, int]:
    """Status, attempts charged, leases lost and claims of the one job there is."""
    row = await parts.pool.fetchrow("SELECT status, attempt, lost_leases, epoch FROM street.jobs")
    assert row is not None
    return tuple(row)


async def test_one_queues_workers_clear_the_files_of_all(parts: Parts, script: Script) -> None:
    """On AWS no other role may."""
    key = StorageKey("artifacts/audio/ab/abcd.mp3")
    settings = msgspec.structs.replace(parts.settings, sweep_seconds=0.01)
    await parts.storage.put(key, b"sound", "audio/mpeg")
    async with parts.pool.acquire() as db:
        await note_litter(db, key, timedelta(0))

    async def gone() -> bool:
        return not await parts.storage.exists(key)

    for queue in ("speech", "text"):
        async with working(settings, script, queue=queue) as stop:
            with pytest.raises(TimeoutError):
                await until(gone, within_seconds=0.3)
            await stop()
    async with working(settings, script, queue="image") as stop:
        await until(gone)
        await stop()


async def test_five_drains_in_a_row_cost_no_attempt(parts: Parts, script: Script) -> None:
    await submit(parts, ASK)
    script.hold()
    for drain in range(1, 6):
        async with working(parts.settings, script) as stop:
            await script.called(drain)
            await stop()
    drained = await look(parts)
    script.release()
    async with working(parts.settings, script) as stop:
        await script.called(6)
        await stop()

    assert drained == ("retrying", 0, 0, 5)
    assert await look(parts) == ("succeeded", 1, 0, 6)


async def test_a_worker_that_drains_takes_no_bell_from_those_who_stay(parts: Parts, script: Script) -> None:
    await submit(parts, ASK)
    script.hold()
    settings = msgspec.structs.replace(parts.settings, drain_seconds=60.0)

    async def nobody_listens() -> bool:
        return bool((await parts.bell.info("clients"))["blocked_clients"] == 0)

    async with working(settings, script) as stop:
        await script.called()
        stopped = stop()
        await until(nobody_listens)
        heard_last = stopped.done()
        script.release()
        await stopped

    assert not heard_last


async def test_sigterm_ends_a_worker_whose_jobs_outlast_the_drain(parts: Parts) -> None:
    """`DRAIN_SECONDS=90` shows it at the length of a Spot interruption."""
    await submit(parts, ASK)
    tuning = {"drain_seconds": os.environ.get("DRAIN_SECONDS", "0.1"), "heartbeat_seconds": "3"}
    given = {name: str(value) for name, value in msgspec.structs.asdict(parts.settings).items() if value != ""} | tuning
    environment = os.environ | {f"{PREFIX}{name.upper()}": value for name, value in given.items()}
    worker = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.workers.endless", env=environment)

    async def runs() -> bool:
        return (await look(parts))[0] == "running"

    try:
        await until(runs, within_seconds=30)
    finally:
        worker.send_signal(signal.SIGTERM)
        code = await worker.wait()

    assert code == 0
    assert await look(parts) == ("retrying", 0, 0, 1)


@pytest.mark.parametrize("away", [Wire.cut, Wire.silence])
@pytest.mark.parametrize("has_work", [True, False])
async def test_a_worker_that_is_told_to_stop_ends_also_while_postgres_and_redis_are_away(
    parts: Parts, script: Script, away: Callable[[Wire], None], has_work: bool
) -> None:
    script.hold()
    async with wired(parts.settings.database_url) as (rows, database_url), wired(parts.settings.redis_url) as (bell, redis_url):
        settings = msgspec.structs.replace(parts.settings, database_url=database_url, redis_url=redis_url, hand_back_seconds=0.1)
        async with working(settings, script) as stop:
            if has_work:
                await submit(parts, ASK)
                await script.called()
            away(rows)
            away(bell)
            async with asyncio.timeout(20):
                await stop()
