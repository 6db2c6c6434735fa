"""A server that speaks as a test tells it, byte by byte, and hangs up where the test wants."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

Answer = Callable[[str], bytes]
"""From the request line to all bytes of the answer; the connection is closed after them."""


@contextlib.asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """Yields the address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(head.split(b"\r\n")[0].decode()))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def say(status: str, body: bytes = b"", *headers: str) -> bytes:
    return (
        "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]).encode() + body
    )


def stream(body: bytes) -> bytes:
    """Without a length and without chunks, so that it ends where the connection does."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + body
