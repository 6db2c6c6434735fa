"""Traces cross rows as plain W3C strings."""

import re

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from telemetry.start import Telemetry
from telemetry.trace import current_trace_id, current_traceparent, fail_span, span


@pytest.fixture(scope="session")
def exporter(telemetry: Telemetry) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    telemetry.traces.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture
def finished(exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    exporter.clear()
    return exporter


def only(finished: InMemorySpanExporter, name: str) -> ReadableSpan:
    (found,) = [span for span in finished.get_finished_spans() if span.name == name]
    return found


def test_a_span_is_told_as_a_traceparent(finished: InMemorySpanExporter) -> None:
    with span("POST /api/haiku", "server"):
        told = current_traceparent()
        trace_id = current_trace_id()

    assert told is not None
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]", told)
    assert trace_id == told.split("-")[1]
    assert only(finished, "POST /api/haiku").kind is trace.SpanKind.SERVER


def test_nothing_is_told_outside_a_span(finished: InMemorySpanExporter) -> None:
    assert current_traceparent() is None
    assert current_trace_id() is None


def test_a_first_attempt_is_a_child_of_what_created_it(finished: InMemorySpanExporter) -> None:
    with span("send text", "producer"):
        created = current_traceparent()
    with span("process haiku.compose", "consumer", parent=created):
        pass
    child, creator = only(finished, "process haiku.compose"), only(finished, "send text")

    assert child.parent is not None
    assert creator.context is not None
    assert child.parent.span_id == creator.context.span_id


def test_a_later_attempt_is_only_linked(finished: InMemorySpanExporter) -> None:
    with span("send text", "producer"):
        created = current_traceparent()
    with span("process haiku.compose", "consumer", linked=created):
        pass
    child, creator = only(finished, "process haiku.compose"), only(finished, "send text")

    assert child.parent is None
    assert [link.context.span_id for link in child.links] == [creator.context.span_id if creator.context else None]


def test_a_failure_without_an_exception_is_marked(finished: InMemorySpanExporter) -> None:
    with span("process speech.say", "consumer"):
        fail_span("urn:kotonoha:problem:give-up")

    assert only(finished, "process speech.say").status.description == "urn:kotonoha:problem:give-up"


def test_an_exception_marks_its_span_and_is_not_quoted(finished: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="a secret wish"), span("process speech.say", "consumer"):
        raise ValueError("a secret wish")
    told = only(finished, "process speech.say")

    assert told.status.description == "ValueError"
    assert "a secret wish" not in told.to_json()
