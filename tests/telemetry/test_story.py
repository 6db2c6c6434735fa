"""One haiku is one trace, from the HTTP request through the queue to every call of a tool."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import httpx
import msgspec
import pytest

from core.errors import GiveUp, TryAgain
from tests.telemetry.conftest import Ear, ask, brief, of_traceparent, over, working
from tests.telemetry.receiver import Told
from tests.until import until
from tests.workers.scripted import FULL, FickleDisk, Script
from workers.parts import Parts

STORY = """\
SERVER POST /api/haiku
  PRODUCER send text
    CONSUMER process haiku.compose
      CLIENT chat scripted-1
      CONSUMER process haiku.scenes
        CLIENT chat scripted-1
        CONSUMER process image.paint
          CLIENT generate_content scripted-1
          CLIENT put file
        CONSUMER process image.paint
          CLIENT generate_content scripted-1
          CLIENT put file
        CONSUMER process image.paint
          CLIENT generate_content scripted-1
          CLIENT put file
      CONSUMER process speech.say
        CLIENT generate_content scripted-1
        CLIENT put file
      CONSUMER process speech.say
        CLIENT generate_content scripted-1
        CLIENT put file
      CONSUMER process speech.say
        CLIENT generate_content scripted-1
        CLIENT put file
"""


def outline(spans: Iterable[Told], parent: str = "", depth: int = 0) -> str:
    """Children below their parents, siblings by name: the clock decides nothing here."""
    children = sorted((span for span in spans if span.parent == parent), key=lambda span: (span.kind, span.name))
    return "".join(f"{'  ' * depth}{span.kind} {span.name}\n{outline(spans, span.id, depth + 1)}" for span in children)


async def trace_of(parts: Parts, request: dict[str, str]) -> str:
    found = await parts.pool.fetchval("SELECT traceparent FROM street.requests WHERE id = $1", request["id"])
    return of_traceparent(found)[0]


async def test_a_haiku_is_one_trace_of_twenty_four_spans(told: Ear, mei: httpx.AsyncClient, parts: Parts) -> None:
    async with working(parts):
        request = await ask(mei, illustrate=True)
        status = await over(parts, request)
    spans = told.listen().trace(await trace_of(parts, request))

    assert status == "succeeded"
    assert outline(spans) == STORY
    assert [span for span in spans if span.failed is not None] == []


async def test_every_span_says_what_it_is_by_the_conventions(told: Ear, mei: httpx.AsyncClient, parts: Parts) -> None:
    async with working(parts):
        request = await ask(mei, illustrate=False)
        await over(parts, request)
    job_id = request["jobs"][0]["id"]
    server, producer, consumer, client = sorted(
        told.listen().trace(await trace_of(parts, request)),
        key=lambda span: ["SERVER", "PRODUCER", "CONSUMER", "CLIENT"].index(span.kind),
    )

    assert server.attributes == {
        "http.request.method": "POST",
        "http.route": "/api/haiku",
        "http.response.status_code": 202,
    }
    assert producer.attributes == {
        "messaging.system": "arq",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "text",
        "messaging.message.conversation_id": request["id"],
        "messaging.batch.message_count": 1,
    }
    assert consumer.attributes == {
        "messaging.system": "arq",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "text",
        "messaging.message.id": job_id,
        "messaging.message.conversation_id": request["id"],
        "job.id": job_id,
        "job.kind": "haiku.compose",
        "job.attempt": 1,
        "job.epoch": 1,
        "job.outcome": "succeeded",
        "cost_microusd": 120,
    }
    assert client.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "scripted",
        "gen_ai.request.model": "scripted-1",
        "gen_ai.output.type": "json",
        "gen_ai.response.model": "scripted-1",
        "usage.tokens": 7,
    }


async def test_a_later_attempt_is_a_trace_of_its_own_linked_to_what_created_the_job(
    told: Ear, mei: httpx.AsyncClient, parts: Parts, script: Script
) -> None:
    script.then([TryAgain("not now"), None])
    async with working(parts):
        request = await ask(mei, illustrate=False)
        await over(parts, request)
    spans = told.listen().spans
    first, second = sorted((span for span in spans if span.kind == "CONSUMER"), key=lambda span: span.attributes["job.attempt"])
    (sent,) = [span for span in spans if span.kind == "PRODUCER"]

    assert (first.trace, first.parent, first.links) == (sent.trace, sent.id, ())
    assert (second.parent, second.links) == ("", ((sent.trace, sent.id),))
    assert second.trace != sent.trace
    assert (first.attributes["job.outcome"], first.failed) == ("retrying", "urn:kotonoha:problem:try-again")
    assert (second.attributes["job.outcome"], second.failed) == ("succeeded", None)


async def test_every_try_to_put_a_file_away_is_told(told: Ear, mei: httpx.AsyncClient, parts: Parts) -> None:
    async with working(msgspec.structs.replace(parts, storage=FickleDisk(parts.storage, [FULL] * 2))):
        request = await ask(mei, illustrate=True)
        status = await over(parts, request)
    puts = [span for span in told.listen().trace(await trace_of(parts, request)) if span.name == "put file"]
    keys = {row["storage_key"] for row in await parts.pool.fetch("SELECT storage_key FROM street.artifacts")}

    assert status == "succeeded"
    assert sorted(str(span.failed) for span in puts) == ["None"] * 6 + ["OSError"] * 2
    assert {span.attributes["file.path"] for span in puts} == keys
    assert all(span.attributes["file.size"] > 0 for span in puts)


@pytest.mark.parametrize(
    ("failure", "consumer_failed"),
    [(GiveUp("refused"), "urn:kotonoha:problem:give-up"), (RuntimeError("a bug"), "urn:kotonoha:problem:internal")],
)
async def test_a_failure_is_marked_where_it_was_and_where_it_ended(
    told: Ear, mei: httpx.AsyncClient, parts: Parts, script: Script, failure: Exception, consumer_failed: str
) -> None:
    script.then([failure])
    async with working(parts):
        request = await ask(mei, illustrate=False)
        await over(parts, request)
    spans = {span.kind: span for span in told.listen().trace(await trace_of(parts, request))}

    assert (spans["CLIENT"].failed, spans["CLIENT"].attributes["error.type"]) == (type(failure).__name__,) * 2
    assert (spans["CONSUMER"].failed, spans["CONSUMER"].attributes["error.type"]) == (consumer_failed,) * 2
    assert spans["SERVER"].failed is None


async def test_a_call_that_is_put_off_is_no_failure_of_the_job(
    told: Ear, mei: httpx.AsyncClient, parts: Parts, script: Script
) -> None:
    script.then([TryAgain("throttled", timedelta(0), refund=True), None])
    async with working(parts):
        request = await ask(mei, illustrate=False)
        await over(parts, request)
    spans = told.listen().spans

    assert {span.failed for span in spans if span.kind == "CONSUMER"} == {None}
    assert sorted(str(span.failed) for span in spans if span.kind == "CLIENT") == ["None", "TryAgain"]


async def test_a_worker_with_nothing_to_do_tells_no_span(told: Ear, parts: Parts) -> None:
    looks = 0

    def look(_: float) -> None:
        nonlocal looks
        looks += 1

    async def has_looked_often() -> bool:
        return looks > 100

    busy = brief(parts, idle_look_seconds=0.01, sweep_seconds=0.01, publish_seconds=0.01)
    parts.pool.waited = look
    async with asyncio.timeout(20), working(busy):
        await until(has_looked_often)

    assert told.listen().spans == []
