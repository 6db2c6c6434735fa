"""Say every few seconds that this worker is there, and goodbye at the end."""

import asyncio
import contextlib
from collections.abc import Sequence

from core.contracts.job import Queue
from core.db.pool import Pool, connected
from core.db.workers import SEEN_EVERY_SECONDS, delete_worker, mark_worker_seen
from core.errors import Unavailable

GOODBYE_SECONDS = 0.5


async def keep_present(pool: Pool, name: str, queues: Sequence[Queue]) -> None:
    """Until cancelled. Nobody depends on it: a worker that cannot say so works all the same."""
    try:
        while True:
            with contextlib.suppress(Unavailable):
                async with connected(pool) as db:
                    await mark_worker_seen(db, name, queues)
            await asyncio.sleep(SEEN_EVERY_SECONDS)
    finally:
        # Whoever stops has little time; the silent are forgotten anyway.
        with contextlib.suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS), connected(pool) as db:
                await delete_worker(db, name)
