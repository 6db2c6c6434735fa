"""What is being stored when a run is stopped gets a moment more, and only one."""

import asyncio

import pytest

from core.contracts.speech import Say
from tests.workers.conftest import claim_one
from workers.parts import Parts
from workers.run import PARTING_SECONDS, Halted, Run


@pytest.fixture
async def run(parts: Parts) -> Run:
    return Run(await claim_one(parts, Say(1, "古池や", "ふるいけ や")))


async def test_being_stopped_at_every_heartbeat_prolongs_nothing(run: Run) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    storing = asyncio.create_task(run.store(never()))
    async with asyncio.timeout(10 * PARTING_SECONDS):
        while not storing.done():
            await asyncio.wait([storing], timeout=PARTING_SECONDS / 4)
            run.stop("canceled")

    assert isinstance(storing.exception(), TimeoutError)


async def test_being_stopped_while_the_store_is_left_stops_nobody_else(run: Run) -> None:
    """Whoever keeps the leases stops runs in a row: an error of one would be the end of all."""
    leaving, left = asyncio.Event(), asyncio.Event()

    async def slow_to_leave() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            leaving.set()
            await left.wait()

    storing = asyncio.create_task(run.store(slow_to_leave()))
    await asyncio.wait([storing], timeout=0.01)
    run.stop("canceled")
    await leaving.wait()
    run.stop("canceled")
    left.set()

    with pytest.raises(TimeoutError):
        await storing


async def test_a_stop_in_the_moment_before_the_call_comes_before_it(run: Run) -> None:
    began = asyncio.Event()

    async def work() -> None:
        began.set()

    calling = asyncio.create_task(run.call(work()))
    # After its task is there, and before that takes its first step.
    asyncio.get_running_loop().call_soon(run.stop, "drained")
    with pytest.raises(Halted) as halted:
        await calling

    assert not began.is_set()
    assert not halted.value.called
