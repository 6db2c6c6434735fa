"""Files nobody shows any more go, sooner or later."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from core.contracts.ids import StorageKey
from core.db.litter import HELD, note_litter, postpone_litter, take_litter
from core.db.pool import Pool
from core.litter import DELETES_AT_ONCE, clear_litter
from core.storage.files import Files
from tests.core.db.rows import MEI, artifact_of, claim_one, end, paint, submit, success

NOW, LATER = timedelta(0), timedelta(hours=1)
KEY = StorageKey("artifacts/aa/picture.png")


async def note(pool: Pool, key: StorageKey, lies_for: timedelta) -> None:
    async with pool.acquire() as db:
        await note_litter(db, key, lies_for)


async def pass_a_minute(pool: Pool) -> None:
    """Over the time for which what was taken is held."""
    await pool.execute("UPDATE street.litter SET due_at = due_at - $1::interval", HELD)


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
    await pass_a_minute(pool)
    second = await clear_litter(pool, files)

    assert (first, second) == (0, 1)


class Watched(Files):
    """Deletes when eight are at it or none is left to come, and looks meanwhile who holds a transaction open."""

    def __init__(self, path: Path, pool: Pool, comes: int) -> None:
        super().__init__(path, "http://api.test", "secret")
        self.pool, self.comes, self.at_once, self.most_at_once, self.idle_in_transaction = pool, comes, 0, 0, 0
        self.full = asyncio.Event()

    async def delete(self, key: StorageKey) -> None:
        self.at_once += 1
        self.comes -= 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.idle_in_transaction += await self.pool.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        if self.at_once == DELETES_AT_ONCE or self.comes == 0:
            self.full.set()
        async with asyncio.timeout(5):
            await self.full.wait()
        self.at_once -= 1
        await super().delete(key)


async def test_a_slow_store_holds_no_transaction_and_deletes_side_by_side(pool: Pool, tmp_path: Path) -> None:
    for number in range(20):
        await note(pool, StorageKey(f"artifacts/{number}.png"), NOW)
    slow = Watched(tmp_path, pool, comes=20)

    assert await clear_litter(pool, slow) == 20
    assert slow.idle_in_transaction == 0
    assert slow.most_at_once == DELETES_AT_ONCE


async def test_what_is_noted_anew_while_it_is_deleted_is_not_forgotten(pool: Pool, tmp_path: Path) -> None:
    class Crossed(Files):
        """Somebody gives the file up once more in the meantime."""

        async def delete(self, key: StorageKey) -> None:
            await super().delete(key)
            await pool.execute("UPDATE street.litter SET due_at = clock_timestamp()")

    await note(pool, KEY, NOW)
    await clear_litter(pool, Crossed(tmp_path, "http://api.test", "secret"))

    assert await pool.fetchval("SELECT count(*) FROM street.litter") == 1


async def test_who_is_paused_for_longer_than_it_may_delete_deletes_nothing(pool: Pool, files: Files) -> None:
    await note(pool, KEY, NOW)

    assert await clear_litter(pool, files, seconds=0) == 0
    assert await files.exists(KEY)


async def test_what_is_about_to_be_made_again_is_kept_from_whoever_clears(pool: Pool, files: Files) -> None:
    await note(pool, KEY, NOW)
    async with pool.acquire() as db:
        is_ours = await postpone_litter(db, [KEY], timedelta(seconds=5))

    assert is_ours
    assert await clear_litter(pool, files) == 0
    assert await files.exists(KEY)


async def test_what_is_being_deleted_is_nobodys_to_make_again_for_a_minute(pool: Pool) -> None:
    await note(pool, KEY, NOW)
    async with pool.acquire() as db:
        await take_litter(db)
        while_held = await postpone_litter(db, [KEY], timedelta(seconds=5))
        await pass_a_minute(pool)
        after = await postpone_litter(db, [KEY], timedelta(seconds=5))

    assert (while_held, after) == (False, True)


async def test_two_who_clear_at_once_share_the_work(pool: Pool, files: Files) -> None:
    for number in range(80):
        await note(pool, StorageKey(f"artifacts/{number}.png"), NOW)
    cleared = await asyncio.gather(clear_litter(pool, files), clear_litter(pool, files))

    assert sum(cleared) == 80
