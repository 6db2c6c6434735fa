"""What is shown of the queues leaves as metrics with names, units and a queue each."""

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from telemetry.metrics import Board


@pytest.fixture
def reader() -> InMemoryMetricReader:
    return InMemoryMetricReader()


@pytest.fixture
def board(reader: InMemoryMetricReader) -> Board:
    return Board(MeterProvider([reader]).get_meter("test"))


def read(reader: InMemoryMetricReader) -> dict[tuple[str, str | None, str], float]:
    found = reader.get_metrics_data()
    scopes = [scope for resource in found.resource_metrics for scope in resource.scope_metrics] if found else []
    return {
        (metric.name, metric.unit, str(dict(point.attributes or {})["messaging.destination.name"])): point.value  # type: ignore[union-attr]  # gauges have values
        for scope in scopes
        for metric in scope.metrics
        for point in metric.data.data_points
    }


def test_every_number_has_its_name_unit_and_queue(board: Board, reader: InMemoryMetricReader) -> None:
    board.show_queue("text", 12, 4, 3.5, 1, 2)
    board.show_queue("image", 0, 0, 0, 1, 1)

    assert read(reader) == {
        ("kotonoha.queue.depth", "{job}", "text"): 12,
        ("kotonoha.queue.running", "{job}", "text"): 4,
        ("kotonoha.queue.oldest_age", "s", "text"): 3.5,
        ("kotonoha.workers.running", "{worker}", "text"): 1,
        ("kotonoha.workers.desired", "{worker}", "text"): 2,
        ("kotonoha.queue.depth", "{job}", "image"): 0,
        ("kotonoha.queue.running", "{job}", "image"): 0,
        ("kotonoha.queue.oldest_age", "s", "image"): 0,
        ("kotonoha.workers.running", "{worker}", "image"): 1,
        ("kotonoha.workers.desired", "{worker}", "image"): 1,
    }


def test_what_was_told_once_is_not_told_again(board: Board, reader: InMemoryMetricReader) -> None:
    board.show_queue("text", 12, 4, 3.5, 1, 2)
    read(reader)

    assert read(reader) == {}
