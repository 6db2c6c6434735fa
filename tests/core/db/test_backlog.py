"""How much waits, for how long, and who could be helped by one more worker."""

from datetime import timedelta

import pytest

from core.contracts.job import Queue
from core.db.admission import get_longest_wait
from core.db.backlog import Backlog, find_backlogs, list_backlogs
from core.db.end import Ending
from core.db.pool import Connection, PlainConnection, make_pool
from core.db.retry import retry_request
from tests.core.db.rows import KEN, MEI, MINUTE, again, claim, claim_one, compose, end, failure, lose_lease, rescue, say, submit

LIMIT = 4


async def backlog(db: Connection, queue: Queue = "text") -> Backlog:
    return next(each for each in await list_backlogs(db, LIMIT) if each.queue == queue)


async def grow_old(db: Connection, seconds: int, owner: str = MEI) -> None:
    await db.execute(
        "UPDATE street.jobs SET due_at = due_at - $1::interval, waiting_since = waiting_since - $1::interval WHERE owner = $2",
        timedelta(seconds=seconds),
        owner,
    )


async def test_an_empty_street_is_all_zero(connection: PlainConnection) -> None:
    assert await list_backlogs(connection, LIMIT) == [Backlog(queue, 0, 0, 0, 0) for queue in ("text", "image", "speech")]


async def test_each_queue_is_counted_by_itself(connection: PlainConnection) -> None:
    await submit(connection, MEI, compose(), say(1), say(2))
    await submit(connection, KEN, compose())
    await claim_one(connection)

    text, speech = await backlog(connection), await backlog(connection, "speech")
    assert (text.waiting, text.running) == (1, 1)
    assert (speech.waiting, speech.startable, speech.running) == (2, 2, 0)


async def test_the_oldest_age_is_that_of_the_first_in_line(connection: PlainConnection) -> None:
    await submit(connection)
    await grow_old(connection, 100)
    await submit(connection, KEN)
    await grow_old(connection, 7, KEN)

    assert 100 <= (await backlog(connection)).oldest_seconds < 110


async def test_what_waits_for_its_own_retry_has_no_age(connection: PlainConnection) -> None:
    await submit(connection)
    await end(connection, await claim_one(connection), again(timedelta(minutes=1)))

    assert (await backlog(connection)).waiting == 1
    assert (await backlog(connection)).oldest_seconds == 0


async def test_what_comes_due_has_waited_since_then(connection: PlainConnection) -> None:
    await submit(connection)
    await grow_old(connection, 100)
    await end(connection, await claim_one(connection), again(timedelta(minutes=1)))
    await grow_old(connection, 67)

    assert 7 <= (await backlog(connection)).oldest_seconds < 17
    assert 7 <= (await claim_one(connection)).lag_seconds < 17


@pytest.mark.parametrize("ending", [again(refund=True), rescue(), failure()], ids=["handed back", "rescued", "tried again"])
async def test_what_comes_back_has_not_waited_while_it_ran(connection: PlainConnection, ending: Ending) -> None:
    request = await submit(connection)
    await grow_old(connection, 100)
    job = await claim_one(connection)
    await lose_lease(connection, job)
    await end(connection, job, ending)
    await retry_request(connection, request, MEI, MINUTE)
    found, longest = await backlog(connection), await get_longest_wait(connection, "text")

    assert job.lag_seconds >= 100
    assert 0 < found.oldest_seconds < 10
    assert longest < timedelta(seconds=10)
    assert (await claim_one(connection)).lag_seconds < 10


async def test_the_oldest_age_is_of_who_waits_longest_and_not_of_who_comes_first(connection: PlainConnection) -> None:
    await submit(connection)
    await grow_old(connection, 100)
    first = await claim_one(connection)
    await submit(connection, KEN)
    await grow_old(connection, 20, KEN)
    await end(connection, first, again(refund=True))

    assert 20 <= (await backlog(connection)).oldest_seconds < 30


async def test_a_greedy_learner_calls_for_no_worker(connection: PlainConnection) -> None:
    for _ in range(20):
        await submit(connection)
    await claim(connection, slots=LIMIT, running_per_owner=LIMIT)
    await grow_old(connection, 100)

    found = await backlog(connection)
    assert (found.waiting, found.startable, found.running, found.oldest_seconds) == (16, 0, LIMIT, 0)
    assert found.load.waiting == 0


async def test_nobody_knows_while_postgres_is_away() -> None:
    async with make_pool("postgresql://nobody@127.0.0.1:1/nowhere") as pool:
        assert await find_backlogs(pool, LIMIT) is None


async def test_what_waits_for_its_own_retry_calls_for_no_worker(connection: PlainConnection) -> None:
    for owner in (MEI, KEN):
        await submit(connection, owner)
    await end(connection, await claim_one(connection), again(timedelta(minutes=1)))

    found = await backlog(connection)
    assert (found.waiting, found.startable) == (2, 1)
