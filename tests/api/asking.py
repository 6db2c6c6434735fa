"""A learner who asks for a haiku and reads it."""

from typing import Any

import httpx

Json = dict[str, Any]


async def compose(client: httpx.AsyncClient, topic: str = "autumn rain", **more: Any) -> Json:
    answer = await client.post("/api/haiku", json={"topic": topic, **more})
    assert answer.status_code == 202, answer.text
    request: Json = answer.json()
    return request


async def read(client: httpx.AsyncClient, request: Json) -> Json:
    """The haiku that this request is for."""
    haiku: Json = (await client.get(request["resource"])).json()
    return haiku
