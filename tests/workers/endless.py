"""The worker of production with a voice that never answers: `python -m tests.workers.endless`."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from core.contracts.job import Queue
from core.queue import Bell
from core.settings import Settings, read_settings
from core.storage import Storage
from tests.workers.scripted import Script, scripted_tools
from workers.main import told_to_stop, work
from workers.tools import Tools


@asynccontextmanager
async def endless_tools(_: Settings, __: Sequence[Queue], ___: Bell, ____: Storage) -> AsyncIterator[Mapping[Queue, Tools]]:
    script = Script()
    script.hold()
    yield scripted_tools(script)


async def work_without_end() -> None:
    await work(read_settings(os.environ), ("speech",), told_to_stop(), endless_tools)


if __name__ == "__main__":
    asyncio.run(work_without_end())
