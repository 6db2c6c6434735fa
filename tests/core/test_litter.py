"""Files nobody shows any more go, sooner or later."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from core.contracts.ids import StorageKey
from core.db.litter import note_litter
from core.db.pool import Pool
from core.litter import clear_litter
from core.storage.files import Files
from tests.core.db.rows import MEI, artifact_of, claim_one, end, paint, submit, success

NOW, LATER = timedelta(0), timedelta(hours=1)
KEY = StorageKey("artifacts/aa/picture.png")


async def note(pool: Pool, key: StorageKey, lies_for: timedelta) -> None:
    async with pool.acquire() as db:
        await note_litter(db, key, lies_for)


@pytest.fixture
async def files(tmp_path: Path) -> Files:
    files = Files(tmp_path, "http://api.test", "secret")
    await files.put(KEY, b"a picture", "image/png")
    return files


async def test_what_is_due_goes_and_is_forgotten(pool: Pool, files: Files) -> None:
    await note(pool, KEY, NOW)
    gone = await clear_litter(pool, files)

    assert gone == 1
    assert not await files.exists(KEY)
    assert await pool.fetchval("SELECT count(*) FROM street.litter") == 0


async def test_what_another_run_may_be_about_to_show_waits(pool: Pool, files: Files) -> None:
    await note(pool, KEY, LATER)

    assert await clear_litter(pool, files) == 0
    assert await files.exists(KEY)


async def test_what_somebody_shows_again_stays(pool: Pool, files: Files) -> None:
    async with pool.acquire() as db:
        await submit(db, MEI, paint())
        job = await claim_one(db, "image")
        artifact = artifact_of(job)
        await end(db, job, success(artifact=artifact))
    await files.put(artifact.storage_key, b"a picture", "image/png")
    await note(pool, artifact.storage_key, NOW)
    gone = await clear_litter(pool, files)

    assert gone == 0
    assert await files.exists(artifact.storage_key)
    assert await pool.fetchval("SELECT count(*) FROM street.litter") == 0


async def test_what_cannot_be_deleted_now_is_tried_again(pool: Pool, files: Files, tmp_path: Path) -> None:
    class Stubborn(Files):
        """A store that is away for a moment."""

        async def delete(self, key: StorageKey) -> None:
            raise OSError("away")

    await note(pool, KEY, NOW)
    first = await clear_litter(pool, Stubborn(tmp_path, "http://api.test", "secret"))
    second = await clear_litter(pool, files)

    assert (first, second) == (0, 1)


async def test_two_who_clear_at_once_share_the_work(pool: Pool, files: Files) -> None:
    for number in range(80):
        await note(pool, StorageKey(f"artifacts/{number}.png"), NOW)
    cleared = await asyncio.gather(clear_litter(pool, files), clear_litter(pool, files))

    assert sum(cleared) == 80
