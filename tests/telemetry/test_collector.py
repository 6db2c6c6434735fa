"""The collector's configuration holds together, and knows every number and attribute that is told. It never ran here: no
collector can be installed from a package index."""

import re
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import Struct, field

from telemetry.metrics import METRICS, Metric
from tests.house.tree import ROOT
from tests.telemetry.conftest import Ear, ask, over, working
from tests.workers.scripted import Script
from workers.parts import Parts

PATH = ROOT / "docker" / "collector.yml"
XRAY_NAME = re.compile(r"[\w\s.:/%&#=+\-@{}]{1,200}")
"""What X-Ray takes as a name, and the braces its exporter leaves out of it."""


class Declaration(Struct, forbid_unknown_fields=True):
    """Which numbers are told by what."""

    dimensions: list[list[str]]
    metric_name_selectors: list[str]


class Descriptor(Struct, forbid_unknown_fields=True):
    """The unit CloudWatch is told."""

    metric_name: str
    unit: str
    overwrite: bool


class Emf(Struct, forbid_unknown_fields=True):
    """The exporter of metrics, as far as it is used."""

    namespace: str
    log_group_name: str
    log_stream_name: str
    dimension_rollup_option: str
    metric_declarations: list[Declaration]
    metric_descriptors: list[Descriptor]


class XRay(Struct, forbid_unknown_fields=True):
    """The exporter of traces."""

    indexed_attributes: list[str]


class Exporters(Struct, forbid_unknown_fields=True):
    """Both."""

    awsxray: XRay
    awsemf: Emf


class Pipeline(Struct, forbid_unknown_fields=True):
    """In which order what passes through."""

    receivers: list[str]
    processors: list[str]
    exporters: list[str]


class Wiring(Struct, forbid_unknown_fields=True):
    """What is switched on."""

    extensions: list[str]
    pipelines: dict[str, Pipeline]
    telemetry: dict[str, Any]


class Collector(Struct, forbid_unknown_fields=True):
    """The whole file."""

    receivers: dict[str, Any]
    processors: dict[str, dict[str, Any]]
    exporters: Exporters
    service: Wiring
    extensions: dict[str, Any] = field(default_factory=dict)


def read(path: Path = PATH) -> Collector:
    return msgspec.yaml.decode(path.read_bytes(), type=Collector)


def declared(metric: Metric) -> list[Declaration]:
    return [
        declaration
        for declaration in read().exporters.awsemf.metric_declarations
        if any(re.search(selector, metric.name) for selector in declaration.metric_name_selectors)
    ]


def test_pipelines_name_only_what_is_there_and_use_all_of_it() -> None:
    collector = read()
    pipelines = collector.service.pipelines
    used = {name for pipeline in pipelines.values() for name in (*pipeline.receivers, *pipeline.processors, *pipeline.exporters)}

    assert used == {*collector.receivers, *collector.processors, *collector.exporters.__struct_fields__}
    assert pipelines.keys() == {"traces", "metrics"}
    assert {pipeline.processors[0] for pipeline in pipelines.values()} == {"memory_limiter"}
    assert set(collector.service.extensions) == collector.extensions.keys()


def test_it_listens_where_only_its_own_task_can_speak() -> None:
    endpoints = re.findall(r"endpoint: (\S+)", PATH.read_text())

    assert "127.0.0.1:4318" in endpoints
    assert {endpoint.rpartition(":")[0] for endpoint in endpoints} == {"127.0.0.1"}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_number_reaches_cloudwatch_by_what_it_is_told_by_and_in_a_unit_it_knows(metric: Metric) -> None:
    (declaration,) = declared(metric)
    units = [one.unit for one in read().exporters.awsemf.metric_descriptors if one.metric_name == metric.name]

    assert {name for dimensions in declaration.dimensions for name in dimensions} <= set(metric.by)
    assert units == ([] if metric.unit == "s" else ["Count"])


def test_no_unit_is_given_to_a_number_nobody_tells() -> None:
    assert {one.metric_name for one in read().exporters.awsemf.metric_descriptors} <= {metric.name for metric in METRICS}


async def test_spans_have_names_x_ray_takes_and_what_it_looks_for(
    told: Ear, mei: httpx.AsyncClient, parts: Parts, script: Script
) -> None:
    script.then([None, RuntimeError("a bug")])
    async with working(parts):
        await over(parts, await ask(mei, illustrate=True))
    spans = told.listen().spans
    indexed = read().exporters.awsxray.indexed_attributes

    assert [span.name for span in spans if not XRAY_NAME.fullmatch(span.name)] == []
    assert [name for name in indexed if not any(name in span.attributes for span in spans)] == []
    assert max(len(span.attributes) for span in spans) <= 50
