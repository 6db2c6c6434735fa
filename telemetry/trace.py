"""Spans, and the traceparent that carries them through rows, as plain W3C strings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from opentelemetry import trace
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Kind = Literal["server", "producer", "consumer", "client", "internal"]
Attribute = str | int | float | bool

_KINDS = {
    "server": SpanKind.SERVER,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
    "client": SpanKind.CLIENT,
    "internal": SpanKind.INTERNAL,
}
_W3C = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("kotonoha")


@contextmanager
def span(
    name: str,
    kind: Kind = "internal",
    *,
    parent: str | None = None,
    linked: str | None = None,
    attributes: Mapping[str, Attribute] | None = None,
) -> Iterator[Span]:
    """Open a span around a block. `parent` and `linked` are traceparents from elsewhere; the current span is the parent
    when neither is given. An exception that leaves the block marks the span as failed, by its type alone: what it says
    may quote a learner. It goes on."""
    context = _W3C.extract({"traceparent": parent}) if parent else None
    with _tracer.start_as_current_span(
        name,
        context=context,
        kind=_KINDS[kind],
        links=_links(linked),
        attributes=dict(attributes or {}),
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        try:
            yield opened
        except Exception as error:
            opened.set_attribute("error.type", type(error).__qualname__)
            opened.set_status(Status(StatusCode.ERROR, type(error).__qualname__))
            raise


def fail_span(reason: str) -> None:
    """Mark the current span as failed for a reason that is no exception."""
    trace.get_current_span().set_status(Status(StatusCode.ERROR, reason))


def note_on_span(attributes: Mapping[str, Attribute]) -> None:
    """Add to the current span what was not known when it began. Never a learner's words."""
    trace.get_current_span().set_attributes(attributes)


def current_traceparent() -> str | None:
    """The current span as a W3C traceparent; None when nothing is traced."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    """32 hex digits, to show beside an error; None when nothing is traced."""
    context = trace.get_current_span().get_span_context()
    return format(context.trace_id, "032x") if context.is_valid else None


def _links(traceparent: str | None) -> list[Link]:
    if traceparent is None:
        return []
    return [Link(trace.get_current_span(_W3C.extract({"traceparent": traceparent})).get_span_context())]
