"""A learner who reads what was asked for."""

import httpx

from tests.journeys.steps import Json


async def read(client: httpx.AsyncClient, request: Json) -> Json:
    """The haiku that this request is for."""
    haiku: Json = (await client.get(request["resource"])).json()
    return haiku
