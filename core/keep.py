"""Keep a loop of this process going: one that crashes is told, and begun again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from core.cancel import cancel_until_done, stop_if_cancelled

PAUSE_SECONDS = 1.0


async def keep(run: Callable[[], Coroutine[Any, Any, None]], crashed: Callable[[Exception], None]) -> None:
    """Until cancelled. A process whose sweeper is dead looks well and is not, so no crash may be the last."""
    while True:
        try:
            await run()
        except Exception as error:  # noqa: BLE001  whoever asked is told
            crashed(error)
        stop_if_cancelled()
        await asyncio.sleep(PAUSE_SECONDS)


@asynccontextmanager
async def alongside(
    name: str, run: Callable[[], Coroutine[Any, Any, None]], crashed: Callable[[str, Exception], None]
) -> AsyncIterator[None]:
    """Keep `run` going beside the block and cancel it at the end; `crashed` is told its name and why."""
    task = asyncio.create_task(keep(run, partial(crashed, name)), name=name)
    try:
        yield
    finally:
        await cancel_until_done({task})
