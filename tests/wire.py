"""A TCP connection to a server of ours that a test can cut and mend."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit


class Wire:
    """Carries bytes to 127.0.0.1:`port` while it is whole. Cut, it closes what is open and hangs up on whoever calls."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: set[StreamWriter] = set()
        self._whole = True

    def cut(self) -> None:
        self._whole = False
        for end in self._ends:
            end.close()

    def mend(self) -> None:
        self._whole = True

    async def carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await self._carry(reader, writer)
        writer.close()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not self._whole:
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends |= {writer, back}
        await asyncio.gather(_pump(reader, back), _pump(there, writer))
        self._ends -= {writer, back}


@contextlib.asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the server of this URL, and the URL that leads through it."""
    parts = urlsplit(url)
    assert parts.port is not None
    wire = Wire(parts.port)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield wire, urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{port}")))
    finally:
        wire.cut()
        server.close()
        await server.wait_closed()


async def _pump(source: StreamReader, sink: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()
    sink.close()
