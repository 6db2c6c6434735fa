"""A door in front of a server that can fall silent: connections stay open and are still accepted, and nothing passes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Door:
    """Stands between a client and the server at `url`; `url_behind` is where clients knock."""

    def __init__(self, url: str) -> None:
        self._server = urlsplit(url)
        self._passing = asyncio.Event()
        self._passing.set()
        self._visits: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url_behind(self) -> str:
        credentials = self._server.netloc.rpartition("@")[0]
        return self._server._replace(netloc=f"{credentials}@127.0.0.1:{self.port}").geturl()

    def fall_silent(self) -> None:
        self._passing.clear()

    async def speak(self) -> None:
        """To those who come now; the others are hung up on."""
        await self.close()
        self._passing.set()

    async def enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.create_task(self._visit(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def close(self) -> None:
        visits = tuple(self._visits)
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, towards = await asyncio.open_connection(self._server.hostname, self._server.port)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, towards))
                group.create_task(self._pass(behind, writer))
        finally:
            for side in (writer, towards):
                side.close()
            await asyncio.gather(writer.wait_closed(), towards.wait_closed(), return_exceptions=True)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while words := await source.read(65536):
                await self._passing.wait()
                target.write(words)
        target.close()


@asynccontextmanager
async def door_to(url: str) -> AsyncIterator[Door]:
    door = Door(url)
    async with await asyncio.start_server(door.enter, "127.0.0.1", 0) as server:
        door.port = server.sockets[0].getsockname()[1]
        try:
            yield door
        finally:
            await door.close()
