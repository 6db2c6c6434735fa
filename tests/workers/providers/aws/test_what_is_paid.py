"""A provider's fault from the wire to the rows: how the job ends, what it used up, and what the learner's day is charged."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from core.contracts.haiku import Describe, Draft, Scene
from core.contracts.ids import UploadId, new_id
from core.contracts.image import Paint
from core.contracts.job import QUEUES, Ask, Queue
from core.contracts.kinds import ASKS
from core.contracts.speech import Say
from core.contracts.upload import Check
from core.db.claim import claim_jobs
from core.db.pool import Pool
from core.kana import count_morae
from core.queue import Bell
from core.settings import Settings
from core.storage import quarantine_key
from core.storage.files import Files
from tests.fakes import FakeAws, Json
from tests.workers.conftest import MEI, submit
from tests.workers.providers.aws.asks import compose_ask
from tests.workers.providers.conftest import open_all
from tests.workers.scripted import POEM as BASHO
from workers.parts import Parts
from workers.providers.aws.clients import Clients
from workers.providers.aws.prices import read_prices
from workers.run import Run
from workers.run_job import run_job
from workers.tools import Tools

POEM = replace(compose_ask(), illustrate=False)
PICTURE = Paint(Scene(1, "Sumi-e ink painting, autumn: a maple", "A maple.", "紅葉。"), "autumn", (), 7, 256, 256)
VOICE = Say(1, "秋の雨", "あき の あめ")


Charge = Literal["reserved", "price"]
"""What a run counts on the learner's day, unless it is free: what was reserved for it, or what it cost by what it used."""


class Row(NamedTuple):
    """A call that goes wrong, perhaps `times` in a row, and what must come of it."""

    ask: Ask
    service: str
    fault: Json
    status: str
    attempts: int
    calls: int
    charges: tuple[Charge, ...]
    """Of each run that is not free, as one that only waited for its turn is."""
    microusd: int | None = None
    """What the day is charged in all, of which a poem says only while it is written how much."""


def throttled(service: str) -> Json:
    return {"kind": "error", "code": "ThrottlingException"} | ({"retry_after_seconds": 1} if service == "polly" else {})


def error(code: str) -> Json:
    return {"kind": "error", "code": code}


def in_stream(code: str) -> Json:
    return {"kind": "stream_error", "code": code, "tokens": 9}


BEDROCK = "bedrock-runtime"
ALONG = 3
"""How often the guardrail reads along while a poem is streamed: after each line, and then the whole."""
THE_WHOLE: Json = {"operation": "ApplyGuardrail", "nth": 1 + ALONG}
GUARD = {**throttled(BEDROCK), **THE_WHOLE}
LONG = {**GUARD, "retry_after_seconds": 4}
DENIED = {"kind": "error", "code": "AccessDeniedException"}
AGAIN: tuple[Charge, ...] = ("reserved", "price")
WHOLE = 2 + ALONG
SOUND, SPOKEN = 112, 224
"""Of seven characters at 16 dollars a million, and once more for their marks."""
ROWS = {
    "nothing": Row(POEM, BEDROCK, {}, "succeeded", 1, WHOLE, ("price",)),
    "stream cut after 40 tokens": Row(POEM, BEDROCK, {"kind": "cut", "tokens": 40}, "succeeded", 2, 2 + WHOLE, AGAIN),
    "stream ends in an error": Row(POEM, BEDROCK, in_stream("ModelStreamErrorException"), "succeeded", 2, 1 + WHOLE, AGAIN),
    "stream ends in a throttle": Row(POEM, BEDROCK, in_stream("ThrottlingException"), "succeeded", 2, 1 + WHOLE, AGAIN),
    "stream ends, service away": Row(POEM, BEDROCK, in_stream("ServiceUnavailableException"), "succeeded", 2, 1 + WHOLE, AGAIN),
    "stream ends as unfit": Row(POEM, BEDROCK, in_stream("ValidationException"), "failed", 1, 1, ("reserved",)),
    "throttled": Row(POEM, BEDROCK, throttled(BEDROCK), "succeeded", 1, 1 + WHOLE, ("price",)),
    "away": Row(POEM, BEDROCK, error("ServiceUnavailableException"), "succeeded", 1, 1 + WHOLE, ("price",)),
    "broken": Row(POEM, BEDROCK, error("InternalServerException"), "succeeded", 2, 1 + WHOLE, AGAIN),
    "broken to the end": Row(POEM, BEDROCK, error("ModelErrorException") | {"times": 3}, "failed", 3, 3, ("reserved",) * 3),
    "too long": Row(POEM, BEDROCK, {"kind": "truncated", "tokens": 30}, "succeeded", 2, 2 + WHOLE, ("price", "price")),
    "wrong morae": Row(POEM, BEDROCK, {"kind": "wrong_morae"}, "succeeded", 1, 1 + WHOLE, ("price",)),
    # The lines read along are calls, too.
    "wrong morae again": Row(POEM, BEDROCK, {"kind": "wrong_morae", "times": 2 + ALONG}, "failed", 1, WHOLE, ("price",)),
    "guardrail": Row(POEM, BEDROCK, {"kind": "guardrail"}, "failed", 1, 1, ("price",)),
    "guardrail while it is written": Row(
        POEM, BEDROCK, {"kind": "guardrail", "operation": "ApplyGuardrail"}, "failed", 1, 2, ("reserved",)
    ),
    "guardrail after it was written": Row(POEM, BEDROCK, {"kind": "guardrail", **THE_WHOLE}, "failed", 1, WHOLE, ("price",)),
    "guardrail broken while it reads along": Row(
        POEM, BEDROCK, error("InternalServerException") | {"operation": "ApplyGuardrail"}, "succeeded", 1, WHOLE, ("reserved",)
    ),
    "guardrail throttled": Row(POEM, BEDROCK, GUARD, "succeeded", 1, 1 + WHOLE, ("price",)),
    "guardrail throttled for longer than it is waited for": Row(
        POEM, BEDROCK, LONG, "succeeded", 2, 2 * WHOLE, ("price", "price")
    ),
    "guardrail throttled without end": Row(POEM, BEDROCK, {**LONG, "times": 9}, "failed", 3, 3 * WHOLE, ("price",) * 3),
    "guardrail forbidden": Row(POEM, BEDROCK, {**DENIED, **THE_WHOLE}, "failed", 1, WHOLE, ("price",)),
    "picture filtered": Row(PICTURE, BEDROCK, {"kind": "content_filter"}, "failed", 1, 1, ("reserved",), 80_000),
    "no picture": Row(PICTURE, BEDROCK, {"kind": "wrong_png"}, "succeeded", 2, 2, ("price", "price"), 160_000),
    "picture cut": Row(PICTURE, BEDROCK, {"kind": "cut"}, "succeeded", 2, 2, AGAIN, 160_000),
    "picture unfit": Row(PICTURE, BEDROCK, error("ValidationException"), "failed", 1, 1, (), 0),
    "picture no painter paints": Row(replace(PICTURE, width=16), BEDROCK, {}, "failed", 1, 0, (), 0),
    "voice throttled": Row(VOICE, "polly", throttled("polly"), "succeeded", 1, 3, ("price",), SPOKEN),
    "marks throttled": Row(VOICE, "polly", {**throttled("polly"), "nth": 2}, "succeeded", 1, 3, ("price",), SPOKEN),
    "marks broken": Row(VOICE, "polly", error("ServiceFailureException") | {"nth": 2}, "succeeded", 2, 4, AGAIN, 2 * SPOKEN),
    "voice cut": Row(VOICE, "polly", {"kind": "cut"}, "succeeded", 2, 3, AGAIN, 2 * SPOKEN),
    "voice cut in its middle": Row(
        VOICE, "polly", {"kind": "cut", "tokens": 1}, "succeeded", 2, 3, ("price", "price"), SOUND + SPOKEN
    ),
    "marks cut in their middle": Row(
        VOICE, "polly", {"kind": "cut", "tokens": 1, "nth": 2}, "succeeded", 2, 4, ("price", "price"), 2 * SPOKEN
    ),
    "no sound": Row(VOICE, "polly", {"kind": "empty_audio"}, "succeeded", 2, 3, ("price", "price"), SOUND + SPOKEN),
    "marks nobody counted": Row(VOICE, "polly", {"kind": "uncounted", "nth": 2}, "succeeded", 1, 2, ("reserved",), SPOKEN),
    "permission missing": Row(VOICE, "polly", DENIED, "failed", 1, 1, (), 0),
    "line no voice speaks": Row(Say(1, "秋の雨", "秋 の 雨"), "polly", {}, "failed", 1, 0, (), 0),
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, budget_microusd_per_day=10_000_000)


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
    runs = await parts.pool.fetch(
        "SELECT reserved_microusd, cost_microusd, prices, usage FROM street.provider_calls ORDER BY epoch"
    )

    assert job is not None
    assert (job["status"], job["attempt"]) == (row.status, row.attempts), job["error"]
    assert len(await fake_aws.calls()) == row.calls
    costs = [run["cost_microusd"] for run in runs if run["cost_microusd"] is not None]
    assert len(costs) == row.charges.count("price")
    assert await spent(parts) == sum(costs) + row.charges.count("reserved") * runs[0]["reserved_microusd"]
    assert row.microusd in (None, await spent(parts))
    if row.ask is POEM:
        assert costs == [price_of_poem(run["usage"]) for run in runs if run["cost_microusd"] is not None]
    assert {run["prices"] for run in runs} == {read_prices().version}
    whole = await parts.pool.fetchval("SELECT cost_microusd FROM street.requests")
    assert whole == (None if "reserved" in row.charges else await spent(parts)), "a sum nobody knows is told as none"


def price_of_poem(told: str) -> int:
    """By prices written a second time: 1.10 and 5.50 dollars a million tokens, and 0.15 a thousand units."""
    usage = msgspec.json.decode(told, type=dict[str, int])
    tokens = 11 * usage["input_tokens"] + 55 * usage["output_tokens"]
    return -(-(tokens + 1500 * usage["content_policy_units"]) // 10)


async def spent(parts: Parts) -> int:
    found: int = await parts.pool.fetchval("SELECT coalesce(sum(microusd), 0)::bigint FROM street.spend WHERE owner = $1", MEI)
    return found


@pytest.mark.parametrize("ask", [POEM, Describe(BASHO, 1), PICTURE, VOICE], ids=["poem", "scenes", "picture", "voice"])
async def test_a_call_is_reserved_by_its_kind_and_model_and_takes_no_more(parts: Parts, fake_aws: FakeAws, ask: Ask) -> None:
    await submit(parts, ask)
    for queue in QUEUES:
        await _run_due(parts, queue)
    row = await parts.pool.fetchrow("SELECT reserved_microusd, cost_microusd, model, usage FROM street.provider_calls")

    assert row is not None
    usage = msgspec.json.decode(row["usage"])
    assert row["cost_microusd"] == read_prices().price(row["model"], usage)
    assert 0 < row["cost_microusd"] <= row["reserved_microusd"] < 10 * row["cost_microusd"]
    assert ("content_policy_units" in usage) == (ask.queue == "text")


async def test_a_picture_is_reserved_at_the_price_of_its_model(parts: Parts, fake_aws: FakeAws) -> None:
    """Counted as any call, many pictures that begin together would find money for one."""
    await submit(parts, PICTURE)
    await _run_due(parts, "image")

    assert await parts.pool.fetchval("SELECT reserved_microusd FROM street.provider_calls") == 80_000


async def test_a_model_without_a_price_is_reserved_as_any_call_and_costs_null(
    parts: Parts, fake_clients: Clients, fake_settings: Settings, bell: Bell, fake_aws: FakeAws
) -> None:
    unknown = replace(fake_settings, image_model="stability.stable-image-next-v9:0")
    tools = await open_all(unknown, fake_clients, bell)
    parts = replace(parts, tools=tools)
    await submit(parts, PICTURE)
    await _run_due(parts, "image")
    row = await parts.pool.fetchrow("SELECT reserved_microusd, cost_microusd, prices FROM street.provider_calls")

    assert row is not None
    assert tuple(row) == (parts.settings.assumed_call_microusd, None, None)
    assert await spent(parts) == parts.settings.assumed_call_microusd


async def test_what_the_sdk_does_not_send_is_a_fault_of_ours_and_free(
    parts: Parts, fake_clients: Clients, fake_settings: Settings, bell: Bell, fake_aws: FakeAws
) -> None:
    parts = replace(parts, tools=await open_all(replace(fake_settings, image_model=""), fake_clients, bell))
    await submit(parts, PICTURE)
    await _run_due(parts, "image")
    error = await parts.pool.fetchval("SELECT error ->> 'detail' FROM street.jobs")

    assert error == "The painter could not read what it was sent. That is a fault of ours, and was written down."
    assert (await fake_aws.calls(), await spent(parts)) == ([], 0)


async def test_work_that_is_done_here_is_never_paid_nor_refused_for_money(parts: Parts, fake_aws: FakeAws) -> None:
    await parts.pool.execute("INSERT INTO street.spend SELECT $1, (now() AT TIME ZONE 'UTC')::date, 10_000_000", MEI)
    await submit(parts, Check(UploadId(new_id()), quarantine_key(MEI, UploadId(new_id()))))
    await _run_due(parts, "image")
    row = await parts.pool.fetchrow("SELECT reserved_microusd, j.error FROM street.provider_calls JOIN street.jobs j ON true")

    assert row is not None
    assert row["reserved_microusd"] == 0
    assert "Nothing was uploaded" in row["error"]
    assert await spent(parts) == 10_000_000


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
