"""Hear the bell: arq's worker on one queue, waiting on a list instead of polling, and coming back after every Redis restart."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from arq.worker import Worker, func
from redis.exceptions import RedisError

from core.cancel import stop_if_cancelled
from core.contracts.job import Queue
from core.queue import BELL, Bell, arq_queue, wake_list
from telemetry.logs import get_log

WAIT_SECONDS = 1
"""Longest wait for a token: below the socket's timeout, so that silence is not taken for a dead connection."""

log = get_log("worker")


class Ear(Worker):
    """What waits in arq's sorted set is run as soon as a token lies in the wake list."""

    def __init__(self, bell: Bell, queue: Queue, heard: Callable[[], None]) -> None:
        async def hear(*_: Any, **__: Any) -> None:
            heard()

        super().__init__(
            functions=[func(hear, name=BELL, keep_result=0, max_tries=1, timeout=5)],
            redis_pool=bell,
            queue_name=arq_queue(queue),
            # Several ears share a process; it is the process that drains.
            handle_signals=False,
            keep_result=0,
            max_tries=1,
            retry_jobs=False,
            log_results=False,
            job_serializer=bell.job_serializer,
            job_deserializer=bell.job_deserializer,
        )
        self._wake_list = wake_list(queue)

    async def main(self) -> None:
        while True:
            stop_if_cancelled()
            await self._poll_iteration()
            if self.tasks:
                # More bells than arq runs at once may be waiting.
                await asyncio.gather(*self.tasks.values(), return_exceptions=True)
            else:
                await self.pool.blpop([self._wake_list], timeout=WAIT_SECONDS)  # type: ignore[misc]  # typed for both clients


async def keep_hearing(bell: Bell, queue: Queue, heard: Callable[[], None]) -> None:
    """Until cancelled. What was rung while Redis was away is lost with it, so everything counts as one more bell."""
    while True:
        stop_if_cancelled()
        ear = Ear(bell, queue, heard)
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            await ear.main()
        log.warning("bell lost", queue=queue)
        await asyncio.gather(*ear.tasks.values(), return_exceptions=True)
        heard()
        # A Redis that refuses at once would keep this process busy.
        await asyncio.sleep(0.2)
