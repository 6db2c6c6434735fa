"""What a learner notices when the account's services fail, and when a worker dies that had asked them."""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator

import httpx
import pytest

from local.home import Home
from local.state import find_running
from tests.fakes import FakeAws
from tests.journeys.platform import KOTONOHA, Platform
from tests.journeys.steps import ask, finish, read
from tests.journeys.test_faults import is_back, who_works

pytestmark = pytest.mark.amazon


@pytest.fixture
async def fakes(on_fakes: Platform) -> AsyncIterator[FakeAws]:
    state = find_running(Home(on_fakes.home))
    assert state is not None
    address = f"http://127.0.0.1:{next(part.port for part in state.parts if part.name == 'fakes')}"
    async with httpx.AsyncClient(base_url=address, trust_env=False) as control:
        fakes = FakeAws(address, control)
        await fakes.forget()
        yield fakes
        await fakes.forget()


@pytest.fixture
async def learner(on_fakes: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with await on_fakes.learner() as client:
        yield client


async def test_a_picture_that_is_refused_leaves_the_rest_and_a_retry_pays_for_it_alone(
    learner: httpx.AsyncClient, fakes: FakeAws
) -> None:
    await fakes.fault("bedrock-runtime", "content_filter", operation="InvokeModel", nth=2)
    request = await ask(learner, "a heron at dusk")
    story = await finish(learner, request)
    before = await read(learner, request["resource"])
    await fakes.forget()
    again = await learner.post(request["links"]["retry"])
    await finish(learner, again.json())
    after = await read(learner, request["resource"])

    assert story[-1]["type"] == "request.failed"
    assert sorted(line["picture"] is None for line in before["lines"]) == [False, False, True]
    assert all(line["voice"] for line in before["lines"])
    assert after["status"] == "succeeded"
    assert all(line["picture"] for line in after["lines"])
    assert [call["operation"] for call in await fakes.calls()] == ["InvokeModel"]


async def test_a_stream_cut_after_forty_tokens_costs_one_retry_and_leaves_no_half_poem(
    learner: httpx.AsyncClient, fakes: FakeAws
) -> None:
    await fakes.fault("bedrock-runtime", "cut", tokens=40)
    request = await ask(learner, "a lamp in the rain", illustrate=False)
    story = await finish(learner, request)
    job = (await read(learner, request["links"]["self"]))["jobs"][0]
    haiku = await read(learner, request["resource"])

    assert [event["type"] for event in story].count("job.retrying") == 1
    assert story[-1]["type"] == "request.succeeded"
    assert (job["attempt"], await fakes.count("ConverseStream")) == (2, 2)
    assert len([line for line in haiku["lines"] if line["japanese"]]) == 3


async def test_a_worker_killed_in_the_middle_is_replaced_and_its_job_done(
    on_fakes: Platform, learner: httpx.AsyncClient, fakes: FakeAws
) -> None:
    await fakes.fault("polly", "slow", seconds=1.5)
    request = await ask(learner, "moonlight")
    name = await who_works(on_fakes)
    old = on_fakes.parts()[name]
    os.kill(old, signal.SIGKILL)

    await is_back(on_fakes, name, old)
    story = await finish(learner, request)
    jobs = (await read(learner, request["links"]["self"]))["jobs"]
    calls = await on_fakes.fetch(
        "SELECT count(*) AS calls FROM street.provider_calls p JOIN street.jobs j ON j.id = p.job_id WHERE j.request_id = $1",
        request["id"],
    )
    again = [event["type"] for event in story].count("job.retrying")

    assert story[-1]["type"] == "request.succeeded"
    assert [event["seq"] for event in story] == list(range(1, len(story) + 1))
    assert again >= 1
    assert calls[0]["calls"] <= len(jobs) + again


async def test_the_doctor_asks_the_fakes_too(on_fakes: Platform) -> None:
    pids = on_fakes.parts()
    os.kill(pids["fakes"], signal.SIGSTOP)
    try:
        told = await doctor(on_fakes)
    finally:
        os.kill(pids["fakes"], signal.SIGCONT)

    assert f"✗ fakes       runs (pid {pids['fakes']}) and does not answer" in told
    assert "✓ s3          answers" in told


async def doctor(platform: Platform) -> str:
    process = await asyncio.create_subprocess_exec(str(KOTONOHA), "doctor", "--home", str(platform.home), stdout=PIPE)
    told, _ = await asyncio.wait_for(process.communicate(), 120)
    return told.decode()
