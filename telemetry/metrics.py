"""Every number this house tells: one table, and one function for each thing that happens. They leave the process only when
there is a collector."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Literal, NamedTuple, Protocol

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Meter, Observation

QUEUE = "messaging.destination.name"
KIND = "job.kind"
OUTCOME = "outcome"
ERROR = "error.type"
OPERATION, PROVIDER, MODEL = "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model"
TOKENS = "gen_ai.token.type"
METHOD, ROUTE, STATUS = "http.request.method", "http.route", "http.response.status_code"
WAY = "way"

Instrument = Literal["gauge", "histogram", "counter", "up_down_counter", "observed_counter"]


class Metric(NamedTuple):
    """`unit` is UCUM, as OpenTelemetry has it. `by` names its attributes: none of them may ever be a learner or an id."""

    name: str
    instrument: Instrument
    unit: str
    by: tuple[str, ...]
    meaning: str


METRICS = (
    Metric("kotonoha.queue.depth", "gauge", "{job}", (QUEUE,), "Jobs that wait, due or not"),
    Metric("kotonoha.queue.running", "gauge", "{job}", (QUEUE,), "Jobs that run"),
    Metric("kotonoha.queue.oldest_age", "gauge", "s", (QUEUE,), "How long the job waits that waits longest for only a slot"),
    Metric("kotonoha.workers.running", "gauge", "{worker}", (QUEUE,), "Workers that serve the queue"),
    Metric("kotonoha.workers.desired", "gauge", "{worker}", (QUEUE,), "Workers there should be"),
    Metric(
        "kotonoha.job.pickup_lag",
        "histogram",
        "s",
        (QUEUE,),
        "From when a job came due until a worker had it, lost runs included",
    ),
    Metric("messaging.process.duration", "histogram", "s", (QUEUE, KIND, OUTCOME), "One run of a job, whatever came of it"),
    Metric("kotonoha.job.attempts", "histogram", "{attempt}", (QUEUE, KIND, OUTCOME), "Attempts of a job that is over"),
    Metric("kotonoha.job.fenced_writes", "counter", "{write}", (QUEUE,), "Endings refused because somebody else had the job"),
    Metric("kotonoha.job.rescues", "counter", "{job}", (), "Jobs taken back from workers that were lost"),
    Metric("kotonoha.request.duration", "histogram", "s", (OUTCOME,), "From when it was first asked for until it was over"),
    Metric("gen_ai.client.operation.duration", "histogram", "s", (OPERATION, PROVIDER, MODEL, ERROR), "One call of a tool"),
    Metric("gen_ai.client.token.usage", "histogram", "{token}", (OPERATION, PROVIDER, MODEL, TOKENS), "Tokens of one call"),
    Metric("kotonoha.provider.throttles", "counter", "{call}", (PROVIDER, MODEL), "Calls a provider had no room for"),
    Metric("kotonoha.provider.cost", "counter", "{microusd}", (PROVIDER, MODEL), "What calls with a known price cost"),
    Metric("http.server.request.duration", "histogram", "s", (METHOD, ROUTE, STATUS), "One HTTP request, streams left out"),
    Metric("kotonoha.live.connections", "up_down_counter", "{connection}", (WAY,), "Sockets and streams that are open"),
    Metric("kotonoha.live.resumes", "counter", "{resume}", (WAY,), "Followers that came back and said where they were"),
    Metric("db.client.connection.wait_time", "histogram", "s", (), "How long somebody waited for a connection to Postgres"),
    Metric("kotonoha.telemetry.lost", "observed_counter", "{item}", ("signal",), "Spans and metrics no collector took"),
)

_BY_NAME = {metric.name: metric for metric in METRICS}
_meter = metrics.get_meter("kotonoha")


def _open(name: str) -> Any:
    metric = _BY_NAME[name]
    return getattr(_meter, f"create_{metric.instrument}")(metric.name, metric.unit, metric.meaning)


_pickup_lag = _open("kotonoha.job.pickup_lag")
_process_duration = _open("messaging.process.duration")
_attempts = _open("kotonoha.job.attempts")
_fenced_writes = _open("kotonoha.job.fenced_writes")
_rescues = _open("kotonoha.job.rescues")
_request_duration = _open("kotonoha.request.duration")
_operation_duration = _open("gen_ai.client.operation.duration")
_token_usage = _open("gen_ai.client.token.usage")
_throttles = _open("kotonoha.provider.throttles")
_cost = _open("kotonoha.provider.cost")
_http_duration = _open("http.server.request.duration")
_connections = _open("kotonoha.live.connections")
_resumes = _open("kotonoha.live.resumes")
_wait_time = _open("db.client.connection.wait_time")


def job_picked_up(queue: str, lag_seconds: float) -> None:
    _pickup_lag.record(max(lag_seconds, 0.0), {QUEUE: queue})


def job_run(queue: str, kind: str, outcome: str, seconds: float) -> None:
    _process_duration.record(seconds, {QUEUE: queue, KIND: kind, OUTCOME: outcome})


def job_over(queue: str, kind: str, outcome: str, attempts: int) -> None:
    _attempts.record(attempts, {QUEUE: queue, KIND: kind, OUTCOME: outcome})


def write_fenced(queue: str) -> None:
    _fenced_writes.add(1, {QUEUE: queue})


def jobs_rescued(jobs: int) -> None:
    if jobs:
        _rescues.add(jobs)


class Step(Protocol):
    """An event of a request, as far as it matters here."""

    @property
    def ends(self) -> bool: ...
    @property
    def outcome(self) -> str: ...
    @property
    def since_asked_seconds(self) -> float: ...


def requests_over(steps: Iterable[Step]) -> None:
    """Of these steps, those that end a request."""
    for step in steps:
        if step.ends:
            _request_duration.record(max(step.since_asked_seconds, 0.0), {OUTCOME: step.outcome})


class Call(NamedTuple):
    """Which call of which tool; the first three are what its numbers are told by."""

    operation: str
    provider: str
    model: str


def tool_called(call: Call, seconds: float, error: str | None = None) -> None:
    """`error` is the kind of failure, none when it answered."""
    _operation_duration.record(seconds, _of(call) | ({ERROR: error} if error else {}))


def tokens_used(call: Call, token_type: str, tokens: int) -> None:
    _token_usage.record(tokens, _of(call) | {TOKENS: token_type})


def call_throttled(provider: str, model: str) -> None:
    _throttles.add(1, {PROVIDER: provider, MODEL: model})


def money_spent(call: Call, microusd: int) -> None:
    _cost.add(microusd, {PROVIDER: call.provider, MODEL: call.model})


def request_served(method: str, route: str | None, status: int, seconds: float) -> None:
    _http_duration.record(seconds, {METHOD: method, STATUS: status} | ({ROUTE: route} if route else {}))


def connection_opened(way: str) -> None:
    _connections.add(1, {WAY: way})


def connection_closed(way: str) -> None:
    _connections.add(-1, {WAY: way})


def follower_resumed(way: str) -> None:
    _resumes.add(1, {WAY: way})


def pool_waited(seconds: float) -> None:
    _wait_time.record(seconds)


def _of(call: Call) -> dict[str, str]:
    return {OPERATION: call.operation, PROVIDER: call.provider, MODEL: call.model}


GAUGES = tuple(metric for metric in METRICS if metric.instrument == "gauge")

Read = Callable[[CallbackOptions], Iterable[Observation]]


class Board:
    """Holds what was shown last until it is read once: whose turn to tell has passed goes silent and repeats nothing."""

    def __init__(self, meter: Meter) -> None:
        self._shown: dict[str, dict[str, float]] = {gauge.name: {} for gauge in GAUGES}
        for gauge in GAUGES:
            meter.create_observable_gauge(gauge.name, [self._reading(gauge.name)], gauge.unit, gauge.meaning)

    def show_queue(self, queue: str, depth: int, running: int, oldest_seconds: float, workers: int, desired: int) -> None:
        for gauge, value in zip(GAUGES, (depth, running, oldest_seconds, workers, desired), strict=True):
            self._shown[gauge.name][queue] = value

    def _reading(self, name: str) -> Read:
        def read(_: CallbackOptions) -> Iterable[Observation]:
            values, self._shown[name] = self._shown[name], {}
            return [Observation(value, {QUEUE: queue}) for queue, value in values.items()]

        return read


@cache
def open_board() -> Board:
    """The one board of this process, however often its publisher begins anew: a second gauge of a name is not read."""
    return Board(metrics.get_meter("kotonoha"))


def tell_losses(meter: Meter, lost: Callable[[], dict[str, int]]) -> None:
    """`lost` counts by signal, from the start of the process: it is still right when a collector comes back."""
    metric = _BY_NAME["kotonoha.telemetry.lost"]

    def read(_: CallbackOptions) -> Iterable[Observation]:
        return [Observation(count, {"signal": signal}) for signal, count in lost().items()]

    meter.create_observable_counter(metric.name, [read], metric.unit, metric.meaning)
