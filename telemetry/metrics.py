"""Metrics: how full each queue is and how many workers serve it. They leave the process only when there is a collector."""

from collections.abc import Callable, Iterable

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Meter, Observation

QUEUE = "messaging.destination.name"

GAUGES = (
    ("kotonoha.queue.depth", "{job}", "Jobs that wait, due or not"),
    ("kotonoha.queue.running", "{job}", "Jobs that run"),
    ("kotonoha.queue.oldest_age", "s", "How long the job has waited that waits longest for nothing but a slot"),
    ("kotonoha.workers.running", "{worker}", "Workers that serve the queue"),
    ("kotonoha.workers.desired", "{worker}", "Workers there should be"),
)
"""Name, unit (UCUM) and meaning."""

Read = Callable[[CallbackOptions], Iterable[Observation]]


class Board:
    """Holds what was shown last until it is read once: whose turn to tell has passed goes silent and repeats nothing."""

    def __init__(self, meter: Meter) -> None:
        self._shown: dict[str, dict[str, float]] = {name: {} for name, _, _ in GAUGES}
        for name, unit, description in GAUGES:
            meter.create_observable_gauge(name, [self._reading(name)], unit, description)

    def show_queue(self, queue: str, depth: int, running: int, oldest_seconds: float, workers: int, desired: int) -> None:
        for (name, _, _), value in zip(GAUGES, (depth, running, oldest_seconds, workers, desired), strict=True):
            self._shown[name][queue] = value

    def _reading(self, name: str) -> Read:
        def read(_: CallbackOptions) -> Iterable[Observation]:
            values, self._shown[name] = self._shown[name], {}
            return [Observation(value, {QUEUE: queue}) for queue, value in values.items()]

        return read


def open_board() -> Board:
    """The board of this process; what is shown goes where `start_telemetry` said."""
    return Board(metrics.get_meter("kotonoha"))
