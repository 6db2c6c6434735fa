"""Never lose a cancellation, or a process that is told to stop waits for ever."""

import asyncio


def stop_if_cancelled() -> None:
    """For loops over Redis. Raises CancelledError once this task was told to stop.

    redis-py sends under asyncio.wait_for, which in Python 3.11 swallows a cancellation that comes as it returns
    (python/cpython#86296).
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
