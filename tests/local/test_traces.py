"""The traces page takes spans as OTLP brings them, keeps the newest and shows what was looked for."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from local.traces.app import BODY_MAX_BYTES, create_app
from local.traces.store import Store

PROTOBUF = {"Content-Type": "application/x-protobuf"}
KEPT = 3
SECOND = 10**9


@pytest.fixture
async def page() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(Store(KEPT), 8600))  # type: ignore[arg-type]  # Litestar's own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as page:
        yield page


def text(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


def span(trace: int, number: int, name: str, parent: int = 0, kind: int = Span.SPAN_KIND_CONSUMER, **more: str) -> Span:
    return Span(
        trace_id=bytes([trace] * 16),
        span_id=bytes([number] * 8),
        parent_span_id=bytes([parent] * 8) if parent else b"",
        name=name,
        kind=kind,  # type: ignore[arg-type]  # an enum of protobuf is a number
        start_time_unix_nano=trace * 60 * SECOND + number * SECOND,
        end_time_unix_nano=trace * 60 * SECOND + number * SECOND + SECOND // 4,
        attributes=[text(key.replace("_", "."), value) for key, value in more.items()],
    )


def written(*spans: Span) -> bytes:
    told = ResourceSpans(resource=Resource(attributes=[text("service.name", "kotonoha-worker")]))
    told.scope_spans.append(ScopeSpans(spans=spans))
    body: bytes = ExportTraceServiceRequest(resource_spans=[told]).SerializeToString()
    return body


async def tell(page: httpx.AsyncClient, *spans: Span) -> None:
    answer = await page.post("/v1/traces", content=written(*spans), headers=PROTOBUF)
    assert (answer.status_code, answer.content) == (200, b"")


async def found(page: httpx.AsyncClient, words: str = "") -> Sequence[str]:
    return [trace["name"] for trace in (await page.get("/api/traces", params={"find": words})).json()["items"]]


async def test_a_trace_is_shown_as_a_tree_in_the_order_things_began(page: httpx.AsyncClient) -> None:
    await tell(page, span(1, 3, "chat", parent=2), span(1, 1, "POST /api/haiku"), span(1, 2, "process haiku.compose", parent=1))
    (trace,) = (await page.get("/api/traces")).json()["items"]
    shown = await page.get(f"/traces/{trace['id']}")

    assert [told["name"] for told in trace["spans"]] == ["POST /api/haiku", "process haiku.compose", "chat"]
    assert trace["seconds"] == 2.25
    assert shown.text.index("POST /api/haiku") < shown.text.index("process haiku.compose") < shown.text.index("--depth:2")


async def test_a_trace_is_found_by_any_id_in_it(page: httpx.AsyncClient) -> None:
    await tell(page, span(1, 1, "first", job_id="0199-ABC"), span(2, 1, "second", messaging_message_conversation_id="r-7"))

    assert await found(page, "0199-abc") == ["first"]
    assert await found(page, "r-7") == ["second"]
    assert await found(page, "02" * 16) == ["second"]
    assert await found(page, "nobody") == []


async def test_reads_do_not_drive_out_work_and_are_listed_when_asked_for(page: httpx.AsyncClient) -> None:
    await tell(page, span(1, 1, "process speech.say"))
    for number in range(2, 9):
        await tell(page, span(number, 1, f"GET {number}", kind=Span.SPAN_KIND_SERVER))

    assert await found(page) == ["GET 8", "GET 7", "GET 6", "process speech.say"]
    assert "GET 8" not in (await page.get("/")).text
    assert "GET 8" in (await page.get("/?everything=true")).text


async def test_the_oldest_work_makes_room(page: httpx.AsyncClient) -> None:
    for number in range(1, 6):
        await tell(page, span(number, 1, f"process {number}"))

    assert await found(page) == ["process 5", "process 4", "process 3"]
    assert (await page.get(f"/traces/{'01' * 16}")).status_code == 404


async def test_a_failure_and_a_link_are_shown(page: httpx.AsyncClient) -> None:
    later = span(2, 1, "process haiku.compose")
    later.links.append(Span.Link(trace_id=bytes([1] * 16), span_id=bytes([7] * 8)))
    later.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message="urn:kotonoha:problem:give-up"))
    await tell(page, later)
    shown = (await page.get(f"/traces/{'02' * 16}")).text

    assert f'href="/traces/{"01" * 16}#{"07" * 8}"' in shown
    assert "urn:kotonoha:problem:give-up" in shown
    assert "1 failed" in (await page.get("/")).text
    assert await found(page, "give-up") == ["process haiku.compose"]


async def test_whatever_a_span_says_is_text_on_the_page(page: httpx.AsyncClient) -> None:
    await tell(page, span(1, 1, "<script>alert(1)</script>", evil='"><img src=x>'))
    pages = [(await page.get(path)).text for path in ("/", f"/traces/{'01' * 16}", "/?find=%3Cscript%3E", "/?find=%22%3E%3Cb")]

    assert not [html for html in pages if "<script>" in html or "<img" in html or '"><b' in html]


async def test_spans_come_packed_too(page: httpx.AsyncClient) -> None:
    packed = gzip.compress(written(span(1, 1, "process speech.say")))
    await page.post("/v1/traces", content=packed, headers=PROTOBUF | {"Content-Encoding": "gzip"})

    assert await found(page) == ["process speech.say"]


def packed(body: bytes) -> bytes:
    # Without the second it was packed in: a test must have one name in all processes.
    return gzip.compress(body, mtime=0)


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"\xff\xff\xff", PROTOBUF),
        (b"no gzip", PROTOBUF | {"Content-Encoding": "gzip"}),
        (packed(b"cut")[:-4], PROTOBUF | {"Content-Encoding": "gzip"}),
        (packed(b"one") + packed(b"two"), PROTOBUF | {"Content-Encoding": "gzip"}),
        # What a page elsewhere could send without asking.
        (written(span(1, 1, "forged")), {"Content-Type": "text/plain"}),
    ],
)
async def test_what_is_not_spans_is_refused_and_changes_nothing(
    page: httpx.AsyncClient, content: bytes, headers: dict[str, str]
) -> None:
    answer = await page.post("/v1/traces", content=content, headers=headers)

    assert answer.status_code == 400
    assert await found(page) == []


async def test_what_is_packed_is_unpacked_no_further_than_there_is_room(page: httpx.AsyncClient) -> None:
    """Ten times what is taken, in less than three of it."""
    packer = zlib.compressobj(wbits=31)
    much = b"".join([*(packer.compress(bytes(BODY_MAX_BYTES)) for _ in range(10)), packer.flush()])
    tracemalloc.start()
    answer = await page.post("/v1/traces", content=much, headers=PROTOBUF | {"Content-Encoding": "gzip"})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(much) < BODY_MAX_BYTES
    assert answer.status_code == 413
    assert "send fewer" in answer.json()["detail"]
    assert most < 3 * BODY_MAX_BYTES


async def test_a_page_elsewhere_that_points_here_sees_nothing(page: httpx.AsyncClient) -> None:
    assert (await page.get("/", headers={"Host": "evil.example:8600"})).status_code == 400
