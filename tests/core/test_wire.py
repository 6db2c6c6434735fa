"""A connection to Redis that is lost says so, also in the moment in which uvloop has a word of its own for it.

Each test has a loop of its own: the suite does not run on uvloop, in which pytest-timeout cannot end what hangs.
"""

from collections.abc import Awaitable, Callable

import pytest
import uvloop
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as Lost

from core.contracts.ids import UserId
from core.errors import Quota, TooMany
from core.limits import Limits
from core.queue import Bell, connect_bell
from core.wire import PlainWire, SecureWire


def on_uvloop(valkey: str, use: Callable[[Bell], Awaitable[None]]) -> None:
    async def connected() -> None:
        bell = connect_bell(valkey)
        await bell.flushall()
        try:
            await use(bell)
        finally:
            await bell.aclose(close_connection_pool=True)

    uvloop.run(connected())


def lose(bell: Bell) -> None:
    """The socket of every idle connection is closed, and its protocol has not heard of it yet."""
    idle: list[AbstractConnection] = bell.connection_pool._available_connections  # redis-py has no public way to them
    assert idle
    for connection in idle:
        writer = connection._writer
        assert writer
        writer.transport.abort()


def test_a_lost_connection_is_one_error_and_the_next_command_has_another(valkey: str) -> None:
    async def ping(bell: Bell) -> None:
        lose(bell)
        with pytest.raises(Lost):
            await bell.ping()

        assert await bell.ping()

    on_uvloop(valkey, ping)


def test_a_limit_is_held_without_the_lost_connection(valkey: str) -> None:
    async def take_two(bell: Bell) -> None:
        limits, one = Limits(bell, 1), Quota("requests", 1, 60)
        lose(bell)
        await limits.take(one, UserId("mei"))
        with pytest.raises(TooMany):
            await limits.take(one, UserId("mei"))

    on_uvloop(valkey, take_two)


@pytest.mark.parametrize(("address", "wire"), [("redis://cache:6379/1", PlainWire), ("rediss://cache:6379/1", SecureWire)])
async def test_addresses_choose_their_wire(address: str, wire: type[AbstractConnection]) -> None:
    pool = connect_bell(address).connection_pool

    assert pool.connection_class is wire
    assert pool.connection_kwargs["host"] == "cache"
