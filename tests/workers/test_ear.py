"""The bell is heard, also after Redis was away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from core.queue import Bell, arq_queue, connect_bell, ring, wake_list
from tests.until import until
from tests.wire import Wire, wired
from workers.ear import keep_hearing


@contextlib.asynccontextmanager
async def hearing(bell: Bell) -> AsyncIterator[asyncio.Queue[None]]:
    heard: asyncio.Queue[None] = asyncio.Queue()
    task = asyncio.create_task(keep_hearing(bell, "text", lambda: heard.put_nowait(None)))
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def next_bell(heard: asyncio.Queue[None]) -> None:
    async with asyncio.timeout(10):
        await heard.get()


async def is_clean(bell: Bell) -> bool:
    return bool(await bell.exists(arq_queue("text"), wake_list("text")) == 0)


async def test_a_bell_is_heard_and_leaves_nothing_behind(bell: Bell) -> None:
    async with hearing(bell) as heard:
        assert await ring(bell, ["text"])
        await next_bell(heard)
        await until(lambda: is_clean(bell))

    assert not [key async for key in bell.scan_iter("arq:*") if not key.startswith(b"arq:in-progress")]


async def test_bells_that_rang_before_anybody_listened_are_heard(bell: Bell) -> None:
    for _ in range(30):
        await ring(bell, ["text"])
    async with hearing(bell) as heard:
        for _ in range(30):
            await next_bell(heard)

    assert heard.empty()


async def test_a_bell_of_another_queue_is_not_ours(bell: Bell) -> None:
    async with hearing(bell) as heard:
        await ring(bell, ["image"])
        await ring(bell, ["text"])
        await next_bell(heard)

    assert heard.empty()
    assert await bell.zcard(arq_queue("image")) == 1


@pytest.mark.parametrize("lose", [Wire.cut, Wire.forget], ids=["Redis was away", "a connection swallows all and is never closed"])
async def test_hearing_goes_on_after_a_connection_was_lost(bell: Bell, valkey_url: str, lose: Callable[[Wire], None]) -> None:
    async with wired(valkey_url) as (wire, url):
        distant = connect_bell(url)
        async with hearing(distant) as heard:
            await ring(bell, ["text"])
            await next_bell(heard)
            await until(lambda: is_clean(bell))
            lose(wire)
            # What may have been lost with it counts as a bell.
            await next_bell(heard)
            wire.mend()
            await ring(bell, ["text"])
            # Each failed look for a way back counts as one, too: only who hears takes a bell away.
            await until(lambda: is_clean(bell))
        await distant.aclose(close_connection_pool=True)


async def test_the_ear_closes_whenever_it_is_told_to(bell: Bell) -> None:
    """The moments in which redis-py sends are ones in which Python 3.11 may lose a cancellation."""
    for moment in range(40):
        task = asyncio.create_task(keep_hearing(bell, "text", lambda: None))
        for _ in range(moment):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=10)
        task.cancel()

        assert done, moment
