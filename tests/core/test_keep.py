"""A loop that crashes is told and begun again."""

import asyncio

import pytest

from core import keep as room
from core.keep import alongside, keep


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


async def test_what_goes_on_alongside_ends_with_the_block_and_its_crash_is_told_by_name() -> None:
    crashes: list[tuple[str, str]] = []
    told = asyncio.Event()

    def crashed(name: str, error: Exception) -> None:
        crashes.append((name, str(error)))
        told.set()

    async def loop() -> None:
        raise RuntimeError("a bug")

    before = asyncio.all_tasks()
    async with asyncio.timeout(5), alongside("the loop", loop, crashed):
        await told.wait()

    assert crashes == [("the loop", "a bug")]
    assert asyncio.all_tasks() == before
