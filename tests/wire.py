"""A TCP connection to a server of ours that a test can cut and mend."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit


class Fatal(NamedTuple):
    """Words that kill whoever has them executed, and what that one sent."""

    words: bytes
    sent: asyncio.Future[bytes]


class Wire:
    """Carries bytes to 127.0.0.1:`port` while it is whole. Cut, it closes what is open and hangs up on whoever calls."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.listens = 0
        self._ends: set[StreamWriter] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._whole = True
        self._gate = _open_gate()
        self._fatal: Fatal | None = None
        self.breaking = asyncio.Lock()
        """Held by whoever breaks it where several do: the second would mend the first."""

    def cut(self) -> None:
        self._whole = False
        self.drop()

    def drop(self) -> None:
        """Close what is open; whoever calls again is served."""
        for end in tuple(self._ends):
            end.close()

    def mend(self) -> None:
        self._whole = True
        self._gate.set()
        self._fatal = None

    def silence(self) -> None:
        """Half open: connections stand, also new ones, and nothing comes through until `mend`."""
        self._gate.clear()

    def forget(self) -> None:
        """What stands now swallows everything for ever and is never closed, as behind a router that restarted; whoever calls
        again is served."""
        self._gate.clear()
        self._gate = _open_gate()

    def die_after(self, words: bytes) -> asyncio.Future[bytes]:
        """The next connection that has a statement with these words executed dies before the answer; then this is what it sent.

        Cancelled, nothing dies of these words any more.
        """
        self._fatal = Fatal(words, asyncio.get_running_loop().create_future())
        return self._fatal.sent

    async def carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._calls.add(task)
        try:
            # Only `end` cancels, and asyncio's server would print a cancelled call as a crash.
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._carry(reader, writer)
        finally:
            self._calls.discard(task)
            writer.close()

    async def end(self) -> None:
        """Nothing is left open or waiting: neither may outlive the loop."""
        self.cut()
        calls = tuple(self._calls)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not self._whole:
            return
        gate = self._gate
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends |= {writer, back}
        try:
            await asyncio.gather(self._pump(gate, reader, back, writer), self._pump(gate, there, writer))
        finally:
            self._ends -= {writer, back}
            writer.close()
            back.close()
            await asyncio.gather(writer.wait_closed(), back.wait_closed(), return_exceptions=True)

    async def _pump(
        self, gate: asyncio.Event, source: StreamReader, sink: StreamWriter, victim: StreamWriter | None = None
    ) -> None:
        doom: asyncio.Future[bytes] | None = None
        with contextlib.suppress(OSError):
            while piece := await source.read(65536):
                await gate.wait()
                sink.write(piece)
                await sink.drain()
                if victim is None:
                    continue
                doom = doom or self._doom_of(piece)
                if doom is not None and not doom.done() and _executes(piece):
                    doom.set_result(piece)
                    victim.close()
        sink.close()

    def _doom_of(self, piece: bytes) -> asyncio.Future[bytes] | None:
        """Each doom is one connection's."""
        if self._fatal is None or self._fatal.words not in piece:
            return None
        doom, self._fatal = self._fatal.sent, None
        return doom


def _executes(piece: bytes) -> bool:
    """A simple Query of PostgreSQL, or an Execute. A Parse alone does nothing yet: its values come in the next piece.

    https://www.postgresql.org/docs/current/protocol-message-formats.html
    """
    return piece.startswith(b"Q") or b"E\0\0\0\x09\0" in piece


def _open_gate() -> asyncio.Event:
    gate = asyncio.Event()
    gate.set()
    return gate


@contextlib.asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the server of this URL, and the URL that leads through it."""
    parts = urlsplit(url)
    assert parts.port is not None
    wire = Wire(parts.port)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.listens = server.sockets[0].getsockname()[1]
    try:
        yield wire, urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{wire.listens}")))
    finally:
        await wire.end()
        server.close()
        await server.wait_closed()
