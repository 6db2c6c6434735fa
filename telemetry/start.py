"""Switch telemetry on for one process: it always exists, and leaves it only when OTEL_EXPORTER_OTLP_ENDPOINT is set."""

import os

from opentelemetry import metrics, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from telemetry.logs import start_logs


class Telemetry:
    """What one process tells. Shut it down at the end, or the last spans and numbers are lost."""

    def __init__(self, process: str, *, exported: bool) -> None:
        self._resource = Resource.create({"service.name": f"kotonoha-{process}"})
        self._traces = TracerProvider(resource=self._resource)
        self._parting = [self._traces.shutdown]
        if exported:
            self._export_traces()
            self._export_metrics()
        trace.set_tracer_provider(self._traces)

    def shutdown(self) -> None:
        for part in self._parting:
            part()

    # The exporters are imported here: they cost memory that a laptop without a collector need not pay.

    def _export_traces(self) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        self._traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))

    def _export_metrics(self) -> None:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        numbers = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource=self._resource)
        self._parting.append(numbers.shutdown)
        metrics.set_meter_provider(numbers)


def start_telemetry(process: str, log_level: str = "INFO") -> Telemetry:
    """Call once, first thing in a process."""
    start_logs(log_level, process)
    return Telemetry(process, exported=bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")))
