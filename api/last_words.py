"""Answer whoever is cut off because the process has no more time: 503 and when to come back, not a bare 500."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar.types import Message, Scope, Send

from api.errors import PROBLEM_JSON, STATUS, describe_problem, problem_headers
from core.errors import Unavailable

STOPPING = Unavailable("This server is stopping; try again, another one answers.")


@contextlib.asynccontextmanager
async def last_words(scope: Scope, send: Send) -> AsyncIterator[Send]:
    """Lend a `send` for the block. When the block is cancelled before it began to answer, the answer is 503."""
    begun = False

    async def watched(message: Message) -> None:
        nonlocal begun
        begun = begun or message["type"] == "http.response.start"
        await send(message)

    try:
        yield watched
    except asyncio.CancelledError:
        if begun:
            raise
        await _answer(scope, send)


async def _answer(scope: Scope, send: Send) -> None:
    document = msgspec.json.encode(describe_problem(STOPPING, str(scope["path"])))
    headers = {"Content-Type": PROBLEM_JSON, "Cache-Control": "no-store", **problem_headers(STOPPING)}
    start: Any = {
        "type": "http.response.start",
        "status": STATUS[Unavailable],
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    body: Any = {"type": "http.response.body", "body": document, "more_body": False}
    await send(start)
    await send(body)
