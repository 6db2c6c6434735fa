"""Everything that can go wrong, each as one thing that is done and undone."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg

from local.postgres import database_url
from tests.chaos.storm import Weather
from tests.chaos.world import LEASE_SECONDS, WORKERS, Broken, World
from tests.until import until

Fault = Callable[[World], Coroutine[Any, Any, None]]


async def kill_worker(world: World) -> None:
    await _end(world, _some_worker(world), signal.SIGKILL)


async def stop_worker(world: World) -> None:
    await _end(world, _some_worker(world), signal.SIGTERM)


async def pause_worker(world: World) -> None:
    """Past its lease: it wakes as a zombie."""
    pid = world.pid(_some_worker(world))
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(LEASE_SECONDS + 1)
            os.kill(pid, signal.SIGCONT)


async def kill_api(world: World) -> None:
    await _end(world, "api", signal.SIGKILL)


async def stop_api(world: World) -> None:
    await _end(world, "api", signal.SIGTERM)


async def wipe_valkey(world: World) -> None:
    pid = world.pid("valkey")
    if pid is None:
        return
    for path in world.home.valkey.rglob("*"):
        if path.is_file():
            path.unlink(missing_ok=True)
    await _end(world, "valkey", signal.SIGKILL)


async def stall_valkey(world: World) -> None:
    pid = world.pid("valkey")
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(world.chance.uniform(1, 4))
            os.kill(pid, signal.SIGCONT)


async def crash_postgres(world: World) -> None:
    await _end(world, "postgres", signal.SIGQUIT)


async def kill_backends(world: World) -> None:
    with contextlib.suppress(OSError, asyncpg.PostgresError):
        await world.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND client_port > 0"
        )


async def lose_commit(world: World) -> None:
    """The answer to a COMMIT gets lost: who asked cannot know whether it happened."""
    world.api_wire.die_after(b"COMMIT")
    await asyncio.sleep(0.3)


async def lose_answer(world: World) -> None:
    """The same for whatever a worker writes next."""
    world.worker_wire.die_after(world.chance.choice([b"street.provider_calls", b"street.artifacts", b"lease_until"]))
    await asyncio.sleep(0.3)


async def half_open(world: World) -> None:
    wire = world.chance.choice([world.api_wire, world.worker_wire])
    wire.silence()
    await asyncio.sleep(world.chance.uniform(1, 4))
    wire.drop()
    wire.mend()


async def cut_wire(world: World) -> None:
    wire = world.chance.choice([world.api_wire, world.worker_wire])
    wire.cut()
    await asyncio.sleep(world.chance.uniform(0.2, 2))
    wire.mend()


def storm(weather: Weather) -> Fault:
    async def blow(world: World) -> None:
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


async def keep_failing(world: World, until_enough: asyncio.Event, gap_seconds: float) -> None:
    """One fault after another begins, about every `gap_seconds`; the long ones overlap."""
    async with asyncio.TaskGroup() as group:
        while not until_enough.is_set():
            (fault,) = world.chance.choices(list(FAULTS), list(FAULTS.values()))
            group.create_task(_suffer(fault, world))
            await asyncio.sleep(world.chance.uniform(0.5, 1.5) * gap_seconds)


async def _suffer(fault: Fault, world: World) -> None:
    broken = Broken(fault.__name__, time.time())
    world.notes.faults.append(broken)
    await fault(world)
    broken.ended = time.time()


def _some_worker(world: World) -> str:
    return f"worker-{world.chance.randint(1, WORKERS)}"


async def _end(world: World, name: str, signum: signal.Signals) -> None:
    """End a part and wait until the supervisor has brought it back."""
    old = world.pid(name)
    if old is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(old, signum)

    async def is_another() -> bool:
        return world.pid(name) not in {None, old}

    await until(is_another, within_seconds=30)
    if name == "postgres":
        await until(lambda: _answers(world), within_seconds=30)


async def _answers(world: World) -> bool:
    try:
        connection = await asyncpg.connect(database_url(world.home, world.platform.ports.postgres), timeout=1)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True
