"""The api behind its real server on a free port of loopback, and the two ways to follow a request there."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx
from litestar import Litestar
from websockets.asyncio.client import ClientConnection, connect

from api.app import create_app
from api.main import Server, configure
from core.settings import Settings


class House:
    """A served api: where it is, and how to stop it as a signal would."""

    def __init__(self, app: Litestar, server: Server, port: int) -> None:
        self.app = app
        self.at = f"127.0.0.1:{port}"
        self._server = server

    def stop(self) -> None:
        self.app.state.stopping.set()
        self._server.should_exit = True

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(base_url=f"http://{self.at}", headers=headers, trust_env=False, timeout=20)

    def socket(self, token: str | None = None, **more: Any) -> connect:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return connect(f"ws://{self.at}/live", additional_headers=headers, proxy=None, **more)


@contextlib.asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[House]:
    app = create_app(settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = Server(configure(app, settings, "127.0.0.1", port), app.state.stopping)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            assert not task.done()
            await asyncio.sleep(0.005)
        house = House(app, server, port)
        try:
            yield house
        finally:
            house.stop()
            await task


async def events(client: httpx.AsyncClient, path: str, **headers: str) -> AsyncGenerator[dict[str, Any], None]:
    """The events of a stream until it closes. Read it inside `aclosing` when leaving early."""
    async with client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


async def say(live: ClientConnection, **frame: Any) -> None:
    await live.send(json.dumps(frame))


async def subscribe(live: ClientConnection, request_id: str, after: int = 0) -> None:
    await say(live, type="subscribe", requests=[{"id": request_id, "after": after}])


async def hear(live: ClientConnection) -> dict[str, Any]:
    """The next frame, within 10 seconds."""
    frame: dict[str, Any] = json.loads(await asyncio.wait_for(live.recv(), 10))
    return frame


async def hear_all(live: ClientConnection, request_id: str) -> list[dict[str, Any]]:
    """The events of one request until it has ended; other frames are not listened to."""
    heard = []
    while (frame := await hear(live)).get("type") != "ended" or frame["request_id"] != request_id:
        if frame.get("request_id") == request_id:
            heard.append(frame)
    return heard
