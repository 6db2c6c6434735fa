"""Switch telemetry on for one process: it always exists, and leaves it only when OTEL_EXPORTER_OTLP_ENDPOINT is set."""

import logging
import os
import threading
from collections import Counter

from opentelemetry import metrics, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from telemetry.logs import get_log, start_logs
from telemetry.metrics import tell_losses
from telemetry.sampling import keep_share

FLUSH_SECONDS = 1.0
"""Longest wait for the last spans and numbers to leave: a process that is told to stop has better things to do."""

log = get_log("telemetry")


class Telemetry:
    """What one process tells. Shut it down at the end, or the last spans and numbers are lost."""

    def __init__(self, process: str, ratio: float, *, exported: bool) -> None:
        self._resource = Resource.create({"service.name": f"kotonoha-{process}", "service.namespace": "kotonoha"})
        self._lost: Counter[str] = Counter(traces=0, metrics=0)
        # What is kept nowhere has an id all the same: problems and logs name it.
        sampler = keep_share(ratio) if exported else ALWAYS_OFF
        self.traces = TracerProvider(sampler, self._resource, shutdown_on_exit=False)
        self._parting = [self.traces.shutdown]
        self._flushing = [self.traces.force_flush]
        if exported:
            # A collector that is away is counted, and one line at the end says how much it missed.
            logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
            self._export_traces()
            self._export_metrics()
        trace.set_tracer_provider(self.traces)

    def flush(self) -> None:
        """Send what there is, now. Waits for the collector."""
        for part in self._flushing:
            part()

    def shutdown(self) -> None:
        """Returns within FLUSH_SECONDS and a little, whatever the collector does."""
        leaving = threading.Thread(target=self._leave, daemon=True)
        leaving.start()
        leaving.join(FLUSH_SECONDS)
        if self._lost.total() or leaving.is_alive():
            lost = self._lost
            log.warning("telemetry lost", traces=lost["traces"], metrics=lost["metrics"], cut_short=leaving.is_alive())

    def _leave(self) -> None:
        for part in self._parting:
            part()

    # The exporters are imported here: they cost memory that a process without a collector need not pay.

    def _export_traces(self) -> None:
        from telemetry.export import Spans

        self.traces.add_span_processor(BatchSpanProcessor(Spans(self._lost)))

    def _export_metrics(self) -> None:
        from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        from telemetry.export import Numbers

        reader = PeriodicExportingMetricReader(Numbers(self._lost))
        # Exemplars would carry attributes nobody chose, and cost more than the numbers.
        numbers = MeterProvider(
            [reader], resource=self._resource, exemplar_filter=AlwaysOffExemplarFilter(), shutdown_on_exit=False
        )
        self._parting.append(numbers.shutdown)
        self._flushing.append(numbers.force_flush)
        metrics.set_meter_provider(numbers)
        tell_losses(numbers.get_meter("kotonoha"), lambda: dict(self._lost))


def start_telemetry(process: str, log_level: str = "INFO", ratio: float = 1.0) -> Telemetry:
    """Call once, first thing in a process. `ratio` of the traces that begin here are kept."""
    start_logs(log_level, process)
    return Telemetry(process, ratio, exported=bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")))
