"""What was paid for is put away with patience, and never paid for again where there is no place for it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from core.contracts.haiku import Scene
from core.contracts.ids import StorageKey
from core.contracts.image import Paint
from core.contracts.job import ClaimedJob
from core.errors import Invalid, Misconfigured, Unavailable
from core.litter import clear_litter
from core.storage import Storage
from core.storage.files import Files
from tests.workers.conftest import claim, submit
from tests.workers.scripted import FULL, FickleDisk, Script, SlowDisk
from workers.depot import WAITS_SECONDS, Depot
from workers.main import Worker
from workers.parts import Parts
from workers.run import Run
from workers.run_job import run_job

SCENE = Scene(1, "a pond", "A pond.", "池。")
AWAY = Unavailable("Please reduce your request rate.")
DENIED = Misconfigured("It is not set up.", "AccessDenied", "KOTONOHA_MEDIA_BUCKET")


async def denied(key: StorageKey) -> None:
    raise DENIED


def with_storage(parts: Parts, *answers: Exception | None) -> tuple[Parts, FickleDisk]:
    fickle = FickleDisk(parts.storage, answers)
    # As S3 answers a role that may put and no more.
    fickle.delete = denied
    return replace(parts, storage=fickle, depot=Depot([0.01] * len(WAITS_SECONDS))), fickle


async def run_one(parts: Parts, seed: int = 1) -> ClaimedJob:
    await submit(parts, Paint(SCENE, "spring", (), seed))
    (job,) = await claim(parts)
    await run_job(Run(job), parts)
    return job


async def told(parts: Parts, job: ClaimedJob) -> tuple[str, str | None, int | None]:
    row = await parts.pool.fetchrow(
        "SELECT status, error ->> 'type' AS why, cost_microusd FROM street.jobs WHERE id = $1", job.id
    )
    assert row is not None
    return row["status"], (row["why"] or "").rpartition(":")[2] or None, row["cost_microusd"]


def test_a_throttle_of_some_seconds_is_waited_out_within_a_lease(parts: Parts) -> None:
    assert 5 < 0.8 * sum(WAITS_SECONDS) < 1.2 * sum(WAITS_SECONDS) < parts.settings.lease_seconds


async def test_what_is_put_off_a_few_times_is_stored_and_paid_once(parts: Parts, script: Script) -> None:
    parts, fickle = with_storage(parts, *[AWAY] * len(WAITS_SECONDS))
    job = await run_one(parts)

    assert await told(parts, job) == ("succeeded", None, 120)
    assert (script.calls, fickle.puts) == (1, 1 + len(WAITS_SECONDS))


@pytest.mark.parametrize("error", [AWAY, FULL])
async def test_what_stays_put_off_is_tried_again_at_what_it_cost(parts: Parts, script: Script, error: Exception) -> None:
    parts, _ = with_storage(parts, *[error] * (1 + len(WAITS_SECONDS)))
    job = await run_one(parts)

    assert await told(parts, job) == ("retrying", "not-stored", 120)
    assert await parts.pool.fetchval("SELECT microusd FROM street.spend") == 120


@pytest.mark.parametrize("error", [DENIED, Invalid("EntityTooLarge")])
async def test_what_has_no_place_is_paid_once_and_not_again(parts: Parts, script: Script, error: Exception) -> None:
    parts, fickle = with_storage(parts, error)
    job = await run_one(parts)

    assert await told(parts, job) == ("failed", "unstorable", 120)
    assert (script.calls, fickle.puts) == (1, 1)


async def test_what_a_store_refused_a_file_for_is_written_down(parts: Parts, capsys: pytest.CaptureFixture[str]) -> None:
    parts, _ = with_storage(parts, Invalid("The store of files does not take this (EntityTooLarge)."))
    await run_one(parts)

    assert "EntityTooLarge" in "".join(capsys.readouterr())


async def test_nobody_else_is_paid_while_there_is_no_place(
    parts: Parts, script: Script, capsys: pytest.CaptureFixture[str]
) -> None:
    parts, _ = with_storage(parts, DENIED, DENIED)
    await run_one(parts)
    refused = await run_one(parts, seed=2)
    log = "".join(capsys.readouterr())

    assert await told(parts, refused) == ("failed", "unstorable", None)
    assert script.calls == 1
    assert await parts.pool.fetchval("SELECT cost_microusd FROM street.requests WHERE id = $1", refused.request_id) == 0
    assert "KOTONOHA_MEDIA_BUCKET" in log
    assert "kotonoha doctor" in log
    assert await told(parts, await run_one(parts, seed=3)) == ("succeeded", None, 120), "somebody mended it"


async def test_a_learner_is_told_no_path_of_a_folder_that_is_closed_and_the_log_is(
    parts: Parts, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a kernel says of /sys, also to root, it says of a disk that is read-only."""
    job = await run_one(replace(parts, storage=Files(Path("/sys/kotonoha"), "http://127.0.0.1:8000/", "secret")))
    error = await parts.pool.fetchval("SELECT error::text FROM street.jobs WHERE id = $1", job.id)

    assert "unstorable" in error
    assert "/sys" not in error
    assert "doctor" not in error
    assert "/sys/kotonoha: " in "".join(capsys.readouterr())


async def test_every_trial_has_a_name_of_its_own_and_is_deleted_by_those_who_may(parts: Parts, script: Script) -> None:
    storage = parts.storage
    parts, _ = with_storage(parts, DENIED, DENIED)
    for seed in (1, 2, 3):
        await run_one(parts, seed)
    tried = await parts.pool.fetch("SELECT storage_key FROM street.litter")
    await parts.pool.execute("UPDATE street.litter SET due_at = now() - interval '1 s'")
    await clear_litter(parts.pool, storage)

    assert len({row["storage_key"] for row in tried if row["storage_key"].startswith("artifacts/image/probe/")}) == 2
    assert [path.parent.parent.name for path in parts.settings.media_dir.rglob("*.png")] == ["image"], "the third picture alone"


@pytest.mark.parametrize("error", [AWAY, FULL])
async def test_nobody_is_paid_while_nobody_can_tell(parts: Parts, script: Script, error: Exception) -> None:
    parts, _ = with_storage(parts, DENIED, error)
    await run_one(parts)
    job = await run_one(parts, seed=2)

    assert (await told(parts, job))[0] == "retrying"
    assert script.calls == 1


def refusing(storage: Storage) -> FickleDisk:
    return FickleDisk(storage, [AWAY] * 9)


@pytest.mark.parametrize("stored_by", [refusing, SlowDisk], ids=["refuses", "is silent"])
async def test_a_worker_that_leaves_hands_back_what_it_cannot_store_with_its_price(
    parts: Parts, stored_by: Callable[[Storage], FickleDisk]
) -> None:
    away = stored_by(parts.storage)
    await submit(parts, Paint(SCENE, "spring", (), 1))
    stopping = asyncio.Event()
    worker = asyncio.create_task(Worker(replace(parts, storage=away), ["image"]).run(stopping))
    await away.putting.wait()
    stopping.set()
    await worker
    job = await parts.pool.fetchrow("SELECT status, attempt, lost_leases, worker, cost_microusd FROM street.jobs")

    assert job is not None
    assert tuple(job) == ("retrying", 0, 0, None, 120)
