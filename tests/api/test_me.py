"""Whoever erases themselves leaves nothing: no word, no file, no name."""

import httpx
import pytest
from litestar import Litestar

from core.db.pool import Pool
from core.litter import clear_litter
from core.settings import Settings
from core.storage import artifact_of, possible_keys
from core.storage.files import Files
from tests.api.conftest import client_of
from tests.api.issuer import Issuer
from tests.api.rows import everything_in, files_in
from tests.api.work import claim, fail, succeed, work_off

MEI = "7e0c9f4e-mei-who-leaves"
WISH, TURN = "a wish to be forgotten", "and winter, never to be seen again"


@pytest.fixture
async def mei(app: Litestar, issuer: Issuer) -> httpx.AsyncClient:
    return client_of(app, issuer.token(MEI))


async def ask(client: httpx.AsyncClient, topic: str, **more: str) -> dict[str, str]:
    answer = await client.post("/api/haiku", json={"topic": topic}, headers=more)
    assert answer.status_code == 202, answer.text
    request: dict[str, str] = answer.json()
    return request


async def live_a_little(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    """A finished haiku with a second turn, a deleted one, a failed one, a canceled one, and one of each open state."""
    first = await ask(mei, WISH, **{"Idempotency-Key": f"key-of-{MEI}"})
    await work_off(pool, files)
    await mei.post(f"{first['resource']}/messages", json={"text": TURN})
    gone = await ask(mei, f"{WISH} deleted")
    await work_off(pool, files)
    await mei.delete(gone["resource"])
    await ask(mei, f"{WISH} failed")
    for job in await claim(pool):
        await fail(pool, job)
    canceled = await ask(mei, f"{WISH} canceled")
    await mei.post(f"/api/requests/{canceled['id']}/cancel")
    await mei.post("/api/live/tickets")
    await pool.execute("INSERT INTO street.spend (owner, day, microusd) VALUES ($1, current_date, 7)", MEI)
    await pool.execute(
        """
        INSERT INTO street.audit (id, operator, action, filter, reason, matched)
        VALUES (gen_random_uuid(), 'aya', 'cancel', jsonb_build_object('owner', $1::text), 'They asked.', 0)""",
        MEI,
    )


async def clear_all(pool: Pool, files: Files) -> int:
    """Batch after batch, as workers do."""
    gone = 0
    while batch := await clear_litter(pool, files):
        gone += batch
    return gone


async def test_nothing_of_a_learner_is_left(mei: httpx.AsyncClient, pool: Pool, files: Files, settings: Settings) -> None:
    await live_a_little(mei, pool, files)
    await ask(mei, f"{WISH} running")
    await claim(pool)
    await ask(mei, f"{WISH} waiting")
    before = await everything_in(pool)
    erased = await mei.delete("/api/me")
    again = await mei.delete("/api/me")

    assert all(mark in before for mark in (MEI, WISH, TURN))
    assert (erased.status_code, erased.content, again.status_code) == (204, b"", 204)
    after = await everything_in(pool)
    assert [mark for mark in (MEI, WISH, TURN, "古池や") if mark in after] == []
    assert await clear_all(pool, files) > 0
    assert await files_in(settings.media_dir) == []
    assert (await mei.get("/api/haiku")).json()["items"] == []
    assert await claim(pool) == []


async def test_others_keep_everything(
    mei: httpx.AsyncClient, ken: httpx.AsyncClient, pool: Pool, files: Files, settings: Settings
) -> None:
    kens = await ask(ken, "what stays")
    await work_off(pool, files)
    before = (await ken.get(kens["resource"])).json()
    kept = await files_in(settings.media_dir)
    await live_a_little(mei, pool, files)
    await mei.delete("/api/me")
    await clear_all(pool, files)
    after = (await ken.get(kens["resource"])).json()

    assert [line["japanese"] for line in after["lines"]] == [line["japanese"] for line in before["lines"]]
    assert sorted(await files_in(settings.media_dir)) == sorted(kept)


async def test_a_worker_that_comes_too_late_leaves_no_trace(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    await ask(mei, WISH)
    (composing,) = await claim(pool)
    await mei.delete("/api/me")
    await succeed(pool, files, composing)

    assert MEI not in await everything_in(pool)
    assert WISH not in await everything_in(pool)


async def test_a_file_nobody_wrote_down_goes_too(mei: httpx.AsyncClient, pool: Pool, files: Files, settings: Settings) -> None:
    await ask(mei, WISH)
    (composing,) = await claim(pool)
    await succeed(pool, files, composing)
    saying = next(job for job in await claim(pool) if job.kind == "speech.say")
    # Stored, and then the worker died: one of this version, and one of the version before.
    keys = [key for key in possible_keys(saying.owner, artifact_of(saying.owner, saying.input_hash)) if "mp3" in key]
    for key in keys:
        await files.put(key, b"a voice", "audio/mpeg")
    await mei.delete("/api/me")
    await clear_litter(pool, files)

    assert len(keys) == 2
    assert await files_in(settings.media_dir) == []


async def test_a_learner_who_was_erased_may_begin_again(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    await live_a_little(mei, pool, files)
    await mei.delete("/api/me")
    request = await ask(mei, "a new beginning", **{"Idempotency-Key": f"key-of-{MEI}"})
    await work_off(pool, files)

    assert (await mei.get(request["resource"])).json()["status"] == "succeeded"


async def test_every_table_that_names_a_learner_is_emptied_of_them(pool: Pool) -> None:
    """A new one must be named in core/db/forget.py, or go with a request."""
    tables = await pool.fetch(
        """
        SELECT table_schema || '.' || table_name AS name FROM information_schema.columns
         WHERE column_name = 'owner' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""
    )

    assert [table["name"] for table in tables] == [
        "haiku.haikus",
        "street.artifacts",
        "street.jobs",
        "street.provider_calls",
        "street.requests",
        "street.shares",
        "street.spend",
        "street.tickets",
        "street.uploads",
    ]
