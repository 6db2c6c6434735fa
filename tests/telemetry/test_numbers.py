"""Every number of the table is told when what it counts happens, with the unit and the attributes the table says."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from botocore.exceptions import ClientError

from core.contracts.job import Paid
from core.db.claim import claim_jobs
from core.errors import GiveUp, JobFailed, TryAgain
from core.pace import Ceiling, Pace
from core.queue import Bell
from telemetry.metrics import METRICS
from tests.api.issuer import Issuer
from tests.api.serve import House, hear_all, subscribe
from tests.telemetry.conftest import Ear, ask, over, working
from tests.until import until
from tests.workers.scripted import Script
from workers.parts import Parts
from workers.providers.aws.failures import BEDROCK
from workers.providers.aws.gate import Callee, Gate
from workers.run import Run
from workers.run_job import run_job
from workers.telling import GUARD

BY_NAME = {metric.name: metric for metric in METRICS}


async def test_a_haiku_is_told_in_numbers(told: Ear, mei: httpx.AsyncClient, parts: Parts, script: Script) -> None:
    script.paid = Paid("bedrock", "scripted-1", {"input_tokens": 70, "output_tokens": 30}, 120)
    async with working(parts):
        await over(parts, await ask(mei, illustrate=True))
    heard = told.listen()
    runs = heard.of("messaging.process.duration")
    calls = heard.of("gen_ai.client.operation.duration")

    assert sum(point.times for point in runs) == sum(point.times for point in calls) == 8
    assert {point.attributes["outcome"] for point in runs} == {"succeeded"}
    assert sum(point.value for point in runs) >= sum(point.value for point in calls) > 0
    assert heard.total("gen_ai.client.token.usage", "input") == 8 * 70
    assert heard.total("gen_ai.client.token.usage", "output") == 8 * 30
    assert heard.total("kotonoha.provider.cost") == 8 * 120
    assert heard.total("kotonoha.job.attempts", "speech") == 3
    assert [(point.times, point.attributes) for point in heard.points if point.name == "kotonoha.request.duration"] == [
        (1, {"outcome": "succeeded"})
    ]
    assert heard.total("kotonoha.request.duration") < 10


async def test_what_is_put_off_and_what_fails_is_counted(told: Ear, mei: httpx.AsyncClient, parts: Parts, script: Script) -> None:
    script.then([TryAgain("throttled", timedelta(0), refund=True), TryAgain("broken"), GiveUp("refused")])
    async with working(parts):
        await over(parts, await ask(mei, illustrate=False))
    heard = told.listen()

    assert heard.total("kotonoha.provider.throttles") == 0, "whatever is handed back is no throttle yet"
    assert sorted(
        (point.attributes["error.type"], point.times)
        for point in heard.points
        if point.name == "gen_ai.client.operation.duration"
    ) == [("GiveUp", 1), ("TryAgain", 2)]
    assert heard.total("kotonoha.job.attempts", "failed") == 2


async def test_throttles_alone_are_counted_as_such_also_by_the_guardrail(told: Ear, bell: Bell) -> None:
    for code in ("ThrottlingException", "ServiceUnavailableException", "AccessDeniedException"):
        gate = Gate(
            Callee("poet", "aws.bedrock", "guardrail:abc", GUARD), BEDROCK, Pace(bell, "guardrail:abc", Ceiling(60_000), 1)
        )
        with pytest.raises(JobFailed):
            async with gate.passing():
                raise ClientError({"Error": {"Code": code, "Message": ""}}, "ApplyGuardrail")

    (throttles,) = [point for point in told.listen().points if point.name == "kotonoha.provider.throttles"]
    assert throttles.value == 1
    assert throttles.attributes == {"gen_ai.provider.name": "aws.bedrock", "gen_ai.request.model": "guardrail:abc"}


async def fail(mei: httpx.AsyncClient, parts: Parts, script: Script) -> str:
    script.then([GiveUp("refused")])
    async with working(parts):
        await over(parts, await ask(mei, illustrate=False))
    return "failed"


async def cancel_before_anybody_began(mei: httpx.AsyncClient, parts: Parts, _: Script) -> str:
    await mei.post((await ask(mei))["links"]["cancel"])
    return "canceled"


async def cancel_while_it_runs(mei: httpx.AsyncClient, parts: Parts, script: Script) -> str:
    script.hold()
    async with working(parts):
        request = await ask(mei)
        await script.called()
        await mei.post(request["links"]["cancel"])
        await over(parts, request)
    return "canceled"


async def let_the_deadline_pass(mei: httpx.AsyncClient, parts: Parts, _: Script) -> str:
    await parts.pool.execute("UPDATE street.requests SET deadline = clock_timestamp() WHERE id = $1", (await ask(mei))["id"])
    return "failed"


async def succeed(mei: httpx.AsyncClient, parts: Parts, _: Script) -> str:
    async with working(parts):
        await over(parts, await ask(mei, illustrate=False))
    return "succeeded"


@pytest.mark.parametrize("end", [succeed, fail, cancel_before_anybody_began, cancel_while_it_runs, let_the_deadline_pass])
async def test_the_duration_of_a_request_is_told_however_it_ended(
    told: Ear,
    mei: httpx.AsyncClient,
    parts: Parts,
    script: Script,
    end: Callable[[httpx.AsyncClient, Parts, Script], Awaitable[str]],
) -> None:
    async with asyncio.timeout(30):
        outcome = await end(mei, parts, script)

    async def is_told() -> bool:
        return bool(told.listen().of("kotonoha.request.duration"))

    # The sweeper of the api tells after the rows are written.
    await until(is_told)
    told_of = told.listen().of("kotonoha.request.duration")

    assert [(point.times, point.attributes) for point in told_of] == [(1, {"outcome": outcome})]


async def test_a_write_that_came_too_late_and_a_rescue_are_counted(
    told: Ear, mei: httpx.AsyncClient, parts: Parts, script: Script
) -> None:
    await ask(mei, illustrate=False)
    async with parts.pool.acquire() as db:
        (job,) = (await claim_jobs(db, "text", ["haiku.compose"], 1, "slow", parts.settings.lease, 4)).jobs
    script.hold()
    run = asyncio.create_task(run_job(Run(job), parts))
    await script.called()
    await parts.pool.execute("UPDATE street.jobs SET lease_until = clock_timestamp()")

    async def is_rescue_told() -> bool:
        return told.listen().total("kotonoha.job.rescues") == 1

    await until(is_rescue_told)
    script.release()
    await run
    heard = told.listen()

    assert heard.total("kotonoha.job.fenced_writes", "text") == 1
    assert heard.of("messaging.process.duration", "lost")
    assert [point.times for point in heard.of("kotonoha.job.pickup_lag")] == [1]


async def test_who_follows_is_counted_and_who_came_back(told: Ear, house: House, issuer: Issuer, parts: Parts) -> None:
    token = issuer.token("mei")
    async with house.client(token) as mei, house.socket(token) as live, working(parts):
        request = await ask(mei, illustrate=False)
        await over(parts, request)
        await subscribe(live, request["id"], after=1)
        await hear_all(live, request["id"])
        sockets = told.listen().total("kotonoha.live.connections", "socket")
        async with mei.stream("GET", request["links"]["events"], params={"after": 1}) as stream:
            await stream.aread()
    heard = told.listen()

    assert sockets == 1
    assert heard.total("kotonoha.live.resumes", "socket") == 1
    assert heard.total("kotonoha.live.resumes", "stream") == 1


async def test_requests_are_told_by_route_and_never_by_path(told: Ear, mei: httpx.AsyncClient) -> None:
    await mei.get("/api/requests/0199f3f2-0000-7000-8000-000000000000")
    await mei.get("/nowhere/at/all")
    await mei.request("HAIKU", "/api/haiku")
    await mei.get("/health/ready")
    heard = told.listen()
    served = [point.attributes for point in heard.points if point.name == "http.server.request.duration"]

    assert {attributes.get("http.route") for attributes in served} == {"/api/requests/{request_id}", None}
    assert {attributes["http.request.method"] for attributes in served} == {"GET", "_OTHER"}
    assert {span.name for span in heard.spans} == {"GET /api/requests/{request_id}", "GET", "HTTP"}


async def test_nothing_is_told_that_is_not_in_the_table(
    told: Ear, house: House, issuer: Issuer, parts: Parts, script: Script
) -> None:
    script.then([TryAgain("throttled", timedelta(0), refund=True), GiveUp("refused"), None])
    async with house.client(issuer.token("mei")) as mei, working(parts):
        for request in [await ask(mei, illustrate=False) for _ in range(2)]:
            await over(parts, request)

        async def are_gauges_told() -> bool:
            return any(point.name == "kotonoha.workers.desired" for point in told.listen().points)

        await until(are_gauges_told)
    heard = told.listen()
    wrong = [
        point
        for point in heard.points
        if point.unit != BY_NAME[point.name].unit or not point.attributes.keys() <= set(BY_NAME[point.name].by)
    ]

    assert wrong == []
    assert heard.total("db.client.connection.wait_time") > 0
    assert {point.name for point in heard.points} >= {
        "kotonoha.queue.depth",
        "kotonoha.queue.oldest_age",
        "kotonoha.telemetry.lost",
    }


def test_no_number_is_told_by_who_or_which() -> None:
    """Each value of an attribute is one more series to pay for, for ever."""
    assert not {by for metric in METRICS for by in metric.by} & {"user.id", "owner", "request.id", "job.id", "job.epoch"}
    assert len(BY_NAME) == len(METRICS)
