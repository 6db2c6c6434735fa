"""Be told to stop: Ctrl-C, SIGTERM, or the terminal being closed."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130


def run_until_told(work: Coroutine[Any, Any, int], stopping: Callable[[], None] = lambda: None) -> int:
    """Run to the end. A signal cancels the work once, and only once: what it still does in parting must not be cut short.

    `stopping` is called at that moment, since parting may take a while.
    """
    return asyncio.run(_watched(work, stopping))


async def _watched(work: Coroutine[Any, Any, int], stopping: Callable[[], None]) -> int:
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    told = False

    def stop() -> None:
        nonlocal told
        if not told:
            told = True
            task.cancel()
            stopping()

    for signum in SIGNALS:
        loop.add_signal_handler(signum, stop)
    try:
        return await task
    except asyncio.CancelledError:
        return INTERRUPTED
