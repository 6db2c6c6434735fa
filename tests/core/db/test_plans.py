"""However many rows there are, every statement of the street finds its few by an index."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
from asyncpg.connection import LoggedQuery

from core.contracts.ids import HaikuId, JobId, RequestId, new_id
from core.contracts.ops import Filter
from core.contracts.request import Created
from core.db.backlog import get_backlog, list_backlogs
from core.db.events import find_stream, list_events
from core.db.haiku import delete_haiku, has_open_job, insert_haiku
from core.db.lease import intend, renew_leases
from core.db.ops import get_overview, list_changeable, list_overviews
from core.db.pool import PlainConnection
from core.db.requests import get_job, get_request, list_requests, list_requests_for
from core.db.retry import retry_request
from core.db.stop import cancel_request, cancel_requests_for, fail_requests, stop_requests_for
from core.db.sweep import list_due_queues, list_lost_jobs, lock_lost_jobs, lock_overdue_requests, prune
from tests.core.db.rows import MEI, MINUTE, PROBLEM, again, artifact_of, claim, compose, end, failure, paint, submit, success

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def test_no_statement_walks_a_whole_table(connection: PlainConnection) -> None:
    await fill(connection)
    statements: list[LoggedQuery] = []
    with connection.query_logger(statements.append):
        await tell_a_whole_story(connection)
    plans = [await explain(connection, each) for each in statements]

    walked = [plan for plan in plans if re.search(r"Seq Scan on (jobs|requests|events|artifacts)", plan)]
    assert len(plans) > 30
    assert not walked, "\n\n".join(walked)


async def test_a_claim_searches_its_indexes_for_what_is_due(connection: PlainConnection) -> None:
    await fill(connection)
    async with planned(connection) as plans:
        await claim(connection, slots=4)
        # Hands that stay empty ask whether anything was left.
        await claim(connection, "image", slots=4)
    claiming, _, _, asking = (plan for plan in plans if "known_kinds" in plan)

    assert "shares_turn" in claiming
    assert "Index Scan using jobs_waiting" in claiming
    assert not re.search(r"Seq Scan|Hash Join|Merge Join", claiming), claiming
    for plan in (claiming, asking):
        assert "Index Scan using jobs_due" in plan
        assert re.search(r"Index Cond: .*due_at <= ", plan)


async def test_a_claim_asks_nobody_who_only_waits_for_a_retry(connection: PlainConnection) -> None:
    """A thousand learners wait for a provider that is away; asking each of twenty thousand took a third of a second."""
    await fill(connection)
    await connection.execute("UPDATE street.jobs SET due_at = clock_timestamp() + interval '1 min' WHERE status = 'queued'")
    await submit(connection, MEI)
    async with planned(connection) as plans:
        claimed = await claim(connection, slots=4, running_per_owner=5)
    claiming = next(plan for plan in plans if "known_kinds" in plan)

    asked = re.search(r"Index Scan using jobs_waiting .* loops=(\d+)", claiming)
    assert [job.owner for job in claimed.jobs] == [MEI]
    assert asked is not None
    assert int(asked[1]) == 1


@asynccontextmanager
async def planned(connection: PlainConnection) -> AsyncIterator[list[str]]:
    """The plans of all that runs in the block, also inside functions, once it is over."""
    plans: list[str] = []

    def hear(_: object, message: asyncpg.PostgresLogMessage) -> None:
        plans.append(str(message.message))

    await connection.execute(
        """
        LOAD 'auto_explain'; SET LOCAL auto_explain.log_min_duration = 0; SET LOCAL auto_explain.log_nested_statements = on;
        SET LOCAL auto_explain.log_analyze = on; SET LOCAL client_min_messages = log"""
    )
    connection.add_log_listener(hear)
    try:
        yield plans
        # Listeners are called by the loop, after the answer.
        await asyncio.sleep(0)
    finally:
        connection.remove_log_listener(hear)
        await connection.execute("SET LOCAL auto_explain.log_min_duration = -1")


async def tell_a_whole_story(db: PlainConnection) -> None:
    haiku = HaikuId(new_id())
    await insert_haiku(db, haiku, MEI, "rain")
    request = await submit(db, MEI, paint(), resource=haiku)
    (job, *_) = (await claim(db, "image", slots=4)).jobs
    await renew_leases(db, [job], MINUTE)
    await intend(db, job, artifact_of(job).hash)
    await end(db, job, success(paint(2), artifact=artifact_of(job)))
    for other, ending in zip((await claim(db, slots=4)).jobs, (again(), failure(), success(compose())), strict=False):
        await end(db, other, ending)
    await look(db, request, job.id, haiku)
    failed = await submit(db, MEI, compose())
    await fail_requests(db, [failed], PROBLEM)
    await retry_request(db, failed, MEI, MINUTE)
    await cancel_request(db, failed, MEI)
    await list_lost_jobs(db)
    await lock_lost_jobs(db, [job.id])
    await lock_overdue_requests(db)
    await list_due_queues(db)
    await prune(db, timedelta(days=30), timedelta(hours=24))
    await submit(db, MEI, paint(), resource=haiku)
    await cancel_requests_for(db, haiku, MEI)
    await stop_requests_for(db, haiku, MEI)
    await delete_haiku(db, haiku, MEI)


async def look(db: PlainConnection, request: RequestId, job: JobId, haiku: HaikuId) -> None:
    await get_request(db, request, MEI)
    await get_job(db, job, MEI)
    await list_requests(db, MEI, 20)
    await list_requests(db, MEI, 20, created=Created(NOW, NOW), status="failed")
    await list_requests_for(db, [haiku], MEI)
    await list_events(db, request, 1)
    await find_stream(db, request, MEI)
    await has_open_job(db, haiku, ["image.paint"])
    await get_backlog(db, "text")
    await list_backlogs(db, 4)
    await look_as_operator(db, request)


async def look_as_operator(db: PlainConnection, request: RequestId) -> None:
    for wanted in (
        Filter(),
        Filter(owner=MEI),
        Filter(status="failed"),
        Filter(failure="give-up"),
        Filter(None, None, None, None, NOW),
    ):
        await list_overviews(db, wanted, 20)
        await list_changeable(db, "retry", wanted, 20)
        await list_changeable(db, "cancel", wanted, 20)
    await get_overview(db, request)


async def explain(connection: PlainConnection, statement: LoggedQuery, how: str = "") -> str:
    lines = await connection.fetch(f"EXPLAIN {how} {statement.query}", *statement.args)
    return "\n".join(line[0] for line in lines)


async def fill(connection: PlainConnection, jobs: int = 20_000) -> None:
    """Half of them wait, for a thousand learners, most of them not due; the others are done."""
    await connection.execute(
        """
        INSERT INTO street.requests (id, owner, product, resource_id, input, jobs_total, jobs_open, last_seq, deadline)
        SELECT gen_random_uuid(), 'learner ' || n % 1000, 'haiku', gen_random_uuid(), '{}', 2, 1, 4,
               clock_timestamp() + interval '1 hour'
          FROM generate_series(1, $1 / 2) AS n""",
        jobs,
    )
    # Or the check of the foreign key, planned when the table was empty, walks all of it for every job.
    await connection.execute("ANALYZE street.requests")
    # In one statement: the counters join what was to what is, by a plan made when a connection first changed a few jobs.
    await connection.execute(
        """
        INSERT INTO street.jobs (id, request_id, owner, kind, queue, input, input_hash, max_attempts, due_at, waiting_since,
                                 status, result, finished_at)
        SELECT gen_random_uuid(), id, owner, 'haiku.compose', 'text', '{}', '', 3, due_at, due_at, ending,
               CASE ending WHEN 'succeeded' THEN '{}'::jsonb END, CASE ending WHEN 'succeeded' THEN clock_timestamp() END
          FROM (SELECT id, owner, CASE WHEN random() < 0.1 THEN clock_timestamp()
                                       ELSE clock_timestamp() + random() * interval '20 min' END AS due_at
                  FROM street.requests) AS asked
         CROSS JOIN unnest(ARRAY['queued', 'succeeded']) AS ending"""
    )
    await connection.execute(
        """
        INSERT INTO street.events (request_id, seq, type, data)
        SELECT id, seq, 'job.started', '{}' FROM street.requests CROSS JOIN generate_series(1, 4) AS seq"""
    )
    # Left empty, it is rightly walked as soon as autovacuum has told the planner that it is.
    await connection.execute(
        """
        INSERT INTO street.spend
        SELECT 'learner ' || n, (now() AT TIME ZONE 'UTC')::date - day, 1000
          FROM generate_series(0, 999) AS n CROSS JOIN generate_series(0, 9) AS day"""
    )
    await connection.execute("ANALYZE street.jobs, street.shares, street.requests, street.events, street.spend")
