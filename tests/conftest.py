"""Real servers for every test: one PostgreSQL and one Valkey a session, a fresh copy of the migrated database a test."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator

import asyncpg
import hypothesis  # noqa: F401  its plugin would at the very end, see below
import pytest
from redis.asyncio import Redis

from core.db.migrate import migrate
from core.db.pool import PlainConnection, Pool, make_pool
from core.queue import Bell, connect_bell
from local.home import Home
from local.ports import Ports, choose_ports
from local.postgres import database_url, make_postgres
from local.valkey import make_valkey, redis_url
from tests.fakes import fake_aws, served_fakes  # noqa: F401  fixtures for every room
from tests.moto import Moto, serve_moto
from tests.pgbouncer import MISSING, find_pgbouncer, make_pgbouncer, through
from tests.servers import PATIENT, serving

# Python 3.11 cannot parse one source while it tells of an exception in another task (the traceback parses, too): a module that
# is first imported when all is over can meet that, and turn a green run red.

TEMPLATE = "template_kotonoha"
QUICK = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
"""Tests lose nothing when the power goes."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("servers"))
    home.make()
    return home


@pytest.fixture(scope="session")
def ports() -> Ports:
    return choose_ports(0)


@pytest.fixture(scope="session")
def postgres_url(home: Home, ports: Ports) -> Iterator[str]:
    """A server with an empty database."""
    with serving(make_postgres(home, ports.postgres), *QUICK):
        yield database_url(home, ports.postgres)


@pytest.fixture(scope="session")
def template(postgres_url: str) -> str:
    asyncio.run(_execute(postgres_url, f"CREATE DATABASE {TEMPLATE}"))
    migrate(_named(postgres_url, TEMPLATE))
    return TEMPLATE


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proxied", action="store_true", help="through PgBouncer in transaction mode, as behind RDS Proxy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that the others run beside them to the end."""
    long = ("tests/chaos", "tests/frontends", "tests/infra_cdk", "tests/journeys")
    items.sort(key=lambda item: not item.nodeid.startswith(long))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if find_pgbouncer() is None:
        terminalreporter.write_line(MISSING, red=True, bold=True)


@pytest.fixture(scope="session")
def front(request: pytest.FixtureRequest, home: Home, postgres_url: str) -> Iterator[str]:
    """The server as code reaches it: itself, or PgBouncer in front of it."""
    if not request.config.getoption("--proxied"):
        yield postgres_url
        return
    proxy = make_pgbouncer(home.path / "pgbouncer", postgres_url)
    with serving(proxy):
        yield through(proxy, postgres_url)


@pytest.fixture
async def database(postgres_url: str, front: str, template: str) -> AsyncIterator[str]:
    """The URL of a migrated database that only this test sees."""
    name = f"test_{next(_numbers)}"
    # Written to the log block by block, as is usual, the copy would take twice the time.
    await _execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _named(front, name)
    await _execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
async def shared_connection(postgres_url: str, template: str) -> AsyncIterator[PlainConnection]:
    """To a migrated database in which nothing is ever committed."""
    await _execute(postgres_url, f"CREATE DATABASE shared TEMPLATE {template} STRATEGY FILE_COPY")
    connection = await asyncpg.connect(_named(postgres_url, "shared"), server_settings=PATIENT)
    yield connection
    await connection.close()


@pytest.fixture
async def connection(shared_connection: PlainConnection) -> AsyncIterator[PlainConnection]:
    """One transaction that is rolled back after the test: for queries that need nobody beside them."""
    transaction = shared_connection.transaction()
    await transaction.start()
    yield shared_connection
    await transaction.rollback()


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with make_pool(database) as pool:
        yield pool


@pytest.fixture(scope="session")
def valkey(home: Home, ports: Ports) -> Iterator[str]:
    with serving(make_valkey(home, ports.valkey)):
        yield redis_url(home, ports.valkey)


@pytest.fixture
async def valkey_url(valkey: str) -> str:
    """An empty Valkey."""
    async with Redis.from_url(valkey) as redis:
        await redis.flushall()
    return valkey


@pytest.fixture
async def bell(valkey_url: str) -> AsyncIterator[Bell]:
    bell = connect_bell(valkey_url)
    yield bell
    await bell.aclose(close_connection_pool=True)


@pytest.fixture(scope="session")
def moto() -> Iterator[Moto]:
    with serve_moto() as moto:
        yield moto


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, server_settings=PATIENT)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(url: str, database: str) -> str:
    return f"{url.rpartition('/')[0]}/{database}"
