"""What is asked before a request is accepted costs next to nothing, however many rows there are."""

import asyncio
import re

import pytest
from asyncpg.connection import LoggedQuery

from core.contracts.budget import Budget
from core.contracts.ids import ArtifactId, UserId
from core.db.admission import find_seconds_per_end, get_longest_wait, get_standing, wait_to_ask
from core.db.backlog import get_backlog
from core.db.lease import intend
from core.db.place import list_durations, list_places
from core.db.pool import PlainConnection, Pool
from tests.core.db.rows import MEI, claim, claim_one, end, say, submit, success, waiting_for_a_lock
from tests.core.db.test_plans import explain, fill

BUSY = UserId("learner 7")


@pytest.mark.timeout(400)
async def test_nothing_asked_before_accepting_walks_a_table(connection: PlainConnection) -> None:
    await fill(connection, 100_000)
    request = await submit(connection, BUSY)
    statements: list[LoggedQuery] = []
    with connection.query_logger(statements.append):
        await ask_everything(connection)
        await list_places(connection, request)
        await list_durations(connection, ["haiku.compose"])
    plans = [await explain(connection, each) for each in statements]

    walked = [plan for plan in plans if re.search(r"Seq Scan on (jobs|requests|spend|provider_calls)", plan)]
    assert len(plans) == 7
    assert not walked, "\n\n".join(walked)


async def test_what_a_learner_has_open_is_found_without_looking_at_others(connection: PlainConnection) -> None:
    await fill(connection)
    statements: list[LoggedQuery] = []
    with connection.query_logger(statements.append):
        await get_standing(connection, BUSY)
        # A statement is logged while the next one is under way.
        await wait_to_ask(connection, BUSY)
    plan = await explain(connection, statements[0])

    assert "Index Scan using shares_pkey" in plan
    assert "Seq Scan" not in plan


async def ask_everything(db: PlainConnection) -> None:
    await wait_to_ask(db, BUSY)
    await get_standing(db, BUSY)
    await find_seconds_per_end(db, BUSY)
    await get_longest_wait(db, "text")
    await get_backlog(db, "text")


async def test_an_ending_that_waits_for_what_was_spent_holds_no_share(pool: Pool) -> None:
    """Or two endings of one learner, of which one is followed by something, could wait for each other."""
    async with pool.acquire() as db:
        await submit(db)
        job = await claim_one(db)
        await intend(db, job, ArtifactId("none"), Budget(0, 5))
    async with pool.acquire() as holder, pool.acquire() as other, pool.acquire() as db:
        async with holder.transaction():
            await holder.execute("SELECT FROM street.spend FOR UPDATE")
            ending = asyncio.create_task(end(db, job, success(say())))
            await waiting_for_a_lock(pool)
            free = await other.fetch("SELECT FROM street.shares WHERE owner = 'mei' FOR UPDATE NOWAIT")
        ended = await ending

    assert len(free) == 1
    assert ended is not None


@pytest.mark.parametrize("day_before", [0, 1])
async def test_the_intent_counts_on_its_own_day(connection: PlainConnection, day_before: int) -> None:
    await connection.execute(
        "INSERT INTO street.spend VALUES ('mei', (now() AT TIME ZONE 'UTC')::date - $1::int, 1000)", day_before
    )
    await submit(connection)
    intent = await intend(connection, await claim_one(connection), ArtifactId("none"), Budget(1000, 5))

    assert intent is not None
    assert intent.is_over_budget == (day_before == 0)


async def test_standing_counts_what_is_open_in_every_queue(connection: PlainConnection) -> None:
    for _ in range(3):
        await submit(connection)
    await end(connection, await claim_one(connection), success())
    await claim(connection)
    standing = await get_standing(connection, MEI)

    assert (standing.open_jobs, standing.spent_microusd) == (2, 0)
    assert 0 < standing.day_left.total_seconds() <= 86_400


async def test_newcomers_are_served_in_the_order_they_came(connection: PlainConnection) -> None:
    came = [UserId(f"learner {number:02}") for number in reversed(range(30))]
    for owner in came:
        await submit(connection, owner)
    served = [(await claim_one(connection)).owner for _ in came]

    assert served == came
