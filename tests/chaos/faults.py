"""Everything that can go wrong, each as one thing that is done and undone."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import asyncpg

from core.db.pool import AWAY
from local.postgres import database_url
from tests.chaos.storm import Weather
from tests.chaos.world import APIS, LEASE_SECONDS, WORKERS, Broken, World
from tests.until import until
from tests.wire import Wire

Fault = Callable[[World, Broken], Coroutine[Any, Any, None]]

FAULT_EVERY_SECONDS = 0.9
SAID_WITHIN_SECONDS = 0.3


async def kill_worker(world: World, broken: Broken) -> None:
    name = _some_worker(world)
    await _end(world, name, signal.SIGKILL, lambda pid: _lost(world, broken, pid))


async def stop_worker(world: World, broken: Broken) -> None:
    name = _some_worker(world)
    # Before it is told: a moment later it holds nothing any more.
    await _lost(world, broken, world.pid(name))
    await _end(world, name, signal.SIGTERM)


async def pause_worker(world: World, broken: Broken) -> None:
    """Past its lease: it wakes as a zombie."""
    pid = world.pid(_some_worker(world))
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            await _lost(world, broken, pid)
            await asyncio.sleep(LEASE_SECONDS + 1)
            os.kill(pid, signal.SIGCONT)


async def kill_api(world: World, _: Broken) -> None:
    await _end(world, world.chance.choice(APIS), signal.SIGKILL)


async def stop_api(world: World, _: Broken) -> None:
    await _end(world, world.chance.choice(APIS), signal.SIGTERM)


async def wipe_valkey(world: World, broken: Broken) -> None:
    broken.deafens = True
    pid = world.pid("valkey")
    if pid is None:
        return
    for path in world.home.valkey.rglob("*"):
        if path.is_file():
            path.unlink(missing_ok=True)
    await _end(world, "valkey", signal.SIGKILL)


async def stall_valkey(world: World, broken: Broken) -> None:
    broken.deafens = True
    pid = world.pid("valkey")
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(world.chance.uniform(1, 4))
            os.kill(pid, signal.SIGCONT)


async def half_open_valkey(world: World, broken: Broken) -> None:
    """Nobody hears anything and nobody is told; later whoever calls again is served, and what stood stays dumb for ever."""
    side = world.chance.choice([world.apis, world.workers])
    async with alone_on(side.bell, broken):
        broken.deafens = side is world.workers
        side.bell.silence()
        await asyncio.sleep(world.chance.uniform(1, 4))
        side.bell.forget()


async def crash_postgres(world: World, broken: Broken) -> None:
    broken.stops_all = True
    await _hit_all(world, broken)
    await _end(world, "postgres", signal.SIGQUIT)


async def kill_backends(world: World, broken: Broken) -> None:
    await _hit_all(world, broken)
    with contextlib.suppress(*AWAY):
        await world.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND client_port > 0"
        )


async def lose_commit(world: World, broken: Broken) -> None:
    """The answer to a COMMIT gets lost: who asked cannot know whether it happened."""
    await _lose(world, world.apis.rows, b"COMMIT", broken)


async def lose_answer(world: World, broken: Broken) -> None:
    """The same for whatever a worker writes next."""
    words = world.chance.choice([b"street.provider_calls", b"street.artifacts", b"lease_until"])
    await _lose(world, world.workers.rows, words, broken)


async def half_open(world: World, broken: Broken) -> None:
    async with _some_rows(world, broken) as wire:
        wire.silence()
        await asyncio.sleep(world.chance.uniform(1, 4))
        wire.drop()


async def cut_wire(world: World, broken: Broken) -> None:
    async with _some_rows(world, broken) as wire:
        wire.cut()
        await asyncio.sleep(world.chance.uniform(0.2, 2))


def storm(weather: Weather) -> Fault:
    async def blow(world: World, _: Broken) -> None:
        seconds = world.chance.uniform(0.5, 2)
        world.storm.blow(weather, seconds)
        await asyncio.sleep(seconds)

    blow.__name__ = f"storm_{weather}"
    return blow


FAULTS: dict[Fault, int] = {
    kill_worker: 8,
    stop_worker: 4,
    pause_worker: 3,
    kill_api: 2,
    stop_api: 2,
    wipe_valkey: 3,
    stall_valkey: 2,
    half_open_valkey: 3,
    crash_postgres: 2,
    kill_backends: 3,
    lose_commit: 4,
    lose_answer: 6,
    half_open: 2,
    cut_wire: 2,
    storm("throttle"): 2,
    storm("broken"): 1,
    storm("slow"): 2,
    storm("truncated"): 1,
    storm("nonsense"): 1,
}
"""Each with its weight."""


async def fail_for(world: World, seconds: float) -> None:
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(keep_failing(world, enough))
        await asyncio.sleep(seconds)
        enough.set()


async def keep_failing(world: World, until_enough: asyncio.Event) -> None:
    """One fault after another begins; the long ones overlap."""
    async with asyncio.TaskGroup() as group:
        while not until_enough.is_set():
            (fault,) = world.chance.choices(list(FAULTS), list(FAULTS.values()))
            group.create_task(_suffer(fault, world))
            await asyncio.sleep(world.chance.uniform(0.5, 1.5) * FAULT_EVERY_SECONDS)


async def _suffer(fault: Fault, world: World) -> None:
    broken = Broken(fault.__name__, time.time())
    world.notes.faults.append(broken)
    await fault(world, broken)
    broken.ended = time.time()


@contextlib.asynccontextmanager
async def alone_on(wire: Wire, broken: Broken) -> AsyncIterator[None]:
    """One fault a wire at a time, which begins once it has it: the end of one would mend another."""
    async with wire.breaking:
        broken.began = time.time()
        yield


@contextlib.asynccontextmanager
async def _some_rows(world: World, broken: Broken) -> AsyncIterator[Wire]:
    """The apis' way to PostgreSQL, on which no job runs, or the workers'. Mended afterwards."""
    side = world.chance.choice([world.apis, world.workers])
    async with alone_on(side.rows, broken):
        if side is world.workers:
            broken.stops_all = True
            await _hit_all(world, broken)
        yield side.rows
        side.rows.mend()


async def _lose(world: World, wire: Wire, words: bytes, broken: Broken) -> None:
    """The jobs named in what was sent are those it hits. When nobody says these words in time, nothing was broken."""
    async with alone_on(wire, broken):
        try:
            lost = await asyncio.wait_for(wire.die_after(words), SAID_WITHIN_SECONDS)
        except TimeoutError:
            world.notes.faults.remove(broken)
            return
        finally:
            wire.mend()
    with contextlib.suppress(*AWAY):
        rows = await world.fetch("SELECT id FROM street.jobs")
        broken.hit = frozenset(row["id"] for row in rows if row["id"].bytes in lost)


def _some_worker(world: World) -> str:
    return f"worker-{world.chance.randint(1, WORKERS)}"


async def _lost(world: World, broken: Broken, pid: int | None) -> None:
    """What this worker holds is what the fault hits. Of one that is dead or stopped the rows say so until its leases are over."""
    if pid is not None:
        with contextlib.suppress(*AWAY):
            broken.hit = await world.running_jobs(pid)


async def _hit_all(world: World, broken: Broken) -> None:
    with contextlib.suppress(*AWAY):
        broken.hit = await world.running_jobs()


async def _nobody(_: int) -> None:
    """Holds a job."""


async def _end(world: World, name: str, signum: signal.Signals, ended: Callable[[int], Awaitable[None]] = _nobody) -> None:
    """End a part, tell `ended` its pid, and wait until the supervisor has brought it back."""
    old = world.pid(name)
    if old is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(old, signum)
    await ended(old)

    async def is_another() -> bool:
        return world.pid(name) not in {None, old}

    await until(is_another, within_seconds=30)
    if name == "postgres":
        await until(lambda: _answers(world), within_seconds=30)


async def _answers(world: World) -> bool:
    try:
        # On a busy machine shaking hands alone can take more than a second; the thirty around it are the bound.
        connection = await asyncpg.connect(database_url(world.home, world.platform.ports.postgres), timeout=5)
    except AWAY:
        return False
    await connection.close()
    return True
