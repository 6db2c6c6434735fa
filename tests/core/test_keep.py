"""A loop that crashes is told and begun again."""

import asyncio

import pytest

from core import keep as room
from core.keep import keep


async def test_a_loop_that_crashes_is_told_and_begun_again() -> None:
    crashes: list[str] = []
    begun = asyncio.Event()

    async def loop() -> None:
        if not crashes:
            raise RuntimeError("a bug")
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(keep(loop, lambda error: crashes.append(str(error))))
    async with asyncio.timeout(room.PAUSE_SECONDS + 5):
        await begun.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert crashes == ["a bug"]
