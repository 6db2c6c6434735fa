"""Cut off by a process that stops: told so, and when to come back."""

import asyncio
import json
from typing import Any

import pytest

from api.last_words import last_words

SCOPE: Any = {"type": "http", "path": "/api/haiku"}


async def test_who_had_no_answer_yet_is_told_to_come_back() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def work() -> None:
        async with last_words(SCOPE, send):
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await task
    start, body = sent

    assert start["status"] == 503
    assert dict(start["headers"])[b"retry-after"] == b"2"
    assert dict(start["headers"])[b"x-content-type-options"] == b"nosniff"
    assert json.loads(body["body"])["type"] == "urn:kotonoha:problem:unavailable"


async def test_who_has_half_an_answer_is_cut_off() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def work() -> None:
        async with last_words(SCOPE, send) as answer:
            await answer({"type": "http.response.start", "status": 200, "headers": []})
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert [message["type"] for message in sent] == ["http.response.start"]
