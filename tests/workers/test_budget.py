"""What a learner's calls cost is counted before they are made, and no call is made once the day's budget is used up."""

import asyncio
from itertools import islice
from typing import Any

import pytest
from msgspec.structs import replace

from core.contracts.budget import FREE, Expected
from core.contracts.haiku import Compose, Message
from core.contracts.ids import HaikuId, new_id
from core.contracts.job import ClaimedJob, Paid
from core.contracts.speech import Say
from core.db.haiku import delete_haiku, insert_haiku
from core.db.retry import retry_request
from core.db.stop import cancel_request, stop_requests_for
from core.errors import GiveUp, TryAgain, Unfinished
from core.settings import Settings
from tests.core.sweeping import swept_once
from tests.workers.conftest import MEI, claim, claim_one, submit
from tests.workers.scripted import FULL, FickleDisk, Script
from workers.depot import Depot
from workers.leases import renew
from workers.parts import Parts
from workers.run import Halt, Run
from workers.run_job import run_job

COMPOSE = Compose("frogs", (Message("learner", "frogs"),), None, 1, illustrate=False)
SAY = Say(1, "古池や", "ふるいけ や")
PRICE = 120
ASSUMED = 200


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, budget_microusd_per_day=300, assumed_call_microusd=ASSUMED)


async def run(parts: Parts, *asks: Any) -> list[ClaimedJob]:
    """One after the other."""
    jobs = [await claim_one(parts, ask) for ask in asks]
    for job in jobs:
        await run_job(Run(job), parts)
    return jobs


async def spent(parts: Parts) -> int | None:
    found: int | None = await parts.pool.fetchval("SELECT sum(microusd)::bigint FROM street.spend WHERE owner = 'mei'")
    return found


async def status_of(parts: Parts, job: ClaimedJob) -> tuple[str, str | None]:
    row = await parts.pool.fetchrow("SELECT status, error ->> 'type' AS why FROM street.jobs WHERE id = $1", job.id)
    assert row is not None
    return row["status"], row["why"]


async def test_no_call_is_made_once_the_budget_is_used_up(parts: Parts, script: Script) -> None:
    jobs = await run(parts, *[COMPOSE] * 5)

    assert script.calls == 3, "the third begins with 240 of 300 spent"
    assert await spent(parts) == 3 * PRICE
    assert [(await status_of(parts, job))[0] for job in jobs] == ["succeeded"] * 3 + ["failed"] * 2
    assert (await status_of(parts, jobs[3]))[1] == "urn:kotonoha:problem:budget"


async def test_the_failure_says_when_the_budget_renews(parts: Parts) -> None:
    jobs = await run(parts, *[COMPOSE] * 4)
    detail = await parts.pool.fetchval("SELECT error ->> 'detail' FROM street.jobs WHERE id = $1", jobs[3].id)

    assert "midnight UTC" in detail


async def test_the_next_day_a_retry_is_paid_for(parts: Parts, script: Script) -> None:
    *_, refused = await run(parts, *[COMPOSE] * 4)
    await parts.pool.execute("UPDATE street.spend SET day = day - 1")
    async with parts.pool.acquire() as db, db.transaction():
        await retry_request(db, refused.request_id, MEI, parts.settings.deadline)
    (again,) = await claim(parts)
    await run_job(Run(again), parts)

    assert (again.id, script.calls) == (refused.id, 4)
    assert await status_of(parts, again) == ("succeeded", None)


async def test_calls_that_begin_together_do_not_all_find_the_same_money(parts: Parts, script: Script) -> None:
    for _ in range(6):
        await submit(parts, COMPOSE)
    script.hold()
    runs = [asyncio.create_task(run_job(Run(job), parts)) for job in await claim(parts)]
    for ended in islice(asyncio.as_completed(runs), 4):
        await ended
    script.release()
    await asyncio.gather(*runs)

    assert script.calls == 2, "two calls under way count 400"
    assert await spent(parts) == 2 * PRICE


async def test_a_call_without_a_price_stays_what_it_was_counted_as(parts: Parts, script: Script) -> None:
    script.paid = Paid("scripted", "scripted-1")
    jobs = await run(parts, *[COMPOSE] * 3)
    cost = await parts.pool.fetchval("SELECT cost_microusd FROM street.jobs WHERE id = $1", jobs[0].id)

    assert (script.calls, await spent(parts)) == (2, 2 * ASSUMED)
    assert cost is None, "nobody is shown a price that nobody knows"


async def test_what_costs_nothing_counts_nothing(parts: Parts, script: Script) -> None:
    script.paid = Paid("scripted", "scripted-1", {}, 0)
    await run(parts, *[COMPOSE] * 5)

    assert (script.calls, await spent(parts)) == (5, 0)


@pytest.mark.parametrize(
    ("failure", "counts"),
    [
        (TryAgain("Slow down.", refund=True), 0),
        (TryAgain("Busy."), 0),
        (Unfinished("Broken off."), ASSUMED),
        (GiveUp("Refused."), ASSUMED),
        (GiveUp("Not set up.", is_free=True), 0),
        (RuntimeError(), ASSUMED),
    ],
)
async def test_a_call_that_failed_counts_unless_it_is_known_to_be_free(
    parts: Parts, script: Script, failure: Exception, counts: int
) -> None:
    script.then([failure])
    await run(parts, COMPOSE)

    assert await spent(parts) == counts


async def test_a_call_that_was_not_answered_in_time_counts(parts: Parts, script: Script) -> None:
    script.hold()
    impatient = replace(parts, settings=replace(parts.settings, call_seconds=0.02))
    await run_job(Run(await claim_one(parts, COMPOSE)), impatient)

    assert await spent(parts) == ASSUMED


async def test_what_was_made_and_could_not_be_stored_costs_what_it_did(parts: Parts) -> None:
    full = replace(parts, storage=FickleDisk(parts.storage, [FULL] * 3), depot=Depot([0.01, 0.01]))
    await run_job(Run(await claim_one(full, SAY)), full)

    assert await spent(parts) == PRICE


async def test_what_a_failed_call_is_known_to_have_cost_is_what_counts(parts: Parts, script: Script) -> None:
    for failure in (GiveUp("Refused.", paid=script.paid), Unfinished("Too long.", paid=script.paid)):
        script.then([failure])
        (job,) = await run(parts, COMPOSE)
        shown = await parts.pool.fetchrow("SELECT provider, cost_microusd FROM street.jobs WHERE id = $1", job.id)

        assert shown is not None
        assert tuple(shown) == ("scripted", PRICE)
    assert await spent(parts) == 2 * PRICE


async def test_a_call_is_counted_as_what_it_is_expected_to_cost(parts: Parts, script: Script) -> None:
    script.expected = Expected(290, "2025-10-31")
    for _ in range(2):
        await submit(parts, COMPOSE)
    script.hold()
    first, second = await claim(parts)
    running = asyncio.create_task(run_job(Run(first), parts))
    await script.called()
    counted = await spent(parts)
    script.expected = Expected(10)
    beside = asyncio.create_task(run_job(Run(second), parts))
    await script.called(2)
    refused = await claim_one(parts, COMPOSE)
    await run_job(Run(refused), parts)
    script.release()
    await asyncio.gather(running, beside)

    assert counted == 290
    assert (await status_of(parts, refused))[1] == "urn:kotonoha:problem:budget"
    assert await parts.pool.fetchval("SELECT prices FROM street.provider_calls WHERE job_id = $1", first.id) == "2025-10-31"


async def test_what_costs_nothing_is_done_also_when_the_budget_is_used_up(parts: Parts, script: Script) -> None:
    await run(parts, *[COMPOSE] * 3)
    script.expected, script.paid = FREE, Paid("scripted", "scripted-1", {}, 0)
    (job,) = await run(parts, COMPOSE)

    assert (await status_of(parts, job))[0] == "succeeded"
    assert await spent(parts) == 3 * PRICE


async def test_a_price_nobody_knows_is_not_free_however_little_it_is_assumed_to_be(parts: Parts, script: Script) -> None:
    await run(parts, *[COMPOSE] * 3)
    unpriced = replace(parts, settings=replace(parts.settings, assumed_call_microusd=0))
    script.expected = Expected(None)
    refused = await claim_one(unpriced, COMPOSE)
    await run_job(Run(refused), unpriced)

    assert (await status_of(parts, refused))[1] == "urn:kotonoha:problem:budget"
    assert script.calls == 3


async def test_what_was_paid_for_before_counts_nothing(parts: Parts, script: Script) -> None:
    await run(parts, SAY, SAY, SAY, SAY, SAY)

    assert (script.calls, await spent(parts)) == (1, PRICE)


async def test_a_call_whose_worker_dies_counts_and_so_does_the_next(parts: Parts, script: Script) -> None:
    script.hold()
    job = await claim_one(parts, COMPOSE)
    dying = asyncio.create_task(run_job(Run(job), parts))
    await script.called()
    dying.cancel()
    await asyncio.wait([dying])
    script.release()
    await parts.pool.execute("UPDATE street.jobs SET lease_until = clock_timestamp() - interval '1 s'")
    await swept_once(parts.pool, parts.settings)
    (again,) = await claim(parts)
    await run_job(Run(again), parts)

    assert script.calls == 2
    assert await spent(parts) == ASSUMED + PRICE


async def test_a_canceled_call_counts(parts: Parts, script: Script) -> None:
    script.hold()
    job = await claim_one(parts, COMPOSE)
    run = Run(job)
    task = asyncio.create_task(run_job(run, parts))
    await script.called()
    async with parts.pool.acquire() as db, db.transaction():
        await cancel_request(db, job.request_id, MEI)
    await renew({run}, parts.pool, parts.settings)
    await task

    assert await spent(parts) == ASSUMED
    assert (await status_of(parts, job))[0] == "canceled"


@pytest.mark.parametrize("why", ["canceled", "drained"])
async def test_a_stop_between_the_intent_and_the_call_costs_nothing(parts: Parts, script: Script, why: Halt) -> None:
    stopped = Run(await claim_one(parts, COMPOSE))
    stopped.stop(why)
    await run_job(stopped, parts)
    call = await parts.pool.fetchrow("SELECT reserved_microusd, is_free FROM street.provider_calls")

    assert call is not None
    assert (tuple(call), script.calls) == ((ASSUMED, True), 0), "it was about to be called"
    assert await spent(parts) == 0
    assert await parts.pool.fetchval("SELECT cost_microusd FROM street.requests") == 0


async def test_a_call_that_ends_after_midnight_belongs_to_the_day_it_began(parts: Parts, script: Script) -> None:
    script.hold()
    job = await claim_one(parts, COMPOSE)
    task = asyncio.create_task(run_job(Run(job), parts))
    await script.called()
    await parts.pool.execute("UPDATE street.spend SET day = day - 1")
    await parts.pool.execute("UPDATE street.provider_calls SET called_at = called_at - interval '1 day'")
    script.release()
    await task

    assert [tuple(row) for row in await parts.pool.fetch("SELECT current_date - day, microusd FROM street.spend")] == [(1, PRICE)]


async def test_deleting_what_was_made_gives_no_money_back(parts: Parts) -> None:
    haiku = HaikuId(new_id())
    (job,) = await run(parts, COMPOSE)
    async with parts.pool.acquire() as db, db.transaction():
        await insert_haiku(db, haiku, MEI, "frogs")
        await db.execute("UPDATE street.requests SET resource_id = $1 WHERE id = $2", haiku, job.request_id)
        await stop_requests_for(db, haiku, MEI)
        await delete_haiku(db, haiku, MEI)

    assert await spent(parts) == PRICE


async def test_without_a_budget_every_call_is_made_and_counted(parts: Parts, script: Script) -> None:
    parts = replace(parts, settings=replace(parts.settings, budget_microusd_per_day=0))
    await run(parts, *[COMPOSE] * 6)

    assert (script.calls, await spent(parts)) == (6, 6 * PRICE)
