"""The local fleet grows under load and shrinks back, and no job notices."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.platform import PROVIDERS, Platform, kotonoha, up
from tests.journeys.steps import Json, ask, finish
from tests.until import until

LEARNERS, HAIKU_EACH = 8, 12
QUICK_TO_CALM = {"KOTONOHA_CALM_SECONDS": "2", "KOTONOHA_SLOTS_PER_QUEUE": "1"}
# What waits for its turn at a model would be handed back, and this is about turns at a worker.
NO_PACE = {"KOTONOHA_TEXT_REQUESTS_PER_MINUTE": "100000", "KOTONOHA_TEXT_TOKENS_PER_MINUTE": "100000000"}


@pytest.fixture(params=PROVIDERS)
async def elastic(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Platform]:
    for name, value in {**QUICK_TO_CALM, **NO_PACE}.items():
        monkeypatch.setenv(name, value)
    async with up(tmp_path / "home", "--workers", "1-4", "--providers", request.param) as platform:
        yield platform


async def ask_for_many(learner: httpx.AsyncClient) -> list[Json]:
    return [await ask(learner, f"rain {number}", illustrate=False) for number in range(HAIKU_EACH)]


async def told_workers(platform: Platform) -> set[str]:
    parts = json.loads(await kotonoha("status", "--home", str(platform.home), "--json"))
    return {part["name"] for part in parts if part["name"].startswith("worker") and _lives(part["pid"])}


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def there_are(platform: Platform, *names: str) -> None:
    async def so() -> bool:
        return await told_workers(platform) == set(names)

    await until(so, within_seconds=90)


async def test_four_workers_come_for_the_rush_and_one_stays_after_it(elastic: Platform) -> None:
    learners = [await elastic.learner(f"learner {number}") for number in range(LEARNERS)]
    await there_are(elastic, "worker-1")
    # It has nothing to do yet, and shall not be done with a rush before anybody has looked.
    only = elastic.parts()["worker-1"]
    os.kill(only, signal.SIGSTOP)
    requests = await asyncio.gather(*map(ask_for_many, learners))
    await there_are(elastic, *(f"worker-{number}" for number in range(1, 5)))
    os.kill(only, signal.SIGCONT)
    stories = [
        await finish(learner, request, 120) for learner, asked in zip(learners, requests, strict=True) for request in asked
    ]
    await there_are(elastic, "worker-1")
    for learner in learners:
        await learner.aclose()

    steps = ["request.accepted", "job.started", "job.succeeded", "request.succeeded"]
    assert [[event["type"] for event in story] for story in stories] == [steps] * (LEARNERS * HAIKU_EACH)
    rows = await elastic.fetch("SELECT max(attempt) AS attempts, max(epoch) AS claims, max(lost_leases) AS lost FROM street.jobs")
    assert tuple(rows[0]) == (1, 1, 0)
