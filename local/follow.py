"""Follow the events of a request to its end: every one exactly once, however often the stream is cut."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import httpx
import msgspec

from core.contracts.events import Event
from core.errors import Unavailable
from local.caller import PATIENCE_SECONDS, PAUSE_SECONDS, away, read_problem


async def follow(http: httpx.AsyncClient, path: str) -> AsyncGenerator[Event, None]:
    """`path` is the request's link to its events. Raises Unavailable when the API stays away for half a minute."""
    last, pause = 0, PAUSE_SECONDS
    heard_at = time.monotonic()
    while True:
        try:
            async with aclosing(_stream(http, path, last)) as events:
                async for event in events:
                    heard_at = time.monotonic()
                    last = event.seq or last
                    yield event
                    # Only the API knows whether that was all: what failed may have been retried since.
                    pause = 0 if event.ends else PAUSE_SECONDS
        except _Over:
            return
        except (httpx.TransportError, Unavailable) as error:
            if time.monotonic() > heard_at + PATIENCE_SECONDS:
                raise away(error) from error
        await asyncio.sleep(pause)
        pause = PAUSE_SECONDS


class _Over(Exception):
    """Everything was told before."""


async def _stream(http: httpx.AsyncClient, path: str, after: int) -> AsyncGenerator[Event, None]:
    """Until the connection ends."""
    async with http.stream("GET", path, params={"after": after}, headers={"Accept": "text/event-stream"}) as answer:
        if answer.status_code == httpx.codes.NO_CONTENT:
            raise _Over
        if not answer.is_success:
            await answer.aread()
            raise read_problem(answer)
        async for line in _lines(answer):
            if line.startswith(b"data:"):
                yield msgspec.json.decode(line.removeprefix(b"data:"), type=Event)


async def _lines(answer: httpx.Response) -> AsyncIterator[bytes]:
    """httpx's own lines would also end at characters that may stand inside JSON, such as U+2028."""
    rest = b""
    async for piece in answer.aiter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line
