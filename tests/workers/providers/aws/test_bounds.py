"""An answer without an end is left in the middle: it is bounded while it is read, not afterwards."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from msgspec.structs import replace

from core.contracts.job import Queue
from core.queue import Bell
from core.settings import Settings
from tests.workers.providers.aws.asks import AGAIN_PAID, Ask, converse, describe, failure, next_of, paint, say
from tests.workers.providers.conftest import FAKE_SETTINGS, aws_settings, open_all, open_fakes
from workers.providers.aws.clients import make_config
from workers.providers.aws.painter import LARGEST_ANSWER_BYTES
from workers.providers.aws.voice import LARGEST_BYTES

PIECE = b"x" * 256 * 1024
MUCH = 64 * 1024 * 1024
IN_FLIGHT = 8 * 1024 * 1024
"""What lies in sockets and buffers when a reader goes away."""


class Endless:
    """Answers any request with more than anybody reads."""

    def __init__(self, status: str) -> None:
        self._status = status
        self.sent = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {self._status}\r\ncontent-type: application/json\r\ncontent-length: {MUCH}\r\n\r\n"
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head.encode())
            while self.sent < MUCH:
                writer.write(PIECE)
                await writer.drain()
                self.sent += len(PIECE)
        writer.close()


@contextlib.asynccontextmanager
async def endless(status: str) -> AsyncIterator[tuple[Endless, str]]:
    answers = Endless(status)
    server = await asyncio.start_server(answers.answer, "127.0.0.1", 0)
    async with server:
        yield answers, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("queue", "ask", "status", "bound"),
    [
        ("image", paint, "200 OK", LARGEST_ANSWER_BYTES),
        ("speech", say, "200 OK", LARGEST_BYTES),
        ("text", describe, "200 OK", 1024 * 1024),
        ("text", converse, "500 Oh", 1024 * 1024),
        ("image", paint, "500 Oh", 1024 * 1024),
    ],
)
async def test_an_answer_without_an_end_is_left(
    fake_settings: Settings, bell: Bell, queue: Queue, ask: Ask, status: str, bound: int
) -> None:
    async with endless(status) as (answers, address), AsyncExitStack() as stack:
        tools = await open_all(fake_settings, await open_fakes(address, fake_settings, stack), bell)
        failed = await failure(ask(tools[queue]))

    assert next_of(failed) == AGAIN_PAID
    assert answers.sent < bound + IN_FLIGHT


def test_text_and_images_of_one_region_never_wait_for_a_connection() -> None:
    settings = replace(aws_settings(FAKE_SETTINGS), slots_per_queue=16)
    config: Any = make_config(settings)

    assert config.max_pool_connections >= 16 * len(("stream", "guardrail", "image"))
