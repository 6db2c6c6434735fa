"""Accepted is durable: request, first jobs, first event and key in one statement."""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec
import pytest
from asyncpg.connection import LoggedQuery

from core.contracts.events import Event
from core.contracts.ids import RequestId, new_id
from core.contracts.job import Ask
from core.contracts.request import Submission
from core.db.events import find_stream, list_events
from core.db.pool import PlainConnection, Pool, connected, make_pool
from core.db.requests import get_job, get_request, list_requests, list_requests_for
from core.db.submit import find_same_key, submit_request
from core.errors import KeyReused, NotFound, Unavailable
from tests.core.db.rows import KEN, MEI, MINUTE, claim_one, compose, end, everything, say, submission, submit, success, told
from tests.wire import wired


async def test_one_statement_writes_request_jobs_first_event_and_key(connection: PlainConnection) -> None:
    asked = submission(MEI, compose(), say(), key="key")
    statements: list[LoggedQuery] = []
    with connection.query_logger(statements.append):
        request, event = await submit_request(connection, asked, MINUTE, 3)

    found = await get_request(connection, request, MEI)
    assert len(statements) == 1
    assert (found.status, found.jobs_total, found.jobs_open, found.last_seq) == ("queued", 2, 2, 1)
    assert [(job.kind, job.status, job.attempt) for job in found.jobs] == [
        ("haiku.compose", "queued", 0),
        ("speech.say", "queued", 0),
    ]
    assert event is not None
    assert (event.seq, event.type) == (1, "request.accepted")
    assert event.data["jobs"] == [{"id": str(job.id), "kind": job.kind} for job in found.jobs]
    assert await find_same_key(connection, MEI, "key", asked.hash or "") == request
    assert await told(connection, request) == ["request.accepted"]


async def test_the_deadline_runs_on_the_clock_of_the_database(connection: PlainConnection) -> None:
    request = await submit(connection)
    left = await connection.fetchval("SELECT deadline - clock_timestamp() FROM street.requests WHERE id = $1", request)

    assert MINUTE * 0.9 < left < MINUTE


async def test_the_same_key_for_the_same_thing_is_the_same_request(connection: PlainConnection) -> None:
    asked = submission(key="key")
    first, _ = await submit_request(connection, asked, MINUTE, 3)
    before = await everything(connection)
    second, event = await submit_request(connection, asked, MINUTE, 3)

    assert second == first
    assert event is None
    assert await everything(connection) == before


async def test_the_same_key_for_another_thing_is_refused_and_writes_nothing(connection: PlainConnection) -> None:
    asked = submission(key="key")
    await submit_request(connection, asked, MINUTE, 3)
    before = await everything(connection)

    with pytest.raises(KeyReused):
        await submit_request(connection, msgspec.structs.replace(asked, hash="another"), MINUTE, 3)
    assert await everything(connection) == before


async def test_a_key_belongs_to_one_learner(connection: PlainConnection) -> None:
    mine, _ = await submit_request(connection, submission(MEI, key="key"), MINUTE, 3)
    theirs, event = await submit_request(connection, submission(KEN, key="key"), MINUTE, 3)

    assert theirs != mine
    assert event is not None
    assert await find_same_key(connection, KEN, "key", "hash of key") == theirs


async def test_without_a_key_every_submission_is_a_request_of_its_own(connection: PlainConnection) -> None:
    first, second = await submit(connection), await submit(connection)

    assert first != second


async def test_twenty_at_once_with_one_key_make_one_request(pool: Pool) -> None:
    asked = submission(key="key")

    async def hand_in() -> tuple[RequestId, bool]:
        async with pool.acquire() as db, db.transaction():
            request, event = await submit_request(db, asked, MINUTE, 3)
            return request, event is not None

    answers = await asyncio.gather(*(hand_in() for _ in range(20)))

    assert len({request for request, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1
    assert await pool.fetchval("SELECT count(*) FROM street.requests") == 1
    assert await pool.fetchval("SELECT count(*) FROM street.jobs") == 1


async def test_a_key_whose_first_use_was_rolled_back_is_free_again(pool: Pool) -> None:
    asked = submission(key="key")
    async with pool.acquire() as db:
        undone = db.transaction()
        await undone.start()
        await submit_request(db, asked, MINUTE, 3)
        waiting = asyncio.create_task(_submit(pool, asked))
        await undone.rollback()

    assert await waiting is True


async def _submit(pool: Pool, asked: Submission) -> bool:
    async with pool.acquire() as db:
        _, event = await submit_request(db, asked, MINUTE, 3)
    return event is not None


async def test_a_request_without_jobs_is_refused_by_the_database(connection: PlainConnection) -> None:
    nothing: tuple[Ask, ...] = ()

    with pytest.raises(Exception, match="requests_over"):
        await submit_request(connection, msgspec.structs.replace(submission(), asks=nothing), MINUTE, 3)


async def test_another_learners_request_is_not_there(connection: PlainConnection) -> None:
    request = await submit(connection, MEI)

    with pytest.raises(NotFound):
        await get_request(connection, request, KEN)
    assert await find_stream(connection, request, KEN) is None
    assert await list_requests(connection, KEN, 10) == []


async def test_requests_are_listed_newest_first_and_paged(connection: PlainConnection) -> None:
    made = [await submit(connection) for _ in range(5)]
    first = await list_requests(connection, MEI, 2)
    rest = await list_requests(connection, MEI, 10, before=first[-1].id)

    assert [request.id for request in (*first, *rest)] == made[::-1]
    assert await list_requests(connection, MEI, 10, product="vocab") == []
    assert len(await list_requests(connection, MEI, 10, status="queued")) == 5


async def test_what_a_product_folds_comes_oldest_first_with_its_jobs(connection: PlainConnection) -> None:
    asked = submission()
    made = [(await submit_request(connection, asked, MINUTE, 3))[0] for _ in range(2)]
    await submit(connection)
    found = await list_requests_for(connection, [asked.resource_id], MEI)

    assert [request.id for request in found] == made
    assert [len(request.jobs) for request in found] == [1, 1]
    assert await list_requests_for(connection, [asked.resource_id], KEN) == []


async def test_what_a_request_does_not_show_is_not_read(connection: PlainConnection) -> None:
    request = await submit(connection)
    job = await claim_one(connection)
    await end(connection, job, success())
    ways = (
        (await get_job(connection, job.id, MEI))[0],
        (await get_request(connection, request, MEI)).jobs[0],
        (await list_requests(connection, MEI, 1))[0].jobs[0],
    )

    assert {(found.input, found.result) for found in ways} == {(None, None)}


async def test_a_product_reads_the_inputs_it_folds_and_no_others(connection: PlainConnection) -> None:
    resource = new_id()
    await submit(connection, MEI, compose(), say(), resource=resource)
    await end(connection, await claim_one(connection), success())
    (found,) = await list_requests_for(connection, [resource], MEI, ["speech.say"])
    read = {job.kind: (job.input is not None, job.result is not None) for job in found.jobs}

    assert read == {"haiku.compose": (False, True), "speech.say": (True, False)}


async def test_events_are_read_from_any_point(connection: PlainConnection) -> None:
    request = await submit(connection)

    assert [event.seq for event in await list_events(connection, request, 0)] == [1]
    assert await list_events(connection, request, 1) == []
    assert await find_stream(connection, request, MEI) == (1, "queued", 1)


@pytest.mark.parametrize("reaches_postgres", [True, False])
async def test_a_commit_nobody_heard_of_and_its_repetition_are_one_request(database: str, reaches_postgres: bool) -> None:
    asked = submission(key="key")
    async with wired(database) as (wire, url), make_pool(url) as pool:

        async def submit_and_break(breaking: Callable[[], object] = lambda: None) -> tuple[RequestId, Event | None]:
            async with connected(pool) as db, db.transaction():
                submitted = await submit_request(db, asked, MINUTE, 3)
                breaking()
            return submitted

        with pytest.raises(Unavailable):
            await submit_and_break(partial(wire.die_after, b"COMMIT") if reaches_postgres else wire.cut)
        wire.mend()
        again, event = await submit_and_break()
        found = await pool.fetch("SELECT id FROM street.requests")

    assert [row["id"] for row in found] == [again]
    assert (event is None) == reaches_postgres
