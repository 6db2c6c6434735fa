"""Connections to Postgres that also work through a transaction-pooling proxy."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import asyncpg.pool

from core.errors import Unavailable

if TYPE_CHECKING:
    PlainPool = asyncpg.Pool[asyncpg.Record]
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    PlainConnection = asyncpg.Connection[asyncpg.Record]
else:
    # asyncpg's classes are generic in its stubs alone.
    PlainPool = asyncpg.Pool
    Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
    PlainConnection = asyncpg.Connection

# What a lost, refused or starved database raises; anything else from asyncpg is a bug of ours and stays loud.
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    # The old writer after a failover, a server out of disk or memory, a password that is being changed: all pass.
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    # Its loser may simply come again.
    asyncpg.DeadlockDetectedError,
    # A connection that stalled in the middle of a word and lost its place in the protocol.
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


CLOSE_SECONDS = 2.0

_ARRAYS = {1009: ("_text", 25), 1016: ("_int8", 20), 2951: ("_uuid", 2950), 2287: ("_record", 2249)}
"""Arrays in our statements, by their numbers in every Postgres (pg_type.dat), and what they are of."""

_PLAIN = {"ns": "pg_catalog", "elemdelim": ",", "basetype": None, "range_subtype": None, "attrtypoids": None}


class ProxySafeConnection(PlainConnection):
    """Holds one of the proxy's few connections only while the server works for it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._known: dict[tuple[Any, ...], Any] = {}
        # For a type it does not know asyncpg asks the server, with jit switched off by set_config: a proxy pins who does that.
        self.get_settings().register_data_types(
            [{"oid": number, "name": name, "elemtype": of, **_PLAIN} for number, (name, of) in _ARRAYS.items()]
        )

    def get_reset_query(self) -> str:
        """The usual one (advisory unlock, RESET ALL…) pins a proxied connection to its client for good."""
        return ""

    async def _get_statement(self, query: str, *given: Any, **how: Any) -> Any:
        # asyncpg asks the server what a statement takes and gives, and executes it when it has heard that. In between the proxy
        # can lend the connection to nobody, and a process that is frozen there keeps it for as long as it sleeps: one worker
        # had all six. What was asked once is known, and the statement goes out as a whole.
        key = (query, *sorted(how.items()))
        if key not in self._known:
            self._known[key] = await super()._get_statement(query, *given, **how)  # type: ignore[misc]  # not in its stubs
        return self._known[key]

    async def _do_execute(self, *given: Any, **how: Any) -> Any:
        try:
            return await super()._do_execute(*given, **how)  # type: ignore[misc]  # not in its stubs
        except Exception:
            # Perhaps a migration changed what it takes or gives. Asked again, the next one may go on.
            self._known.clear()
            raise


Waited = Callable[[float], None]
"""Called with the seconds somebody waited for a connection, whether or not they got one."""


def _unheard(_: float) -> None:
    """Nobody counts."""


class Pool(PlainPool):
    """asyncpg's, and whom to tell how long everybody waits."""

    def __init__(self, database_url: str, size: int, waited: Waited) -> None:
        super().__init__(
            database_url,
            init_size=None,
            min_size=0,
            max_size=size,
            max_queries=50_000,
            max_inactive_connection_lifetime=60,
            connect=None,
            setup=None,
            init=None,
            reset=None,
            loop=None,
            connection_class=ProxySafeConnection,
            record_class=asyncpg.Record,
            statement_cache_size=0,
            command_timeout=5,
            timeout=2,
        )
        self.waited = waited


def make_pool(database_url: str, size: int = 8, waited: Waited = _unheard) -> Pool:
    """A pool that is not connected yet: awaiting it connects. Prepared statements are not kept, since a proxy may
    run the next statement on another server connection."""
    return Pool(database_url, size, waited)


async def close_pool(pool: Pool) -> None:
    """A connection whose server has vanished may never say goodbye, so nobody waits for it long."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await pool.close()
    except TimeoutError:
        pool.terminate()


@asynccontextmanager
async def connected(pool: Pool, within: timedelta = timedelta(seconds=2)) -> AsyncIterator[Connection]:
    """Lend a connection. Raises Unavailable when Postgres is away or every connection stays busy for `within`."""
    try:
        async with (
            _acquired(pool, within) as connection,
            _thrown_away_when_confused(connection),
            _none_trusted_after_silence(pool, connection),
        ):
            yield connection
    except AWAY as error:
        # asyncpg's word for an argument it cannot send is an InterfaceError too, and a bug of ours.
        if isinstance(error, ValueError):
            raise
        raise Unavailable("The database is away for a moment; try again shortly.") from error


@asynccontextmanager
async def _acquired(pool: Pool, within: timedelta) -> AsyncIterator[Connection]:
    began = time.perf_counter()
    try:
        connection = await pool.acquire(timeout=within.total_seconds())
    finally:
        pool.waited(time.perf_counter() - began)
    try:
        yield connection
    finally:
        await pool.release(connection)


@asynccontextmanager
async def _none_trusted_after_silence(pool: Pool, connection: Connection) -> AsyncIterator[None]:
    """What swallowed one statement, such as a router that restarted, has swallowed the other connections too: each would cost
    whoever gets it five seconds more."""
    try:
        yield
    except TimeoutError:
        # To close it with all courtesy would take two seconds more.
        connection.terminate()
        await pool.expire_connections()
        raise


@asynccontextmanager
async def _thrown_away_when_confused(connection: Connection) -> AsyncIterator[None]:
    """Back in the pool it would fail whoever gets it next."""
    try:
        yield
    except asyncpg.InternalClientError:
        connection.terminate()
        raise
