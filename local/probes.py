"""Ask a part on loopback whether it is ready, without loading a client library for one question."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

SECONDS = 5.0

Probe = Callable[[int], Awaitable[bool]]


def answers_http(port: int, path: str) -> Probe:
    ask = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"

    async def ready(_: int) -> bool:
        return b" 200 " in await _first_line(port, ask.encode())

    return ready


def answers_ping(port: int, password: str) -> Probe:
    """Valkey's inline commands; while it still loads its file it answers -LOADING."""

    async def ready(_: int) -> bool:
        return await _first_line(port, f"AUTH {password}\r\nPING\r\n".encode(), skip=1) == b"+PONG\r\n"

    return ready


def says(log: Path, words: bytes) -> Probe:
    """For those who listen on no port: what they write once they serve, after what the log holds already."""
    start = log.stat().st_size if log.exists() else 0

    async def ready(_: int) -> bool:
        return words in _read_since(log, start)

    return ready


def _read_since(log: Path, start: int) -> bytes:
    with log.open("rb") as lines:
        # A log that became too long has been moved away and began anew.
        lines.seek(start if log.stat().st_size >= start else 0)
        return lines.read()


async def _first_line(port: int, ask: bytes, skip: int = 0) -> bytes:
    try:
        async with asyncio.timeout(SECONDS):
            return await _exchange(port, ask, skip)
    except (OSError, TimeoutError):
        return b""


async def _exchange(port: int, ask: bytes, skip: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(ask)
        for _ in range(skip):
            await reader.readline()
        return await reader.readline()
    finally:
        writer.close()
