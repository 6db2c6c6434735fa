"""Send spans and metrics to the collector by OTLP over HTTP: in the background, and whatever becomes of it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk import metrics
from opentelemetry.sdk.metrics.export import AggregationTemporality, MetricExportResult, MetricsData
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult

# What EMF takes as it comes: what happened since the last time, and buckets CloudWatch makes percentiles of.
TEMPORALITY: dict[type, AggregationTemporality] = {
    metrics.Counter: AggregationTemporality.DELTA,
    metrics.Histogram: AggregationTemporality.DELTA,
}
AGGREGATION: dict[type, Any] = {metrics.Histogram: ExponentialBucketHistogramAggregation()}

Lost = Counter[str]


class Spans(OTLPSpanExporter):
    """Counts the spans no collector took."""

    def __init__(self, lost: Lost) -> None:
        super().__init__()
        self._lost = lost

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        if result is not SpanExportResult.SUCCESS:
            self._lost["traces"] += len(spans)
        return result


class Numbers(OTLPMetricExporter):
    """Counts the times no collector took the numbers."""

    def __init__(self, lost: Lost) -> None:
        super().__init__(preferred_temporality=TEMPORALITY, preferred_aggregation=AGGREGATION)
        self._lost = lost

    def export(self, metrics_data: MetricsData, timeout_millis: float | None = 10_000, **more: Any) -> MetricExportResult:
        result = super().export(metrics_data, timeout_millis, **more)
        if result is not MetricExportResult.SUCCESS:
            self._lost["metrics"] += 1
        return result
