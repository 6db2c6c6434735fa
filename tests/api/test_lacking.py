"""Of a haiku that was begun to be illustrated only the rest is asked for."""

import httpx
import pytest

from core.db.end import Ending, end_job
from core.db.pool import Pool
from core.storage.files import Files
from tests.api.asking import read
from tests.api.work import claim, succeed, work_off
from tests.journeys.steps import Json
from tests.journeys.steps import ask as compose


async def illustrate(mei: httpx.AsyncClient, request: Json) -> list[str]:
    """The kinds of the jobs that this makes."""
    answer = await mei.post(f"{request['resource']}/illustrations")
    assert answer.status_code == 202, answer.text
    return [job["kind"] for job in answer.json()["jobs"]]


async def stop_at_the_last(kind: str, mei: httpx.AsyncClient, pool: Pool, files: Files) -> Json:
    """A haiku of which all was made but one job of this kind."""
    request = await compose(mei)
    last = None
    while jobs := await claim(pool):
        for job in jobs:
            if job.kind == kind and last is None:
                last = job
            else:
                await succeed(pool, files, job)
    await mei.post(request["links"]["cancel"])
    assert last is not None
    async with pool.acquire() as db:
        await end_job(db, last.id, last.epoch, Ending("canceled"), max_attempts=3)
    return request


@pytest.mark.parametrize(("kind", "part"), [("image.paint", "picture"), ("speech.say", "voice")])
async def test_only_what_is_missing_is_made(mei: httpx.AsyncClient, pool: Pool, files: Files, kind: str, part: str) -> None:
    request = await stop_at_the_last(kind, mei, pool, files)
    stopped = await read(mei, request)
    rest = await illustrate(mei, request)
    under_way = await read(mei, request)
    await work_off(pool, files)
    done = await read(mei, request)

    assert [line[part] is None for line in stopped["lines"]].count(True) == 1
    assert rest == [kind]
    assert [haiku["status"] for haiku in (stopped, under_way, done)] == ["canceled", "illustrating", "succeeded"]
    assert [line["scene"] for line in done["lines"]] == [line["scene"] for line in stopped["lines"]]


async def test_pictures_that_nobody_described_are_described(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await stop_at_the_last("haiku.scenes", mei, pool, files)
    rest = await illustrate(mei, request)
    await work_off(pool, files)

    assert rest == ["haiku.scenes"]
    assert (await read(mei, request))["status"] == "succeeded"


async def test_what_has_everything_is_made_anew(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    request = await compose(mei)
    await work_off(pool, files)

    assert sorted(await illustrate(mei, request)) == ["haiku.scenes", "speech.say", "speech.say", "speech.say"]


@pytest.mark.parametrize("kind", ["image.paint", "speech.say"])
async def test_what_was_made_later_is_not_of_the_next_poem(mei: httpx.AsyncClient, pool: Pool, files: Files, kind: str) -> None:
    request = await stop_at_the_last(kind, mei, pool, files)
    await illustrate(mei, request)
    await work_off(pool, files)
    await mei.post(f"{request['resource']}/messages", json={"text": "winter", "illustrate": False})
    await work_off(pool, files)

    lines = (await read(mei, request))["lines"]
    assert {(line["picture"], line["voice"]) for line in lines} == {(None, None)}
