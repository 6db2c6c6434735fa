"""Spans as OTLP brings them (opentelemetry-proto), read into what the page shows."""

from collections.abc import Iterable, Iterator
from typing import Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # one name is not worth a package of stubs
from msgspec import Struct
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from core.errors import Invalid

Attribute = str | int | float | bool


class Link(Struct, frozen=True):
    """To a span of another trace."""

    trace: str
    span: str


class Span(Struct, frozen=True):
    """One step. Times are nanoseconds since 1970."""

    trace: str
    id: str
    parent: str
    """Empty for the first of a trace."""
    service: str
    kind: str
    name: str
    began: int
    ended: int
    attributes: dict[str, Attribute]
    links: tuple[Link, ...]
    failed: str | None
    """What the status says, when it is an error."""


def read_spans(body: bytes) -> list[Span]:
    """Raises Invalid."""
    try:
        request = ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise Invalid("This is no ExportTraceServiceRequest.") from error
    return list(_spans(request))


def _spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    for resource in request.resource_spans:
        service = str(_attributes(resource.resource.attributes).get("service.name", "?"))
        for scope in resource.scope_spans:
            yield from (_span(span, service) for span in scope.spans)


def _span(span: SpanMessage, service: str) -> Span:
    return Span(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        service=service,
        kind=SpanMessage.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        name=span.name,
        began=span.start_time_unix_nano,
        ended=span.end_time_unix_nano,
        attributes=_attributes(span.attributes),
        links=tuple(Link(link.trace_id.hex(), link.span_id.hex()) for link in span.links),
        failed=(span.status.message or "error") if span.status.code == Status.STATUS_CODE_ERROR else None,
    )


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, Attribute]:
    return {pair.key: _value(pair) for pair in pairs}


def _value(pair: KeyValue) -> Attribute:
    value: Any = getattr(pair.value, pair.value.WhichOneof("value") or "string_value")
    return value if isinstance(value, str | int | float | bool) else str(value)
