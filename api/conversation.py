"""One live socket: the client says what to follow, we tell what happens, until somebody ends it."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from msgspec import Struct

from api.errors import describe_problem
from api.event_stream import PATIENCE
from api.follow import Story
from api.frames import SUBSCRIPTIONS, Ended, From, Pong, Refusal, Subscribe, Unsubscribe, read_frame
from core.contracts.events import Event
from core.contracts.ids import RequestId, UserId
from core.errors import KotonohaError, Refused, TooMany
from telemetry.metrics import follower_resumed

GARBAGE = 3
"""How many frames nobody can understand are answered; the last is followed by the end."""


class Close(Struct, frozen=True):
    """Why a socket was closed, as a code (RFC 6455, section 7.4; those from 4000 are ours) and a word."""

    code: int
    reason: str


NONSENSE = Close(4400, "three frames were not understood")
SESSION_OVER = Close(4401, "the session has ended")
TOO_SLOW = Close(4408, "nothing was read for too long")
STOPPING = Close(1012, "the server restarts; come back")


class Conversation:
    """What one socket follows. Nothing waits in line for a slow client: each subscription holds one event and asks for more
    when that was taken."""

    def __init__(self, socket: WebSocket[Any, Any, Any], story: Story, owner: UserId, patience: timedelta = PATIENCE) -> None:
        self._patience = patience
        self._socket = socket
        self._story = story
        self._owner = owner
        self._following: dict[RequestId, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()
        self._garbage = 0

    async def run(self) -> Close | None:
        """Talk until the client leaves (None) or has to. Every subscription has ended when this returns."""
        close: Close | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                try:
                    close = await self._listen(tasks)
                finally:
                    for task in self._following.values():
                        task.cancel()
        except* TimeoutError:
            close = TOO_SLOW
        except* (WebSocketDisconnect, OSError):
            pass
        return close

    async def _listen(self, tasks: asyncio.TaskGroup) -> Close | None:
        while (sent := await self._receive()) is not None:
            try:
                await self._obey(sent, tasks)
            except Refused as error:
                await self._refuse(error)
                self._garbage += 1
                if self._garbage == GARBAGE:
                    return NONSENSE
        return None

    async def _receive(self) -> str | bytes | None:
        message: Any = await self._socket.receive()
        if message["type"] != "websocket.receive":
            return None
        text: str | None = message.get("text")
        return message["bytes"] if text is None else text

    async def _obey(self, sent: str | bytes, tasks: asyncio.TaskGroup) -> None:
        match read_frame(sent):
            case Subscribe(requests):
                for start in requests:
                    await self._subscribe(start, tasks)
            case Unsubscribe(requests):
                for which in requests:
                    await self._unsubscribe(which.id)
            case _:
                await self._say(Pong())

    async def _subscribe(self, start: From, tasks: asyncio.TaskGroup) -> None:
        await self._unsubscribe(start.id)
        if len(self._following) >= SUBSCRIPTIONS:
            await self._refuse(TooMany(f"A socket follows at most {SUBSCRIPTIONS} requests."), start.id)
            return
        if start.after:
            follower_resumed("socket")
        self._following[start.id] = tasks.create_task(self._follow(start))

    async def _unsubscribe(self, request_id: RequestId) -> None:
        task = self._following.pop(request_id, None)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _follow(self, start: From) -> None:
        events = self._story.follow(start.id, self._owner, start.after)
        last: Struct = Ended(start.id)
        try:
            async with contextlib.aclosing(events):
                async for event in events:
                    if event is not None:
                        await self._say(event)
        except Refused as error:
            last = _refusal(error, start.id)
        # Forgotten before the last word, so that who answers it by subscribing again is not cut off.
        self._following.pop(start.id, None)
        await self._say(last)

    async def _refuse(self, error: KotonohaError, request_id: RequestId | None = None) -> None:
        await self._say(_refusal(error, request_id))

    async def _say(self, frame: Event | Struct) -> None:
        """Raises TimeoutError when the client takes nothing, and OSError or WebSocketDisconnect when it is not there."""
        async with self._sending, asyncio.timeout(self._patience.total_seconds()):
            await self._socket.send_text(msgspec.json.encode(frame).decode())


def _refusal(error: KotonohaError, request_id: RequestId | None) -> Refusal:
    return Refusal(describe_problem(error, "/live"), request_id)
