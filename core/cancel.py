"""Never lose a cancellation, or a process that is told to stop waits for ever."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")

AGAIN_SECONDS = 1.0
"""Time for a last word, such as a worker's goodbye, before a task that was cancelled is cancelled again."""


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """asyncio.timeout for what may swallow the one cancellation that it sends. Raises TimeoutError."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if task.done():
            return task.result()
        raise TimeoutError
    finally:
        await cancel_until_done({task}, again_seconds=0.1)


async def cancel_until_done(tasks: Iterable[asyncio.Task[Any]], again_seconds: float = AGAIN_SECONDS) -> None:
    """Once may not be enough: what a task awaits can answer a cancel with an error of its own, as redis-py does."""
    going = {task for task in tasks if not task.done()}
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=again_seconds)


def stop_if_cancelled() -> None:
    """For loops over what may be away. Raises CancelledError once this task was told to stop.

    redis-py sends under asyncio.wait_for, which in Python 3.11 swallows a cancellation that comes as it returns
    (python/cpython#86296).
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
