"""Learners who ask, follow, change their minds, delete, and never give up on an answer they were promised."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import websockets
from websockets.exceptions import WebSocketException

from tests.chaos.tools import POISON
from tests.chaos.world import World

Json = dict[str, Any]
AWAY = (httpx.TransportError, httpx.StreamError, OSError, TimeoutError, WebSocketException)
PAUSE = 0.2
DAWDLES = 0.02
"""How likely a follower stops reading for a while after an event."""


@dataclass(frozen=True)
class Temper:
    """How likely a learner is to do what in a second; `patience` is how many of theirs may be open at once."""

    name: str
    patience: int = 4
    cancels: float = 0.05
    deletes: float = 0.03
    poisons: float = 0.01


async def live(world: World, temper: Temper, enough: asyncio.Event) -> None:
    """Ask until it is enough, then see everything through to its end."""
    room = asyncio.Semaphore(temper.patience)
    async with world.client(temper.name) as client, asyncio.TaskGroup() as group:
        while not enough.is_set():
            async with room:
                pass
            group.create_task(_one(world, temper, client, room))
            await asyncio.sleep(world.chance.uniform(0.1, 0.6))


async def _one(world: World, temper: Temper, client: httpx.AsyncClient, room: asyncio.Semaphore) -> None:
    async with room:
        topic = POISON if world.chance.random() < temper.poisons else f"topic {world.chance.random()}"
        request = await insist(world, client, "POST", "/api/haiku", {"topic": topic}, key=uuid.uuid4().hex)
        request_id = UUID(request["id"])
        world.notes.accepted.add(request_id)
        async with asyncio.TaskGroup() as group:
            group.create_task(_follow(world, temper, request_id))
            if world.chance.random() < temper.cancels:
                await asyncio.sleep(world.chance.uniform(0, 1))
                await insist(world, client, "POST", request["links"]["cancel"])
        await _afterwards(world, temper, client, request, topic)


async def _afterwards(world: World, temper: Temper, client: httpx.AsyncClient, request: Json, topic: str) -> None:
    """A failure is tried again once, and what is not wanted any more is deleted."""
    now = await insist(world, client, "GET", request["links"]["self"])
    if now["status"] == "failed" and topic != POISON:
        await insist(world, client, "POST", request["links"]["retry"])
        await _follow(world, temper, UUID(request["id"]))
    if world.chance.random() < temper.deletes:
        world.notes.seen.pop(UUID(request["id"]), None)
        await insist(world, client, "DELETE", request["resource"])


async def insist(
    world: World, client: httpx.AsyncClient, method: str, path: str, body: Json | None = None, key: str | None = None
) -> Json:
    """Ask until somebody answers, now here, now there. A key makes it safe to ask again after an answer that got lost."""
    headers = {"Idempotency-Key": key} if key else {}
    while True:
        with contextlib.suppress(*AWAY):
            answer = await client.request(method, world.some_api() + path, json=body, headers=headers)
            if answer.status_code in {200, 202}:
                told: Json = answer.json()
                return told
            # A deletion whose answer got lost has happened all the same.
            if method == "DELETE" and answer.status_code in {204, 404}:
                return {}
            assert answer.status_code in {429, 503}, (method, path, answer.status_code, answer.text, world.crashes())
            assert int(answer.headers["retry-after"]) >= 1
            world.notes.refused += 1
        await asyncio.sleep(PAUSE)


async def _follow(world: World, temper: Temper, request_id: UUID) -> None:
    """To the end, over streams that break, in whichever way chance has it. Every numbered event is noted as it comes."""
    seen = world.notes.seen.setdefault(request_id, [])
    over = False
    while not over:
        stream = _by_socket if world.chance.random() < 0.5 else _by_sse
        patience = world.chance.expovariate(1 / 5)
        with contextlib.suppress(*AWAY):
            async with asyncio.timeout(patience):
                async for seq in stream(world, temper.name, request_id, seen[-1] if seen else 0):
                    if seq is None:
                        over = True
                        break
                    seen.append(seq)
                    if world.chance.random() < DAWDLES:
                        await asyncio.sleep(world.chance.uniform(1, 3))
        await asyncio.sleep(world.chance.uniform(0, PAUSE))


async def _by_sse(world: World, learner: str, request_id: UUID, after: int) -> AsyncIterator[int | None]:
    """Numbers of events; None when all was told."""
    path = f"{world.some_api()}/api/requests/{request_id}/events"
    async with world.client(learner) as client, client.stream("GET", path, params={"after": after}) as stream:
        if stream.status_code == 204:
            yield None
            return
        if stream.status_code != 200:
            return
        async for line in stream.aiter_lines():
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if "seq" in event:
                yield int(event["seq"])


async def _by_socket(world: World, learner: str, request_id: UUID, after: int) -> AsyncIterator[int | None]:
    headers = {"Authorization": f"Bearer {world.token(learner)}"}
    url = world.some_api().replace("http", "ws") + "/live"
    async with websockets.connect(url, additional_headers=headers, proxy=None) as socket:
        subscribe = {"type": "subscribe", "requests": [{"id": str(request_id), "after": after}]}
        await socket.send(json.dumps(subscribe))
        async for frame in socket:
            told = json.loads(frame)
            if told["type"] == "ended":
                yield None
                return
            if "seq" in told:
                yield int(told["seq"])
