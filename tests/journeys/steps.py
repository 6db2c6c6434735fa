"""What a learner does, step by step, over HTTP alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import websockets

Json = dict[str, Any]


async def ask(learner: httpx.AsyncClient, topic: str = "autumn rain", **more: Any) -> Json:
    answer = await learner.post("/api/haiku", json={"topic": topic, **more})
    assert answer.status_code == 202, answer.text
    request: Json = answer.json()
    return request


async def read(learner: httpx.AsyncClient, path: str) -> Json:
    answer = await learner.get(path)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def follow(learner: httpx.AsyncClient, request: Json) -> AsyncIterator[Json]:
    """Every numbered event of a request until it is over, over server-sent events."""
    async with learner.stream("GET", request["links"]["events"]) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data:"):
                event: Json = json.loads(line.removeprefix("data:"))
                if "seq" in event:
                    yield event


async def follow_live(learner: httpx.AsyncClient, request: Json) -> AsyncIterator[Json]:
    """The same over the live socket, passing words too."""
    headers = {"Authorization": learner.headers["authorization"]}
    url = f"{learner.base_url}".replace("http", "ws", 1).rstrip("/") + "/live"
    async with websockets.connect(url, additional_headers=headers, proxy=None) as socket:
        await socket.send(json.dumps({"type": "subscribe", "requests": [{"id": request["id"], "after": 0}]}))
        async for frame in socket:
            told: Json = json.loads(frame)
            if told["type"] == "ended":
                return
            yield told


async def finish(learner: httpx.AsyncClient, request: Json, within_seconds: float = 120) -> list[Json]:
    async with asyncio.timeout(within_seconds):
        return [event async for event in follow(learner, request)]
