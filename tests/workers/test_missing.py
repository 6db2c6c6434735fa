"""A request whose parts do not all succeed: what is there stays, and only what is missing is paid for."""

from typing import Any

from core.contracts.haiku import Compose, Message
from core.contracts.ids import RequestId
from core.db.retry import retry_request
from core.errors import GiveUp
from tests.workers.conftest import MEI, claim, submit
from tests.workers.scripted import Script
from workers.parts import Parts
from workers.run import Run
from workers.run_job import run_job

ASK = Compose("frogs", (Message("learner", "frogs"),), None, 1, illustrate=True)
BEFORE_THE_PICTURES = 5
"""The poem, its scenes and three voices."""


async def run_everything(parts: Parts) -> None:
    while jobs := await claim(parts):
        for job in jobs:
            await run_job(Run(job), parts)


async def story(parts: Parts, request: RequestId) -> tuple[str, dict[str, int], int]:
    """Its status, how many jobs of each kind succeeded, and how many calls were paid for."""
    rows: list[Any] = await parts.pool.fetch(
        "SELECT kind, count(*) AS jobs FROM street.jobs WHERE request_id = $1 AND status = 'succeeded' GROUP BY kind", request
    )
    status = await parts.pool.fetchval("SELECT status FROM street.requests WHERE id = $1", request)
    calls = await parts.pool.fetchval("SELECT count(*) FROM street.provider_calls")
    return status, {row["kind"]: row["jobs"] for row in rows}, calls


async def test_one_failed_picture_of_three_leaves_the_rest_and_a_retry_makes_one_call(parts: Parts, script: Script) -> None:
    request = await submit(parts, ASK)
    script.then([*[None] * BEFORE_THE_PICTURES, GiveUp("This scene cannot be painted.")])
    await run_everything(parts)
    failed, calls = await story(parts, request), script.calls
    async with parts.pool.acquire() as db, db.transaction():
        await retry_request(db, request, MEI, parts.settings.deadline)
    await run_everything(parts)

    whole = {"haiku.compose": 1, "haiku.scenes": 1, "speech.say": 3, "image.paint": 3}
    assert failed == ("failed", whole | {"image.paint": 2}, 8)
    assert script.calls == calls + 1
    assert await story(parts, request) == ("succeeded", whole, 9)
