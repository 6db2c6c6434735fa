"""A provider's fault from the wire to the rows: how the job ends, what it used up, and what the learner's day is charged."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from core.contracts.haiku import Draft, Scene
from core.contracts.image import Paint
from core.contracts.job import QUEUES, Ask, Queue
from core.contracts.kinds import ASKS
from core.contracts.speech import Say
from core.db.claim import claim_jobs
from core.db.pool import Pool
from core.kana import count_morae
from core.queue import Bell
from core.settings import Settings
from core.storage.files import Files
from tests.fakes import FakeAws, Json
from tests.workers.conftest import MEI, submit
from tests.workers.providers.aws.asks import compose_ask
from workers.run import Run
from workers.run_job import Parts, run_job
from workers.tools import Tools

ASSUMED = 10_000_000
"""Of a call whose price nobody told; more than any of these calls costs."""

POEM = replace(compose_ask(), illustrate=False)
PICTURE = Paint(Scene(1, "Sumi-e ink painting, autumn: a maple", "A maple.", "紅葉。"), "autumn", (), 7, 256, 256)
VOICE = Say(1, "秋の雨", "あき の あめ")


class Row(NamedTuple):
    """One call that goes wrong, `times` in a row, and what must come of it."""

    ask: Ask
    service: str
    fault: Json
    status: str
    attempts: int
    calls: int
    assumed: int
    """How many calls were charged at the assumed price."""
    priced: bool
    """Whether something was charged at its own."""


def throttled(service: str) -> Json:
    return {"kind": "error", "code": "ThrottlingException"} | ({"retry_after_seconds": 1} if service == "polly" else {})


BEDROCK = "bedrock-runtime"
ALONG = 3
"""How often the guardrail reads along while a poem is streamed: after each line, and then the whole."""
THE_WHOLE: Json = {"operation": "ApplyGuardrail", "nth": 1 + ALONG}
ROWS = {
    "nothing": Row(POEM, BEDROCK, {}, "succeeded", 1, 2 + ALONG, 0, True),
    "stream cut after 40 tokens": Row(POEM, BEDROCK, {"kind": "cut", "tokens": 40}, "succeeded", 2, 4 + ALONG, 1, True),
    "stream ends in an error": Row(
        POEM,
        BEDROCK,
        {"kind": "stream_error", "code": "ModelStreamErrorException", "tokens": 9},
        "succeeded",
        2,
        3 + ALONG,
        1,
        True,
    ),
    "throttled": Row(POEM, BEDROCK, throttled(BEDROCK), "succeeded", 1, 3 + ALONG, 0, True),
    "away": Row(POEM, BEDROCK, {"kind": "error", "code": "ServiceUnavailableException"}, "succeeded", 1, 3 + ALONG, 0, True),
    "broken": Row(POEM, BEDROCK, {"kind": "error", "code": "InternalServerException"}, "succeeded", 2, 3 + ALONG, 1, True),
    "broken to the end": Row(
        POEM, BEDROCK, {"kind": "error", "code": "ModelErrorException", "times": 3}, "failed", 3, 3, 3, False
    ),
    "wrong morae": Row(POEM, BEDROCK, {"kind": "wrong_morae"}, "succeeded", 1, 3 + ALONG, 0, True),
    # The lines read along are calls, too.
    "wrong morae again": Row(POEM, BEDROCK, {"kind": "wrong_morae", "times": 2 + ALONG}, "failed", 1, 2 + ALONG, 1, False),
    "guardrail": Row(POEM, BEDROCK, {"kind": "guardrail"}, "failed", 1, 1, 1, False),
    "guardrail throttled": Row(POEM, BEDROCK, {**throttled(BEDROCK), **THE_WHOLE}, "succeeded", 1, 3 + ALONG, 0, True),
    "guardrail throttled for longer than it is waited for": Row(
        POEM,
        BEDROCK,
        {**throttled(BEDROCK), **THE_WHOLE, "retry_after_seconds": 4},
        "succeeded",
        2,
        4 + 2 * ALONG,
        1,
        True,
    ),
    "guardrail throttled without end": Row(
        POEM,
        BEDROCK,
        {**throttled(BEDROCK), **THE_WHOLE, "retry_after_seconds": 4, "times": 9},
        "failed",
        3,
        6 + 3 * ALONG,
        3,
        False,
    ),
    "picture filtered": Row(PICTURE, BEDROCK, {"kind": "content_filter"}, "failed", 1, 1, 1, False),
    "no picture": Row(PICTURE, BEDROCK, {"kind": "wrong_png"}, "succeeded", 2, 2, 1, True),
    "voice throttled": Row(VOICE, "polly", throttled("polly"), "succeeded", 1, 3, 0, True),
    "marks throttled": Row(VOICE, "polly", {**throttled("polly"), "nth": 2}, "succeeded", 1, 3, 0, True),
    "no sound": Row(VOICE, "polly", {"kind": "empty_audio"}, "succeeded", 2, 3, 1, True),
    "permission missing": Row(VOICE, "polly", {"kind": "error", "code": "AccessDeniedException"}, "failed", 1, 1, 1, False),
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, budget_microusd_per_day=100 * ASSUMED, assumed_call_microusd=ASSUMED)


@pytest.fixture
def parts(settings: Settings, pool: Pool, bell: Bell, fake_tools: Mapping[Queue, Tools]) -> Parts:
    """A worker on the account's tools, and the tools on the fakes."""
    files = Files(settings.media_dir, settings.public_url, settings.link_secret)
    return Parts(settings, pool, bell, files, fake_tools)


async def work_to_the_end(parts: Parts) -> None:
    """Every run there is; a wait that was imposed is over at once."""
    while await parts.pool.fetchval("SELECT EXISTS (SELECT FROM street.jobs WHERE finished_at IS NULL)"):
        await parts.pool.execute("UPDATE street.jobs SET due_at = now() WHERE status = 'retrying'")
        for queue in QUEUES:
            await _run_due(parts, queue)


async def _run_due(parts: Parts, queue: Queue) -> None:
    async with parts.pool.acquire() as db:
        claimed = await claim_jobs(db, queue, list(ASKS), 5, "test", parts.settings.lease, 5)
    for job in claimed.jobs:
        await run_job(Run(job), parts)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
async def test_each_fault_ends_and_costs_what_the_table_says(parts: Parts, fake_aws: FakeAws, row: Row) -> None:
    if row.fault:
        await fake_aws.fault(row.service, **row.fault)
    await submit(parts, row.ask)
    await work_to_the_end(parts)
    job = await parts.pool.fetchrow("SELECT status::text, attempt, error FROM street.jobs")
    spent = await parts.pool.fetchval("SELECT sum(microusd)::bigint FROM street.spend WHERE owner = $1", MEI)

    assert job is not None
    assert (job["status"], job["attempt"]) == (row.status, row.attempts), job["error"]
    assert len(await fake_aws.calls()) == row.calls
    assert (spent // ASSUMED, spent % ASSUMED > 0) == (row.assumed, row.priced)


async def test_a_cut_stream_leaves_one_whole_poem_and_no_half(parts: Parts, fake_aws: FakeAws) -> None:
    await fake_aws.fault(BEDROCK, "cut", tokens=40)
    await submit(parts, POEM)
    await work_to_the_end(parts)
    stories = await parts.pool.fetch("SELECT type, data::text FROM street.events ORDER BY seq")
    result = await parts.pool.fetchval("SELECT result::text FROM street.jobs")
    draft = msgspec.json.decode(result, type=Draft)

    assert [story["type"] for story in stories] == [
        "request.accepted",
        "job.started",
        "job.retrying",
        "job.started",
        "job.succeeded",
        "request.succeeded",
    ]
    assert "broke off" in stories[2]["data"]
    assert [count_morae(line.reading) for line in draft.poem.lines] == [5, 7, 5]
