"""What is too much is refused before anything is written, and told truly when to come back."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from core.contracts.ids import UserId
from core.db.pool import Pool
from core.settings import Settings
from tests.api.conftest import client_of, running
from tests.api.issuer import Issuer
from tests.api.rows import everything_in
from tests.api.work import claim, fail, submit, succeed
from tests.wire import wired

RAIN = {"topic": "rain", "illustrate": False}
MANY = UserId("many")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, open_per_owner=10, budget_microusd_per_day=1_000)


async def ask(client: httpx.AsyncClient, key: str | None = None) -> httpx.Response:
    return await client.post("/api/haiku", json=RAIN, headers={"Idempotency-Key": key} if key else {})


async def use_up(client: httpx.AsyncClient, times: int) -> list[dict[str, Any]]:
    return [(await ask(client)).json() for _ in range(times)]


async def spend(pool: Pool, microusd: int, owner: str = "mei") -> None:
    today = datetime.now(UTC).date()
    await pool.execute("INSERT INTO street.spend (owner, day, microusd) VALUES ($1, $2, $3)", owner, today, microusd)


async def ended_before(pool: Pool, *seconds: float) -> None:
    """Jobs of Mei that succeeded so many seconds ago, after a second each."""
    for each in seconds:
        await submit(pool)
        (job,) = await claim(pool)
        await succeed(pool, None, job)  # type: ignore[arg-type]  # words are stored nowhere
        await pool.execute(
            """
            UPDATE street.jobs SET finished_at = statement_timestamp() - $2::float8 * interval '1 s',
                   started_at = statement_timestamp() - ($2::float8 + 1) * interval '1 s'
             WHERE id = $1""",
            job.id,
            each,
        )


async def test_posts_at_the_same_moment_open_no_more_than_one_may_have(settings: Settings, issuer: Issuer, pool: Pool) -> None:
    token = issuer.token("mei")
    async with (
        running(settings) as one,
        running(settings) as other,
        client_of(one, token) as here,
        client_of(other, token) as there,
    ):
        answers = await asyncio.gather(*(ask(client) for _ in range(10) for client in (here, there)))

    assert Counter(answer.status_code for answer in answers) == {202: 10, 429: 10}
    assert await pool.fetchval("SELECT count(*) FROM street.jobs") == 10


async def test_what_is_refused_leaves_nothing_behind(mei: httpx.AsyncClient, pool: Pool) -> None:
    await use_up(mei, 10)
    before = await everything_in(pool)
    refused = await ask(mei)

    assert refused.status_code == 429
    assert refused.json()["type"] == "urn:kotonoha:problem:too-many"
    assert await everything_in(pool) == before


async def test_what_one_learner_has_open_is_nothing_to_another(mei: httpx.AsyncClient, ken: httpx.AsyncClient) -> None:
    await use_up(mei, 10)

    assert (await ask(ken)).status_code == 202


async def test_a_full_learner_comes_back_when_told_and_is_served(mei: httpx.AsyncClient, pool: Pool) -> None:
    await ended_before(pool, 12, 8, 4)
    await use_up(mei, 10)
    refused = await ask(mei)
    # At that pace one more has ended by then.
    (job, *_) = await claim(pool)
    await fail(pool, job)
    later = await ask(mei)

    assert refused.status_code == 429
    assert 4 <= int(refused.headers["retry-after"]) <= 5
    assert later.status_code == 202


@pytest.mark.parametrize("ages", [(), (300.0,)])
async def test_a_full_learner_of_whom_nothing_ends_is_told_to_wait_a_minute(
    mei: httpx.AsyncClient, pool: Pool, ages: tuple[float, ...]
) -> None:
    await ended_before(pool, *ages)
    await use_up(mei, 10)

    assert (await ask(mei)).headers["retry-after"] == "60"


async def test_a_retry_opens_no_more_than_one_may_have(mei: httpx.AsyncClient, pool: Pool) -> None:
    (failed,) = await use_up(mei, 1)
    (job,) = await claim(pool)
    await fail(pool, job)
    others = await use_up(mei, 10)
    refused = await mei.post(failed["links"]["retry"])
    still = (await mei.get(failed["links"]["self"])).json()["status"]
    await mei.post(others[0]["links"]["cancel"])
    retried = await mei.post(failed["links"]["retry"])
    again = await mei.post(failed["links"]["retry"])

    assert (refused.status_code, still) == (429, "failed")
    assert (retried.status_code, retried.json()["status"]) == (200, "running")
    assert again.status_code == 200, "it asks for nothing new"


async def test_what_was_asked_for_before_is_answered_whatever_the_limits_say(
    mei: httpx.AsyncClient, pool: Pool, settings: Settings
) -> None:
    first = await ask(mei, "once")
    for _ in range(settings.submits_per_minute):
        await ask(mei)
    await spend(pool, 1_000)
    await pool.execute("INSERT INTO street.shares (queue, owner, waiting) VALUES ('text', 'many', $1)", settings.backlog_limit)
    again, another = await ask(mei, "once"), await ask(mei, "twice")

    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert again.headers["idempotent-replayed"] == "true"
    assert another.status_code == 429


async def test_the_same_key_at_the_same_moment_is_one_request_also_for_a_full_learner(mei: httpx.AsyncClient, pool: Pool) -> None:
    await use_up(mei, 9)
    answers = await asyncio.gather(*(ask(mei, "once") for _ in range(6)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_a_full_queue_is_refused_until_it_has_been_worked_off(settings: Settings, issuer: Issuer, pool: Pool) -> None:
    await pool.execute("INSERT INTO street.shares (queue, owner, waiting) VALUES ('text', 'many', $1)", settings.backlog_limit)
    refused, later = await ask_in_turn(settings, issuer, pool, "UPDATE street.shares SET waiting = waiting - 1")

    assert (refused.status_code, later.status_code) == (503, 202)
    assert refused.json()["type"] == "urn:kotonoha:problem:unavailable"


async def test_a_queue_whose_turns_come_late_is_refused_however_short(settings: Settings, issuer: Issuer, pool: Pool) -> None:
    await submit(pool, MANY)
    await pool.execute("UPDATE street.jobs SET waiting_since = clock_timestamp() - interval '200 s'")
    await pool.execute("UPDATE street.shares SET served_at = clock_timestamp() - interval '121 s'")
    served = "UPDATE street.shares SET served_at = clock_timestamp() - interval '119 s'"
    refused, later = await ask_in_turn(settings, issuer, pool, served)

    assert (refused.status_code, later.status_code) == (503, 202)


async def test_who_asked_for_very_much_and_waits_long_is_no_reason_to_refuse_others(mei: httpx.AsyncClient, pool: Pool) -> None:
    for _ in range(6):
        await submit(pool, MANY)
    await pool.execute("UPDATE street.jobs SET waiting_since = clock_timestamp() - interval '1 hour'")
    await pool.execute("UPDATE street.shares SET served_at = clock_timestamp() - interval '3 s'")

    assert (await ask(mei)).status_code == 202


async def test_what_is_to_be_tried_again_later_has_not_waited_yet(mei: httpx.AsyncClient, pool: Pool) -> None:
    await submit(pool, MANY)
    await pool.execute("UPDATE street.jobs SET due_at = clock_timestamp() + interval '1 min'")

    assert (await ask(mei)).status_code == 202


async def test_a_full_queue_of_pictures_does_not_refuse_words(mei: httpx.AsyncClient, pool: Pool, settings: Settings) -> None:
    await pool.execute("INSERT INTO street.shares (queue, owner, waiting) VALUES ('image', 'many', $1)", settings.backlog_limit)

    assert (await ask(mei)).status_code == 202


async def test_a_full_queue_says_when_it_will_have_been_worked_off(
    mei: httpx.AsyncClient, pool: Pool, settings: Settings
) -> None:
    await ended_before(pool, 30, 20)
    await pool.execute("INSERT INTO street.workers (name, queues, seen_at) VALUES ('w', '{text}', clock_timestamp())")
    too_many = settings.slots_per_queue * 7
    waiting = settings.backlog_limit + too_many - 1
    await pool.execute("INSERT INTO street.shares (queue, owner, waiting) VALUES ('text', 'many', $1)", waiting)

    assert (await ask(mei)).headers["retry-after"] == "7", "at a second each in every slot"


async def test_nobody_working_means_a_minute(mei: httpx.AsyncClient, pool: Pool, settings: Settings) -> None:
    await pool.execute("INSERT INTO street.shares (queue, owner, waiting) VALUES ('text', 'many', $1)", settings.backlog_limit)

    assert (await ask(mei)).headers["retry-after"] == "60"


async def test_without_postgres_nothing_is_accepted(settings: Settings, issuer: Issuer) -> None:
    async with (
        wired(settings.database_url) as (wire, url),
        running(replace(settings, database_url=url)) as app,
        client_of(app, issuer.token("mei")) as mei,
    ):
        wire.cut()
        refused = await ask(mei)

    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) >= 1


async def test_who_has_spent_today_s_budget_comes_back_tomorrow(
    mei: httpx.AsyncClient, ken: httpx.AsyncClient, pool: Pool
) -> None:
    await spend(pool, 999)
    before = await ask(mei)
    await pool.execute("UPDATE street.spend SET microusd = 1000")
    refused = await ask(mei)
    left = await pool.fetchval(
        "SELECT extract(epoch FROM date_trunc('day', now() AT TIME ZONE 'UTC') + '1 day' - now() AT TIME ZONE 'UTC')::float8"
    )
    await pool.execute("UPDATE street.spend SET day = day - 1")
    tomorrow = await ask(mei)

    assert (before.status_code, refused.status_code, tomorrow.status_code) == (202, 429, 202)
    assert "midnight UTC" in refused.json()["detail"]
    assert abs(int(refused.headers["retry-after"]) - left) < 5
    assert (await ask(ken)).status_code == 202


async def test_who_erases_themselves_and_comes_back_today_has_spent_what_they_had(
    mei: httpx.AsyncClient, ken: httpx.AsyncClient, pool: Pool
) -> None:
    await spend(pool, 600)
    for _ in range(2):
        await mei.delete("/api/me")
        left = await everything_in(pool)
        back = await ask(mei)

        assert "mei" not in left
        assert back.status_code == 202
        assert [tuple(row) for row in await pool.fetch("SELECT owner, microusd FROM street.spend")] == [("mei", 600)]
    await pool.execute("UPDATE street.spend SET microusd = 1000")
    await mei.delete("/api/me")

    assert (await ask(mei)).status_code == 429
    assert (await ask(ken)).status_code == 202


async def test_without_a_budget_nobody_is_refused_for_what_they_spent(settings: Settings, issuer: Issuer, pool: Pool) -> None:
    await spend(pool, 10**12)
    async with running(replace(settings, budget_microusd_per_day=0)) as app, client_of(app, issuer.token("mei")) as mei:
        assert (await ask(mei)).status_code == 202


async def ask_in_turn(settings: Settings, issuer: Issuer, pool: Pool, between: str) -> list[httpx.Response]:
    """Before and after something changed, each time at a process that remembers nothing."""
    answers = []
    for change in (None, between):
        if change:
            await pool.execute(change)
        async with running(settings) as app, client_of(app, issuer.token("mei")) as mei:
            answers.append(await ask(mei))
    return answers
