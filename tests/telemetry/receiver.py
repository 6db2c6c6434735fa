"""What a collector would get: an OTLP receiver on loopback that keeps every span and every number it was sent."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


@dataclass(frozen=True)
class Told:
    """A span as it arrived."""

    trace: str
    id: str
    parent: str
    kind: str
    name: str
    attributes: dict[str, Any]
    links: tuple[tuple[str, str], ...]
    """Trace and span of each."""
    failed: str | None
    """What the status says, when it is an error."""


@dataclass(frozen=True)
class Point:
    """A number as it arrived; of a histogram, the sum and how often."""

    name: str
    unit: str
    attributes: dict[str, Any]
    value: float
    times: int


class Receiver:
    """Keeps all that came, in the order it came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.spans: list[Told] = []
        self.points: list[Point] = []
        self.bytes = b""

    def take(self, path: str, body: bytes) -> None:
        self.bytes += body
        if path == "/v1/traces":
            self._take_spans(ExportTraceServiceRequest.FromString(body))
        else:
            self._take_points(ExportMetricsServiceRequest.FromString(body))

    def forget(self) -> None:
        self.spans, self.points, self.bytes = [], [], b""

    def trace(self, trace_id: str) -> list[Told]:
        return [span for span in self.spans if span.trace == trace_id]

    def of(self, name: str, *attributes: str) -> list[Point]:
        """All that came of a number, of those points that have these values among their attributes."""
        return [point for point in self.points if point.name == name and {*attributes} <= {*point.attributes.values()}]

    def total(self, name: str, *attributes: str) -> float:
        return sum(point.value for point in self.of(name, *attributes))

    def _take_spans(self, request: ExportTraceServiceRequest) -> None:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans.extend(_told(span) for span in scope.spans)

    def _take_points(self, request: ExportMetricsServiceRequest) -> None:
        for resource in request.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    self.points.extend(_points(metric))


def _told(span: Span) -> Told:
    return Told(
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        span.name,
        _plain(span.attributes),
        tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
        span.status.message if span.status.code == Status.STATUS_CODE_ERROR else None,
    )


def _points(metric: Metric) -> Iterator[Point]:
    for point in (*metric.gauge.data_points, *metric.sum.data_points):
        value = point.as_int if point.HasField("as_int") else point.as_double
        yield Point(metric.name, metric.unit, _plain(point.attributes), value, 1)
    for many in metric.exponential_histogram.data_points:
        yield Point(metric.name, metric.unit, _plain(many.attributes), many.sum, many.count)


def _plain(attributes: Any) -> dict[str, Any]:
    return {pair.key: _value(pair) for pair in attributes}


def _value(pair: KeyValue) -> Any:
    return getattr(pair.value, pair.value.WhichOneof("value") or "string_value")


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            receiver.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quietly."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        # A connection that is kept open must not keep the server.
        server.daemon_threads, server.block_on_close = True, False
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
