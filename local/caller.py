"""Speak to a running Kotonoha over HTTP, as any client would, and outlast a moment in which a part of it is away."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import msgspec

from core.errors import KotonohaError, NotFound, Refused, TooMany, Unavailable

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0

Json = dict[str, Any]


@asynccontextmanager
async def calling(api: str, token: str) -> AsyncIterator["Caller"]:
    """For as long as the block lasts. No proxy of the environment is asked for a neighbour on loopback."""
    # Longer than the heartbeat of an event stream, which comes at least every 15 seconds.
    timeout = httpx.Timeout(5, read=30)
    async with httpx.AsyncClient(
        base_url=api, headers={"Authorization": f"Bearer {token}"}, timeout=timeout, trust_env=False
    ) as http:
        yield Caller(http)


class Caller:
    """Every call may be repeated: what submits carries an Idempotency-Key. Raises Refused with the problem's own words."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def submit(self, path: str, body: Json) -> Json:
        return await self._json("POST", path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})

    async def read(self, path: str) -> Json:
        return await self._json("GET", path)

    async def act(self, path: str) -> Json:
        """For what may be said twice, such as cancel and retry."""
        return await self._json("POST", path)

    async def download(self, url: str) -> bytes:
        return (await self._send("GET", url)).content

    async def _json(self, method: str, path: str, **more: Any) -> Json:
        return msgspec.json.decode((await self._send(method, path, **more)).content, type=Json)

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = await self.http.request(method, path, **more)
                if answer.is_success:
                    return answer
                raise read_problem(answer)
            except (httpx.TransportError, Unavailable) as error:
                pause = error.retry_after.total_seconds() if isinstance(error, Unavailable) else PAUSE_SECONDS
                if time.monotonic() + pause > give_up_at:
                    raise away(error) from error
                await asyncio.sleep(pause)


def read_problem(answer: httpx.Response) -> KotonohaError:
    """The error a problem document (RFC 9457) stands for; its body must have been read."""
    try:
        problem = msgspec.json.decode(answer.content, type=Json)
    except msgspec.DecodeError:
        problem = {}
    words = problem.get("detail") or f"The API answered {answer.status_code}."
    match answer.status_code:
        case 404:
            return NotFound(words)
        case 429:
            return TooMany(words, _retry_after(answer))
        case status if status >= 500:
            return Unavailable(words, _retry_after(answer))
        case _:
            return Refused(words)


def away(error: Exception) -> Unavailable:
    return Unavailable(
        error.message if isinstance(error, Unavailable) else f"The API cannot be reached ({type(error).__name__})."
    )


def _retry_after(answer: httpx.Response) -> timedelta:
    given = answer.headers.get("Retry-After", "")
    seconds = float(given) if given.isascii() and given.isdecimal() else PAUSE_SECONDS
    return timedelta(seconds=min(seconds, LONGEST_PAUSE_SECONDS))
