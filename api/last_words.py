"""Answer whoever is cut off because the process has no more time: 503 and when to come back, not a bare 500."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from litestar.types import Message, Scope, Send

from api.send_problem import send_problem
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
        await send_problem(send, str(scope["path"]), STOPPING)
