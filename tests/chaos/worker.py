"""A worker with chaotic tools: `python -m tests.chaos.worker --folder DIR [--deadly CHANCE] [--without KIND]`.

Everything but its tools is the worker of production.
"""

import argparse
import asyncio
import os
from pathlib import Path

import workers.kinds
from core.contracts.job import QUEUES
from core.db.pool import make_pool
from core.queue import connect_bell
from core.settings import Settings, read_settings
from core.storage.files import Files
from telemetry.start import start_telemetry
from tests.chaos.ledger import Ledger
from tests.chaos.storm import Storm
from tests.chaos.tools import Provider, chaos_tools
from workers.main import Worker, told_to_stop
from workers.parts import Parts


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--deadly", type=float, default=0.0)
    parser.add_argument("--without", help="a kind this worker has not heard of, as if it were of an older version")
    asked = parser.parse_args()
    if asked.without:
        # The version before this one, as far as the street can tell: its list is shorter.
        del workers.kinds.KINDS[asked.without]  # type: ignore[attr-defined]  # a Mapping to all others
    telemetry = start_telemetry("worker")
    provider = Provider(Storm(asked.folder), Ledger(asked.folder), asked.deadly)
    asyncio.run(work(read_settings(os.environ), provider))
    telemetry.shutdown()


async def work(settings: Settings, provider: Provider) -> None:
    bell = connect_bell(settings.redis_url)
    storage = Files(settings.media_dir, settings.public_url, settings.link_secret)
    async with make_pool(settings.database_url) as pool:
        await Worker(Parts(settings, pool, bell, storage, chaos_tools(provider)), QUEUES).run(told_to_stop())
    await bell.aclose(close_connection_pool=True)


if __name__ == "__main__":
    main()
