"""Connections to Redis on uvloop, which answers a write to a socket that has just been lost with a RuntimeError: neither redis-py
nor anybody above it takes that for a Redis that is away."""

from collections.abc import Iterable

from redis.asyncio import Connection, SSLConnection
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as Lost


class _SaysLost(AbstractConnection):
    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        """Raises redis-py's ConnectionError and TimeoutError alone."""
        try:
            await super().send_packed_command(command, check_health)
        except RuntimeError as error:
            raise Lost("The connection to Redis was lost.") from error


class PlainWire(_SaysLost, Connection):
    """For redis:// addresses."""


class SecureWire(_SaysLost, SSLConnection):
    """For rediss:// addresses."""
