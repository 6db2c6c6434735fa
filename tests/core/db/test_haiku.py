"""A haiku's own rows, and what deleting one leaves behind: nothing, except what somebody still shows."""

import asyncio

import pytest

from core.contracts.ids import HaikuId, StorageKey, UserId, new_id
from core.contracts.job import ClaimedJob
from core.db.artifacts import find_file, list_storage_keys
from core.db.haiku import delete_haiku, find_haiku, has_open_job, insert_haiku, list_haikus, lock_haiku
from core.db.lease import intend
from core.db.pool import Connection, PlainConnection, Pool
from core.db.requests import get_request
from core.db.retry import retry_request
from core.db.stop import stop_requests_for
from tests.core.db.rows import (
    KEN,
    MEI,
    MINUTE,
    artifact_of,
    claim,
    claim_one,
    compose,
    end,
    failure,
    paint,
    submit,
    success,
    told,
    waiting_for_a_lock,
)


async def haiku_of(db: Connection, owner: UserId = MEI, topic: str = "a secret wish") -> HaikuId:
    haiku = HaikuId(new_id())
    await insert_haiku(db, haiku, owner, topic)
    return haiku


async def painted(db: Connection, haiku: HaikuId, owner: UserId = MEI) -> ClaimedJob:
    """A job that succeeded with a picture; every one of a learner asks for the same."""
    await submit(db, owner, paint(), resource=haiku)
    job = await claim_one(db, "image")
    await end(db, job, success(artifact=artifact_of(job)))
    return job


async def delete(db: Connection, haiku: HaikuId, owner: UserId = MEI) -> list[StorageKey]:
    """Returns what became litter."""
    await lock_haiku(db, haiku, owner)
    await stop_requests_for(db, haiku, owner)
    await delete_haiku(db, haiku, owner)
    rows = await db.fetch("DELETE FROM street.litter RETURNING storage_key")
    return [StorageKey(row["storage_key"]) for row in rows]


async def test_a_haiku_is_found_by_its_learner_only(connection: PlainConnection) -> None:
    haiku = await haiku_of(connection)
    found = await find_haiku(connection, haiku, MEI)

    assert found is not None
    assert found.topic == "a secret wish"
    assert await find_haiku(connection, haiku, KEN) is None
    assert await lock_haiku(connection, haiku, KEN) is None
    assert await list_haikus(connection, KEN, 10) == []


async def test_haiku_are_listed_newest_first_and_paged(connection: PlainConnection) -> None:
    made = [await haiku_of(connection) for _ in range(4)]
    first = await list_haikus(connection, MEI, 2)
    rest = await list_haikus(connection, MEI, 9, before=first[-1].id)

    assert [row.id for row in (*first, *rest)] == made[::-1]


async def test_an_open_job_is_seen_until_it_ends(connection: PlainConnection) -> None:
    haiku = await haiku_of(connection)
    await submit(connection, MEI, compose(), resource=haiku)
    waiting = await has_open_job(connection, haiku, ["haiku.compose"])
    other = await has_open_job(connection, haiku, ["image.paint"])
    job = await claim_one(connection)
    running = await has_open_job(connection, haiku, ["haiku.compose"])
    await end(connection, job, success())

    assert (waiting, other, running) == (True, False, True)
    assert not await has_open_job(connection, haiku, ["haiku.compose"])


async def test_a_deleted_haiku_leaves_no_words_in_any_row(connection: PlainConnection) -> None:
    haiku = await haiku_of(connection)
    request = await submit(connection, MEI, compose("a secret wish"), compose("a secret wish"), resource=haiku)
    done, failed = (await claim(connection, slots=2)).jobs
    await end(connection, done, success(compose("a secret wish")))
    await end(connection, failed, failure())
    await delete(connection, haiku)

    texts = [
        row[0]
        for table in ("street.requests", "street.jobs", "street.events", "street.artifacts", "haiku.haikus")
        for row in await connection.fetch(f"SELECT t::text FROM {table} t")  # noqa: S608  names of this test
    ]
    assert not [text for text in texts if "secret" in text or "refused" in text or "said" in text]
    assert await find_haiku(connection, haiku, MEI) is None
    assert await list_haikus(connection, MEI, 10) == []
    assert (await told(connection, request))[-1] == "request.canceled"
    assert await retry_request(connection, request, MEI, MINUTE) == ((), ())


async def test_what_had_failed_for_a_deleted_haiku_is_not_tried_again(connection: PlainConnection) -> None:
    haiku = await haiku_of(connection)
    request = await submit(connection, MEI, compose(), resource=haiku)
    await end(connection, await claim_one(connection), failure())
    await delete(connection, haiku)

    assert await retry_request(connection, request, MEI, MINUTE) == ((), ())
    assert (await claim(connection)).jobs == ()


async def test_deleting_gives_back_the_files_to_delete(connection: PlainConnection) -> None:
    haiku = await haiku_of(connection)
    job = await painted(connection, haiku)
    keys = await delete(connection, haiku)

    assert keys == [artifact_of(job).storage_key]
    assert await find_file(connection, artifact_of(job).hash) is None


async def test_a_picture_another_haiku_shows_stays(connection: PlainConnection) -> None:
    haiku, other = await haiku_of(connection), await haiku_of(connection)
    for each in (haiku, other):
        job = await painted(connection, each)
    shown = await delete(connection, haiku)
    gone = await delete(connection, other)

    assert shown == []
    assert gone == [artifact_of(job).storage_key]


async def test_another_learners_picture_stays(connection: PlainConnection) -> None:
    haiku, theirs = await haiku_of(connection, MEI), await haiku_of(connection, KEN)
    await painted(connection, haiku, MEI)
    kept = artifact_of(await painted(connection, theirs, KEN))
    await delete(connection, haiku)

    assert await list_storage_keys(connection, [kept.hash], KEN) == {kept.hash: kept.storage_key}
    assert await list_storage_keys(connection, [kept.hash], MEI) == {}


@pytest.mark.parametrize("found", [True, False])
async def test_a_picture_another_haiku_is_about_to_show_stays(connection: PlainConnection, found: bool) -> None:
    """The other job has found it, or will: its row would come back, its file would not."""
    haiku, other = await haiku_of(connection), await haiku_of(connection)
    artifact = artifact_of(await painted(connection, haiku))
    await submit(connection, MEI, paint(), resource=other)
    job = await claim_one(connection, "image")
    if found:
        await intend(connection, job, artifact.hash)
    keys = await delete(connection, haiku)
    intent = await intend(connection, job, artifact.hash)

    assert keys == []
    assert intent is not None
    assert intent.found == artifact


async def test_a_job_that_looks_while_a_picture_is_deleted_finds_it_gone(pool: Pool) -> None:
    async with pool.acquire() as db, pool.acquire() as deleting:
        haiku, other = await haiku_of(db), await haiku_of(db)
        artifact = artifact_of(await painted(db, haiku))
        async with deleting.transaction():
            keys = await delete(deleting, haiku)
            await submit(db, MEI, paint(2), resource=other)
            job = await claim_one(db, "image")
            looking = asyncio.create_task(intend(db, job, artifact.hash))
            await waiting_for_a_lock(pool)
        intent = await looking

    assert keys == [artifact.storage_key]
    assert intent is not None
    assert intent.found is None


async def test_a_job_that_finds_a_picture_just_before_it_is_deleted_keeps_it(pool: Pool) -> None:
    """The delete began before the other job was there; what counts is who holds the picture first."""
    async with pool.acquire() as db, pool.acquire() as deleting:
        haiku, other = await haiku_of(db), await haiku_of(db)
        artifact = artifact_of(await painted(db, haiku))
        looking = db.transaction()
        await looking.start()
        await submit(db, MEI, paint(), resource=other)
        job = await claim_one(db, "image")
        intent = await intend(db, job, artifact.hash)
        deletion = asyncio.create_task(_delete(deleting, haiku))
        await waiting_for_a_lock(pool)
        await looking.commit()
        keys = await deletion

    assert intent is not None
    assert intent.found == artifact
    assert keys == []


async def _delete(db: Connection, haiku: HaikuId) -> list[StorageKey]:
    async with db.transaction():
        return await delete(db, haiku)


async def test_a_running_job_of_a_deleted_haiku_brings_nothing_back(connection: PlainConnection) -> None:
    haiku = await haiku_of(connection)
    request = await submit(connection, MEI, paint(), resource=haiku)
    job = await claim_one(connection, "image")
    await delete(connection, haiku)

    assert await end(connection, job, success(artifact=artifact_of(job))) is None
    assert await find_file(connection, artifact_of(job).hash) is None
    assert (await get_request(connection, request, MEI)).status == "canceled"
