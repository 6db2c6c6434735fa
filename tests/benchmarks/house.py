"""An api and a worker in one process, with tools that answer at once: `python -m tests.benchmarks.house` says where."""

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import uvloop

from core.contracts.job import QUEUES, Queue
from core.queue import Bell
from core.settings import Settings, read_settings
from core.storage import Storage
from telemetry.start import start_telemetry
from tests.api.serve import serving
from tests.workers.scripted import Script, scripted_tools
from workers.main import told_to_stop, work
from workers.tools import Tools


def main() -> None:
    settings = read_settings(os.environ)
    telemetry = start_telemetry("bench", settings.log_level, settings.trace_ratio)
    try:
        uvloop.run(live(settings))
    finally:
        telemetry.shutdown()


async def live(settings: Settings) -> None:
    stopping = told_to_stop()
    async with serving(settings) as house:
        sys.stdout.write(f"http://{house.at}\n")
        sys.stdout.flush()
        await work(settings, QUEUES, stopping, open_scripted)


@asynccontextmanager
async def open_scripted(_: Settings, __: Sequence[Queue], ___: Bell, ____: Storage) -> AsyncIterator[Mapping[Queue, Tools]]:
    yield scripted_tools(Script())


if __name__ == "__main__":
    main()
