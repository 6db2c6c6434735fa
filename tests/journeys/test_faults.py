"""Parts die while haiku are under way: every accepted request ends, and nothing finished is paid for again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest

from tests.journeys.platform import Platform, up
from tests.journeys.steps import Json, ask, finish, read
from tests.until import until


@pytest.fixture(scope="module")
async def fragile(tmp_path_factory: pytest.TempPathFactory, way: Sequence[str]) -> AsyncIterator[Platform]:
    async with up(tmp_path_factory.mktemp("fragile") / "home", "--workers", "2", by=way) as platform:
        yield platform


@pytest.fixture
async def learner(fragile: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with await fragile.learner() as client:
        yield client


async def who_works(platform: Platform) -> str:
    """The name of a worker that has a job right now, once there is one."""
    pids: list[str] = []

    async def somebody() -> bool:
        rows = await platform.fetch("SELECT worker FROM street.jobs WHERE status = 'running'")
        pids.extend(row["worker"].rpartition(":")[2] for row in rows)
        return bool(pids)

    await until(somebody)
    return next(name for name, pid in platform.parts().items() if str(pid) == pids[0])


async def is_back(platform: Platform, name: str, old: int) -> None:
    async def born_again() -> bool:
        return platform.parts().get(name, old) != old

    await until(born_again)


async def assert_all_ended(platform: Platform, learner: httpx.AsyncClient, requests: list[Json]) -> None:
    stories = [await finish(learner, request) for request in requests]
    haikus = [await read(learner, request["resource"]) for request in requests]
    paid_after_the_end = await platform.fetch(
        "SELECT j.id FROM street.provider_calls p JOIN street.jobs j ON j.id = p.job_id WHERE p.called_at > j.finished_at"
    )
    # One call, and one more for each run that was lost: what began again without that was paid for twice.
    paid_too_often = await platform.fetch(
        """
        SELECT j.id FROM street.jobs j
         WHERE (SELECT count(*) FROM street.provider_calls p WHERE p.job_id = j.id)
             > (SELECT 1 + count(*) FROM street.events e WHERE e.job_id = j.id AND e.type = 'job.retrying')"""
    )

    assert [story[-1]["type"] for story in stories] == ["request.succeeded"] * len(requests)
    for story in stories:
        assert [event["seq"] for event in story] == list(range(1, len(story) + 1))
    assert {haiku["status"] for haiku in haikus} == {"succeeded"}
    assert (paid_after_the_end, paid_too_often) == ([], [])


async def test_a_worker_killed_in_the_middle_is_replaced_and_its_job_done(fragile: Platform, learner: httpx.AsyncClient) -> None:
    requests = [await ask(learner, topic) for topic in ("moon", "frogs")]
    name = await who_works(fragile)
    old = fragile.parts()[name]
    os.kill(old, signal.SIGKILL)

    await is_back(fragile, name, old)
    await assert_all_ended(fragile, learner, requests)


async def test_a_valkey_that_loses_everything_loses_no_haiku(fragile: Platform, learner: httpx.AsyncClient) -> None:
    requests = [await ask(learner, topic) for topic in ("plum blossom", "mist")]
    old = fragile.parts()["valkey"]
    os.kill(old, signal.SIGKILL)
    await asyncio.to_thread(wipe, fragile.home / "valkey")
    requests.append(await ask(learner, "asked while the bell was away"))

    await is_back(fragile, "valkey", old)
    await assert_all_ended(fragile, learner, requests)


def wipe(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink(missing_ok=True)


async def test_a_postgres_that_crashes_is_told_honestly_and_forgets_nothing(
    fragile: Platform, learner: httpx.AsyncClient
) -> None:
    requests = [await ask(learner, topic) for topic in ("cicadas", "a bridge in the dark")]
    api, old = fragile.parts()["api"], fragile.parts()["postgres"]
    os.kill(old, signal.SIGQUIT)
    refused = await asked_until_it_works(learner)

    await is_back(fragile, "postgres", old)
    assert refused
    assert {answer.status_code for answer in refused} == {503}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert {answer.headers["content-type"] for answer in refused} == {"application/problem+json"}
    assert fragile.parts()["api"] == api
    await assert_all_ended(fragile, learner, requests)


async def asked_until_it_works(learner: httpx.AsyncClient) -> list[httpx.Response]:
    """What was answered before the first 202."""
    refused: list[httpx.Response] = []

    async def accepted() -> bool:
        answer = await learner.post("/api/haiku", json={"topic": "still there?", "illustrate": False})
        if answer.status_code != 202:
            refused.append(answer)
        return answer.status_code == 202 and bool(refused)

    await until(accepted, within_seconds=30)
    return refused
