"""Start a worker: `python -m workers.main --queues text,image,speech`. Read this first."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, cast

import uvloop

from core.cancel import cancel_until_done
from core.contracts.job import QUEUES, Queue
from core.db.pool import close_pool, make_pool
from core.errors import Invalid
from core.keep import keep
from core.litter import keep_clearing
from core.publisher import keep_publishing
from core.queue import Bell, connect_bell
from core.settings import Settings, read_settings
from core.storage import Storage
from core.storage.choose import choose_storage
from core.sweeper import keep_sweeping
from telemetry.logs import get_log, log_crash
from telemetry.metrics import open_board, pool_waited
from telemetry.start import start_telemetry
from telemetry.sweeps import tell_sweep
from workers.ear import keep_hearing
from workers.leases import keep_leases
from workers.parts import Parts
from workers.presence import keep_present
from workers.protection import keep_protected
from workers.providers import open_tools
from workers.pulse import keep_beating
from workers.run import Run
from workers.serve_queue import QueueServer
from workers.tools import Tools

OpenTools = Callable[[Settings, Sequence[Queue], Bell, Storage], AbstractAsyncContextManager[Mapping[Queue, Tools]]]

CLEARS: Queue = "image"
"""Whose workers delete files that nobody shows any more."""

log = get_log("worker")


def main(arguments: Sequence[str]) -> int:
    queues = read_arguments(arguments)
    try:
        settings = read_settings(os.environ)
    except Invalid as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    telemetry = start_telemetry("worker", settings.log_level, settings.trace_ratio)
    try:
        uvloop.run(work_until_told(settings, queues, os.environ.get("ECS_AGENT_URI", "")))
    finally:
        telemetry.shutdown()
    return 0


async def work_until_told(settings: Settings, queues: Sequence[Queue], agent: str) -> None:
    await work(settings, queues, told_to_stop(), agent=agent)


async def work(
    settings: Settings,
    queues: Sequence[Queue],
    stopping: asyncio.Event,
    open_tools: OpenTools = open_tools,
    agent: str = "",
) -> None:
    """Serve these queues until `stopping`, then end or hand back every job. `agent` is where ECS is told, if it runs us."""
    bell = connect_bell(settings.redis_url)
    async with AsyncExitStack() as stack:
        # Its pool was made for it, but redis-py closes only pools it made itself.
        stack.push_async_callback(bell.aclose, close_connection_pool=True)
        pool = await make_pool(settings.database_url, waited=pool_waited)
        stack.push_async_callback(close_pool, pool)
        storage = await stack.enter_async_context(choose_storage(settings))
        tools = await stack.enter_async_context(open_tools(settings, queues, bell, storage))
        await Worker(Parts(settings, pool, bell, storage, tools), queues, agent).run(stopping)


class Worker:
    """One process: a server and an ear for each queue, and one keeper of all leases."""

    def __init__(self, parts: Parts, queues: Sequence[Queue], agent: str = "") -> None:
        self._parts, self._agent = parts, agent
        self._runs: set[Run] = set()
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._servers = {queue: QueueServer(queue, self._name, parts, self._runs) for queue in queues}

    async def run(self, stopping: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            beside, hearing = ([group.create_task(steps) for steps in loops] for loops in (self._beside(), self._hearing()))
            serving = [group.create_task(server.serve()) for server in self._servers.values()]
            log.info("worker ready", queues=list(self._servers))
            await stopping.wait()
            # A bell is one worker's: whoever leaves and went on hearing would take it from those who stay.
            await asyncio.gather(self._drain(serving), cancel_until_done(hearing))
            await cancel_until_done(beside)

    def _beside(self) -> list[Coroutine[Any, Any, None]]:
        parts = self._parts
        loops: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "leases": lambda: keep_leases(self._runs, parts.pool, parts.settings),
            "sweeper": lambda: keep_sweeping(parts.pool, parts.bell, parts.settings, tell_sweep),
            "presence": lambda: keep_present(parts.pool, self._name, list(self._servers)),
            "numbers": lambda: keep_publishing(parts.pool, parts.settings, open_board().show_queue),
            **self._clearing(),
            **self._watched(),
        }
        return _kept(loops)

    def _hearing(self) -> list[Coroutine[Any, Any, None]]:
        bell, servers = self._parts.bell, self._servers.items()
        return _kept({f"ear of {queue}": partial(keep_hearing, bell, queue, server.look) for queue, server in servers})

    def _clearing(self) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
        """One queue's workers do it for all, or every role would have to be allowed to delete what others made."""
        parts = self._parts
        return {"litter": lambda: keep_clearing(parts.pool, parts.storage, parts.settings)} if CLEARS in self._servers else {}

    def _watched(self) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
        """What is done for those who run us, where somebody does."""
        loops: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {}
        if (pulse := self._parts.settings.pulse_file) != Path():
            loops["pulse"] = lambda: keep_beating(pulse)
        if self._agent:
            loops["protection"] = lambda: keep_protected(self._runs, self._agent)
        return loops

    async def _drain(self, serving: Sequence[asyncio.Task[None]]) -> None:
        """Let what runs end, for a while; hand the rest back, at no cost of an attempt."""
        for server in self._servers.values():
            server.stop()
        _, open_still = await asyncio.wait(serving, timeout=self._parts.settings.drain_seconds)
        for run in tuple(self._runs):
            run.stop("drained")
        if open_still:
            _, open_still = await asyncio.wait(open_still, timeout=self._parts.settings.hand_back_seconds)
        # Whoever waits for a Postgres that is away would wait for ever; the sweeper rescues these once their leases are over.
        await cancel_until_done(open_still)
        log.info("worker stopped")


def _kept(loops: Mapping[str, Callable[[], Coroutine[Any, Any, None]]]) -> list[Coroutine[Any, Any, None]]:
    return [keep(loop, partial(log_crash, name)) for name, loop in loops.items()]


def read_arguments(arguments: Sequence[str]) -> tuple[Queue, ...]:
    parser = argparse.ArgumentParser(prog="python -m workers.main", description=__doc__)
    parser.add_argument("--queues", type=_queues, default=QUEUES, help="comma-separated; all by default")
    return cast("tuple[Queue, ...]", parser.parse_args(arguments).queues)


def _queues(given: str) -> tuple[str, ...]:
    names = tuple(given.split(","))
    if unknown := set(names) - set(QUEUES):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return names


def told_to_stop() -> asyncio.Event:
    stopping = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stopping.set)
    return stopping


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
