"""Faults do not mend each other, and break what they say they break."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest

from tests.chaos.faults import alone_on
from tests.chaos.world import Broken
from tests.wire import Wire, wired


async def test_a_second_fault_on_a_wire_begins_when_the_first_is_over() -> None:
    wire, told = Wire(0), time.time()
    first, second = Broken("half_open", told), Broken("cut_wire", told)

    async def suffer(broken: Broken) -> None:
        async with alone_on(wire, broken):
            await asyncio.sleep(0.01)
            broken.ended = time.time()

    await asyncio.gather(suffer(first), suffer(second))

    assert first.began < first.ended <= second.began < second.ended


PARSE, EXECUTE = b"P\0\0\0\x10\0UPDATE it\0\0\0", b"B and E\0\0\0\x09\0\0\0\0\0"


@contextlib.asynccontextmanager
async def echo() -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(100):
            writer.write(piece)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"postgresql://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize("in_time", [True, False])
async def test_an_answer_is_lost_once_its_statement_is_executed_and_not_when_nobody_waits_for_it(in_time: bool) -> None:
    async with echo() as url, wired(url) as (wire, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", wire.listens)
        lost = wire.die_after(b"UPDATE")
        writer.write(PARSE)
        parsed = await reader.read(100)
        if not in_time:
            lost.cancel()
        writer.write(EXECUTE)
        answer = await reader.read(100)
        writer.close()
        await writer.wait_closed()

    assert parsed == PARSE
    assert answer == (b"" if in_time else EXECUTE)
    assert lost.cancelled() or lost.result() == EXECUTE
