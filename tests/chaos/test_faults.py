"""Faults do not mend each other."""

import asyncio
import time

from tests.chaos.faults import alone_on
from tests.chaos.world import Broken
from tests.wire import Wire


async def test_a_second_fault_on_a_wire_begins_when_the_first_is_over() -> None:
    wire, told = Wire(0), time.time()
    first, second = Broken("half_open", told), Broken("cut_wire", told)

    async def suffer(broken: Broken) -> None:
        async with alone_on(wire, broken):
            await asyncio.sleep(0.05)
        broken.ended = time.time()

    await asyncio.gather(suffer(first), suffer(second))

    assert second.began - first.began >= 0.04
    assert second.ended >= second.began
