"""What was spent today is counted after an erasure too, and under no name anybody knows once the day is over."""

from datetime import UTC, date, datetime, timedelta

from core.contracts.ids import UserId
from core.db.erased_spend import erase_spend, reclaim_spend
from core.db.pool import PlainConnection
from core.db.sweep import prune
from tests.core.db.rows import MEI, submit

KEN = UserId("ken")
DAY = timedelta(days=1)


def today() -> date:
    return datetime.now(UTC).date()


async def spend(connection: PlainConnection, owner: UserId, microusd: int, day: date) -> None:
    await connection.execute("INSERT INTO street.spend (owner, day, microusd) VALUES ($1, $2, $3)", owner, day, microusd)


async def spent(connection: PlainConnection, owner: UserId) -> list[tuple[date, int]]:
    rows = await connection.fetch("SELECT day, microusd FROM street.spend WHERE owner = $1 ORDER BY day", owner)
    return [(row["day"], row["microusd"]) for row in rows]


async def test_each_finds_their_own_and_once(connection: PlainConnection) -> None:
    for owner, microusd in ((MEI, 7), (KEN, 5)):
        await spend(connection, owner, microusd, today())
        await erase_spend(connection, owner)
    for _ in range(2):
        await reclaim_spend(connection, MEI)

    assert await spent(connection, MEI) == [(today(), 7)]
    assert await spent(connection, KEN) == []
    assert await connection.fetchval("SELECT array_agg(microusd) FROM street.erased_spend") == [5]


async def test_what_was_spent_between_two_erasures_is_added(connection: PlainConnection) -> None:
    for microusd in (7, 5):
        await spend(connection, MEI, microusd, today())
        await erase_spend(connection, MEI)
    await spend(connection, MEI, 1, today())
    await reclaim_spend(connection, MEI)

    assert await spent(connection, MEI) == [(today(), 13)]


async def test_days_that_are_over_and_days_without_cost_leave_nothing(connection: PlainConnection) -> None:
    await spend(connection, MEI, 7, today() - DAY)
    await spend(connection, KEN, 0, today())
    for owner in (MEI, KEN):
        await erase_spend(connection, owner)

    assert await spent(connection, MEI) == await spent(connection, KEN) == []
    assert await connection.fetchval("SELECT count(*) FROM street.erasure_keys") == 0


async def test_whoever_asked_for_something_meanwhile_still_spends_under_their_name(connection: PlainConnection) -> None:
    await spend(connection, MEI, 7, today())
    await submit(connection)
    await erase_spend(connection, MEI)

    assert await spent(connection, MEI) == [(today(), 7)]


async def test_a_day_that_is_over_takes_its_key_and_its_names_along(connection: PlainConnection) -> None:
    for day in (today() - DAY, today()):
        await connection.execute("INSERT INTO street.erasure_keys (day, key) VALUES ($1, 'k')", day)
        await connection.execute("INSERT INTO street.erased_spend (day, name, microusd) VALUES ($1, 'somebody', 7)", day)
    await prune(connection, timedelta(days=30), DAY)

    assert await connection.fetchval("SELECT array_agg(day) FROM street.erasure_keys") == [today()]
    assert await connection.fetchval("SELECT array_agg(day) FROM street.erased_spend") == [today()]
