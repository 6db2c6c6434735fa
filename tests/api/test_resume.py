"""A story read in fifty pieces, over both kinds of stream, from an api that is restarted and killed meanwhile."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
from msgspec import structs
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from core.broadcast import publish
from core.contracts.ids import RequestId
from core.db.pool import Pool
from core.queue import Bell
from core.settings import Settings
from tests.api.issuer import Issuer
from tests.api.serve import events, hear, subscribe
from tests.api.work import end_well, stumble, submit

CUTS = 50


class Follower:
    """Reads a few events, hangs up without a word, comes back with the last seq it has."""

    def __init__(self, at: str, token: str, request_id: RequestId, dice: random.Random) -> None:
        self.told: list[int] = []
        self.cuts = 0
        self.is_over = False
        self._at = at
        self._headers = {"Authorization": f"Bearer {token}"}
        self._request_id = request_id
        self._dice = dice

    async def read_some(self) -> None:
        some = self._dice.randint(1, 6)
        read = self._dice.choice([self._read_stream, self._read_socket])
        # An api that is being restarted refuses, or breaks off.
        with contextlib.suppress(httpx.TransportError, OSError, WebSocketException):
            await read(some)
            self.cuts += 1

    @property
    def _last(self) -> int:
        return self.told[-1] if self.told else 0

    async def _read_stream(self, some: int) -> None:
        path = f"/api/requests/{self._request_id}/events?after={self._last}"
        async with httpx.AsyncClient(base_url=f"http://{self._at}", headers=self._headers, trust_env=False) as client:
            # What was cut after its last word, with nothing left to tell, answers so at once.
            self.is_over = await is_told(client, path)
            if self.is_over:
                return
            async with aclosing(events(client, path)) as stream:
                async for event in stream:
                    self.told.append(event["seq"])
                    some -= 1
                    if not some:
                        return

    async def _read_socket(self, some: int) -> None:
        async with connect(f"ws://{self._at}/live", additional_headers=self._headers, proxy=None) as live:
            await subscribe(live, str(self._request_id), self._last)
            for _ in range(some):
                frame = await hear(live)
                if frame["type"] == "ended":
                    self.is_over = True
                    return
                self.told.append(frame["seq"])
            live.transport.abort()


async def is_told(client: httpx.AsyncClient, path: str) -> bool:
    async with client.stream("GET", path) as answer:
        return answer.status_code == 204


@contextlib.asynccontextmanager
async def api(settings: Settings, port: int) -> AsyncIterator[Process]:
    """A process of its own that answers already."""
    environment = os.environ | {f"KOTONOHA_{name.upper()}": str(value) for name, value in structs.asdict(settings).items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.main", "--port", str(port)), env=environment, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(30):
            while not await answers(client, port):
                assert process.returncode is None
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 10)


async def answers(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/health/live")).is_success
    except httpx.TransportError:
        await asyncio.sleep(0.05)
        return False


async def work(pool: Pool, bell: Bell, dice: random.Random, enough: asyncio.Event) -> int:
    """Events until it is enough, some of them without a word to Redis; returns how many there are at the end."""
    seq = 1
    while not enough.is_set():
        told = await stumble(pool)
        seq += len(told)
        if dice.random() < 0.7:
            await publish(bell, told)
        await asyncio.sleep(0.01)
    await publish(bell, await end_well(pool))
    return seq + 3


async def test_a_story_cut_fifty_times_across_restarts_is_heard_whole_and_once(
    settings: Settings, issuer: Issuer, pool: Pool, bell: Bell
) -> None:
    dice, enough = random.Random(7), asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    request_id = await submit(pool)
    follower = Follower(f"127.0.0.1:{port}", issuer.token("mei"), request_id, dice)
    working = asyncio.create_task(work(pool, bell, dice, enough))
    for until, sig in ((17, signal.SIGTERM), (34, signal.SIGKILL), (CUTS, None)):
        async with api(settings, port) as process:
            while follower.cuts < until:
                await follower.read_some()
            if sig is not None:
                # Killed in the middle of a stream, not between two.
                reading = asyncio.create_task(follower.read_some())
                process.send_signal(sig)
                await asyncio.gather(process.wait(), reading)
            else:
                enough.set()
                while not follower.is_over:
                    await follower.read_some()
    count = await working

    assert follower.cuts >= CUTS
    assert follower.told == list(range(1, count + 1))
