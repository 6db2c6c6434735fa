"""Walks through everything that can happen: short ones all of them, long ones at random. Wherever a walk stops, the counters
tell the truth, the story has no gap and the request can still come to its end."""

import random
from typing import get_args
from uuid import UUID

import pytest

from core.contracts.ids import RequestId, UserId, new_id
from core.contracts.job import Ask, ClaimedJob, Queue
from core.db.pool import PlainConnection
from core.db.requests import get_request
from core.db.retry import retry_request
from core.db.stop import cancel_request, fail_requests, stop_requests_for
from tests.core.db.invariants import Moves, check_moves, check_shares, legal_moves
from tests.core.db.rows import (
    MEI,
    MINUTE,
    PROBLEM,
    again,
    claim,
    compose,
    end,
    failure,
    paint,
    rescue,
    say,
    submit,
    success,
    told,
)
from tests.core.db.side_by_side import STEPS, SideBySide, begin

DEPTH = 4
QUEUES: tuple[Queue, ...] = get_args(Queue)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("asks", [(say(1),), (say(1), say(2))], ids=["one that may be followed", "two side by side"])
async def test_every_short_walk_goes_as_the_model_says_and_can_come_to_its_end(
    connection: PlainConnection, asks: tuple[Ask, ...]
) -> None:
    seen: Moves = set()
    visited = await explore(connection, await begin(connection, *asks), (), seen)

    assert visited > 200
    assert seen == await legal_moves(connection, "job_moves"), "some move was never made"


async def explore(db: PlainConnection, pair: SideBySide, path: tuple[str, ...], seen: Moves) -> int:
    """How many places were seen from here on. A step that changes nothing leads nowhere new."""
    await look(db, pair, path, seen)
    visited, here = 1, pair.model
    for step in STEPS if len(path) < DEPTH else ():
        undo = db.transaction()
        await undo.start()
        await pair.take(step)
        if pair.model != here:
            visited += await explore(db, pair, (*path, step), seen)
        await undo.rollback()
        pair.model = here
    return visited


async def look(db: PlainConnection, pair: SideBySide, path: tuple[str, ...], seen: Moves) -> None:
    try:
        await pair.agree()
        await pair.can_end()
        seen |= await check_moves(db, pair.request)
    except AssertionError as error:
        error.add_note(" → ".join(path))
        raise


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_hundreds_of_random_steps_the_shares_equal_the_rows(connection: PlainConnection, seed: int) -> None:
    dice = random.Random(seed)
    owners = [UserId(f"learner {number}") for number in range(4)]
    requests: list[tuple[RequestId, UUID, UserId]] = []
    jobs: list[ClaimedJob] = []
    seen: set[str] = set()
    for _ in range(300):
        await step(connection, dice, owners, requests, jobs)
        await check_shares(connection)
        seen |= {row["status"] for row in await connection.fetch("SELECT DISTINCT status FROM street.jobs")}

    assert len(jobs) > 50
    # Seen on the way: on a slow machine whatever waits to be tried again may have come due before the end.
    assert seen == {"queued", "running", "retrying", "succeeded", "failed", "canceled"}
    for request, _, _ in requests:
        await told(connection, request)


async def step(
    db: PlainConnection,
    dice: random.Random,
    owners: list[UserId],
    requests: list[tuple[RequestId, UUID, UserId]],
    jobs: list[ClaimedJob],
) -> None:
    choice = dice.randrange(10)
    if choice < 2 or not requests:
        owner, resource = dice.choice(owners), new_id()
        asks = dice.choices((compose(), say(), paint()), k=dice.randint(1, 4))
        requests.append((await submit(db, owner, *asks, resource=resource), resource, owner))
    elif choice < 5 or not jobs:
        jobs += (await claim(db, dice.choice(QUEUES), slots=dice.randint(1, 6), running_per_owner=3)).jobs
    elif choice < 8:
        await end_somehow(db, dice, dice.choice(jobs[-12:]))
    else:
        await change_somehow(db, dice, *dice.choice(requests[-12:]))


async def end_somehow(db: PlainConnection, dice: random.Random, job: ClaimedJob) -> None:
    ending = dice.choice(
        (
            success(),
            success(compose(), say(), paint(), paint()),
            failure(),
            again(),
            again(refund=True),
            rescue(),
            rescue("failed"),
        )
    )
    if ending.expired_only:
        await db.execute(
            "UPDATE street.jobs SET lease_until = '-infinity' WHERE id = $1 AND epoch = $2 AND status = 'running'",
            job.id,
            job.epoch,
        )
    await end(db, job, ending)


async def change_somehow(db: PlainConnection, dice: random.Random, request: RequestId, resource: UUID, owner: UserId) -> None:
    match dice.randrange(5):
        case 0:
            await cancel_request(db, request, owner)
        case 1:
            await stop_requests_for(db, resource, owner)
        case 2 if not (await get_request(db, request, owner)).is_over:
            await fail_requests(db, [request], PROBLEM)
        case _:
            await retry_request(db, request, owner, MINUTE)


async def test_rows_that_are_erased_leave_the_shares(connection: PlainConnection) -> None:
    await submit(connection, MEI, compose(), say(), paint())
    await claim(connection, "speech")
    await connection.execute("DELETE FROM street.requests")

    await check_shares(connection)
