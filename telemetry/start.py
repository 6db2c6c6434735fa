"""Switch telemetry on for one process: spans always exist, and leave it only when OTEL_EXPORTER_OTLP_ENDPOINT is set."""

import os

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from telemetry.logs import start_logs


def start_telemetry(process: str, log_level: str = "INFO") -> TracerProvider:
    """Call once, first thing in a process. Shut the provider down at the end, or the last spans are lost."""
    start_logs(log_level, process)
    provider = TracerProvider(resource=Resource.create({"service.name": f"kotonoha-{process}"}))
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        # Imported here: the exporter costs memory that a laptop without a collector need not pay.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider
