"""Wait for something outside this process to become true."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(true: Callable[[], Awaitable[bool]], within_seconds: float = 10, every_seconds: float = 0.01) -> None:
    """Raises TimeoutError. Rows and other programs tell nobody when they change, so this looks again and again."""
    async with asyncio.timeout(within_seconds):
        while not await true():  # noqa: ASYNC110  there is no event to wait for
            await asyncio.sleep(every_seconds)
