"""A Postgres that is away is one error, whatever asyncpg calls it; a bug of ours stays what it is."""

import asyncio
import contextlib
from datetime import timedelta

import asyncpg
import pytest

from core.contracts.ids import ArtifactId, new_id
from core.db.artifacts import find_file
from core.db.backlog import get_backlog, is_alive
from core.db.lease import intend, renew_leases
from core.db.ops import get_overview
from core.db.pool import PlainConnection, Pool, connected, make_pool
from core.db.requests import list_requests_for
from core.db.sweep import take_sweep_lock
from core.errors import Unavailable
from tests.core.db.rows import KEN, MEI, claim, claim_one, compose, end, say, submit, success
from tests.until import until
from tests.wire import wired


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with make_pool("postgresql://nobody@127.0.0.1:1/nothing") as pool:
        with pytest.raises(Unavailable):
            async with connected(pool):
                pass


async def test_a_pool_that_is_all_lent_out_is_unavailable_after_a_while(database: str) -> None:
    async with make_pool(database, size=1) as pool, pool.acquire():
        with pytest.raises(Unavailable):
            async with connected(pool, within=timedelta(seconds=0.02)):
                pass


async def test_a_connection_that_dies_in_our_hands_is_unavailable_and_the_next_one_is_not(pool: Pool) -> None:
    with pytest.raises(Unavailable):
        async with connected(pool) as db:
            await db.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    async with connected(pool) as db:
        assert await is_alive(db)


async def test_a_transaction_that_slept_too_long_is_unavailable(pool: Pool) -> None:
    """A process that was paused in the middle of one finds its connection closed when it wakes."""
    with pytest.raises(Unavailable):
        await oversleep(pool)


async def oversleep(pool: Pool) -> None:
    async with connected(pool) as db, pool.acquire() as other, db.transaction():
        pid = await db.fetchval("SELECT pg_backend_pid()")
        await db.execute("SET LOCAL idle_in_transaction_session_timeout = '1ms'")
        while await other.fetchval("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)", pid):
            pass
        await db.fetchval("SELECT true")


async def test_who_freezes_in_a_transaction_holds_nobody_up_for_longer_than_a_short_lease(pool: Pool) -> None:
    async with pool.acquire() as frozen, pool.acquire() as other:
        await frozen.transaction().start()
        held = await take_sweep_lock(frozen, "prune")
        was_free = await take_sweep_lock(other, "prune")
        await until(lambda: take_sweep_lock(other, "prune"), within_seconds=10)

    assert (held, was_free) == (True, False)


async def test_who_freezes_before_a_statement_is_executed_holds_no_connection_for_long(pool: Pool) -> None:
    """Between the two, a pooler has lent a connection of the server, which is neither idle nor running anything."""
    async with pool.acquire() as frozen, pool.acquire() as other:
        await frozen.prepare("SELECT 'asked and never executed'")

        async def is_let_go() -> bool:
            return not await other.fetchval(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%never executed%' AND pid <> pg_backend_pid())"
            )

        was_held = not await is_let_go()
        await until(is_let_go, within_seconds=10)

    assert was_held


async def test_a_statement_that_takes_too_long_is_unavailable(pool: Pool) -> None:
    with pytest.raises(Unavailable):
        await take_too_long(pool)


async def take_too_long(pool: Pool) -> None:
    async with connected(pool) as db, db.transaction():
        await db.execute("SET LOCAL statement_timeout = '10ms'")
        await db.fetchval("SELECT pg_sleep(5)")


async def test_a_bug_of_ours_stays_loud(pool: Pool) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with connected(pool) as db:
            await db.fetchval("SELECT true FROM street.nothing")


async def test_nothing_is_prepared_and_nothing_is_reset_so_that_a_proxy_may_share_connections(pool: Pool) -> None:
    async with connected(pool) as db:
        await is_alive(db)
        prepared = await db.fetchval("SELECT count(*) FROM pg_prepared_statements")
        await db.execute("SET application_name = 'still here'")
    async with connected(pool) as db:
        name = await db.fetchval("SELECT current_setting('application_name')")

    assert prepared == 0
    assert name == "still here"


async def test_no_statement_of_ours_makes_asyncpg_ask_for_a_type(pool: Pool) -> None:
    """It changes a setting of the session meanwhile, and a proxy such as Amazon's pins who does that."""
    said, resource = list[str](), new_id()
    async with pool.acquire() as db:
        with db.query_logger(lambda asked: said.append(asked.query)):
            request = await submit(db, MEI, say(), resource=resource)
            job = await claim_one(db, "speech")
            await renew_leases(db, [job], timedelta(seconds=10))
            await intend(db, job, ArtifactId("a" * 64))
            await end(db, job, success())
            await get_overview(db, request)
            (told,) = await list_requests_for(db, [resource], MEI)

    assert [each.status for each in told.jobs] == ["succeeded"]
    assert not [each for each in said if "set_config" in each or "pg_type" in each]


FLUSH = b"H\0\0\0\4"
"""Answer what I said so far: the server now waits for more, and a proxy waits with it."""


async def test_a_statement_goes_out_as_a_whole_so_that_who_freezes_keeps_no_connection_of_a_proxy(database: str) -> None:
    async with wired(database) as (wire, url), make_pool(url, size=1) as pool, connected(pool) as db:
        asked = [await db.fetchval("SELECT $1::int + 1", number) for number in (1, 2)]
        wire.die_after(FLUSH)
        asked.append(await db.fetchval("SELECT $1::int + 1", 3))
        with pytest.raises(asyncpg.PostgresConnectionError):
            await db.fetchval("SELECT $1::int + 2", 4)

    assert asked == [2, 3, 4]


@pytest.mark.parametrize(
    ("asked", "given"),
    [("SELECT * FROM leaves", ()), ("SELECT word FROM leaves", ()), ("SELECT true FROM leaves WHERE word = $1", (1,))],
)
async def test_a_statement_that_a_migration_changed_fails_once_and_no_longer(
    pool: Pool, asked: str, given: tuple[int, ...]
) -> None:
    async with pool.acquire() as db:
        await db.execute("CREATE TABLE leaves AS SELECT 1 AS word")
        before = await db.fetchval(asked, *given)
        await db.execute("ALTER TABLE leaves ADD COLUMN colour int, ALTER COLUMN word TYPE bigint")
        with pytest.raises(Exception, match=r"is different from what was described|unexpected trailing|insufficient data"):
            await db.fetchval(asked, *given)

        assert await db.fetchval(asked, *given) == before


async def test_the_backlog_counts_what_waits_in_one_queue(connection: PlainConnection) -> None:
    await submit(connection, MEI, compose(), say(), say(2))
    await submit(connection, KEN, say())
    before = await get_backlog(connection, "speech")
    await claim(connection, "speech", slots=2)

    assert before == 3
    assert await get_backlog(connection, "speech") == 1
    assert await get_backlog(connection, "text") == 1
    assert await get_backlog(connection, "image") == 0


async def test_a_file_nobody_paid_for_is_not_there(connection: PlainConnection) -> None:
    assert await find_file(connection, ArtifactId("nothing")) is None


async def test_a_connection_that_stalls_is_unavailable_and_never_a_puzzle(database: str) -> None:
    """Callers give up in the middle of a word, and the next one gets what they left behind."""
    async with wired(database) as (wire, url), make_pool(url, size=2) as pool:
        for _ in range(2):
            async with connected(pool) as db:
                await is_alive(db)
            wire.silence()
            await asyncio.gather(*(impatient(pool, 0.05) for _ in range(6)))
            wire.drop()
            wire.mend()
            await asyncio.gather(*(impatient(pool, 5) for _ in range(6)))
        async with connected(pool) as db:
            assert await is_alive(db)


async def impatient(pool: Pool, seconds: float) -> None:
    with contextlib.suppress(Unavailable, TimeoutError):
        async with asyncio.timeout(seconds), connected(pool, timedelta(seconds=1)) as db, db.transaction():
            await is_alive(db)


async def test_after_one_silence_no_other_connection_is_trusted(database: str) -> None:
    """A router restarted: what stood swallows everything for ever, and whoever calls again is served."""
    async with wired(database) as (wire, url), make_pool(url, size=3) as pool:
        async with connected(pool) as first, connected(pool) as second, connected(pool) as third:
            await asyncio.gather(*map(is_alive, (first, second, third)))
        wire.forget()
        with pytest.raises(Unavailable):
            async with asyncio.timeout(1.5):
                await wait_in_vain(pool)
        async with asyncio.timeout(3), connected(pool) as first, connected(pool) as second:
            answers = await asyncio.gather(is_alive(first), is_alive(second))

    assert all(answers)


async def wait_in_vain(pool: Pool) -> None:
    async with connected(pool) as db:
        await db.fetchval("SELECT true", timeout=0.1)


async def test_a_confused_connection_is_thrown_away(database: str) -> None:
    async with make_pool(database, size=1) as pool:
        with pytest.raises(Unavailable):
            await confuse(pool)

        assert pool.get_size() == 0
        async with connected(pool) as db:
            assert await is_alive(db)


async def confuse(pool: Pool) -> None:
    async with connected(pool):
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")


async def test_a_server_that_only_reads_is_unavailable(pool: Pool) -> None:
    """The old writer after a failover."""
    with pytest.raises(Unavailable):
        await write_what_may_only_be_read(pool)


async def write_what_may_only_be_read(pool: Pool) -> None:
    async with connected(pool) as db, db.transaction(readonly=True):
        await db.execute("DELETE FROM street.tickets")


async def test_an_argument_that_cannot_be_sent_is_a_bug_of_ours(pool: Pool) -> None:
    with pytest.raises(asyncpg.DataError):
        await send_nonsense(pool)


async def send_nonsense(pool: Pool) -> None:
    async with connected(pool) as db:
        await db.fetchval("SELECT $1::uuid", "no uuid")
