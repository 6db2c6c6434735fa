"""The map X-Ray draws of spans: by how the collector's exporter makes segments of them (segment.go of awsxrayexporter), and
by what Amazon's guide says of those: a service for each segment's name, and one for each call that no segment answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

SERVICES = {"SERVER": "kotonoha-api", "PRODUCER": "kotonoha-api", "CONSUMER": "kotonoha-worker", "CLIENT": "kotonoha-worker"}
"""Who tells a span of which kind in the story of a haiku."""


class Span(NamedTuple):
    """One line of the story, below the line it is indented under."""

    id: str
    parent: str
    kind: str
    name: str


class Segment(NamedTuple):
    """What X-Ray is sent; `parent` may be of another service."""

    id: str
    parent: str
    name: str
    whole: bool
    """A service's own, and no part of one."""
    remote: bool = False
    """A part that calls somebody else."""


def spans_of(story: str) -> list[Span]:
    above: list[str] = [""]
    found = []
    for number, line in enumerate(story.splitlines(), start=1):
        depth = (len(line) - len(line.lstrip())) // 2
        kind, _, name = line.strip().partition(" ")
        found.append(Span(str(number), above[depth], kind, name))
        above[depth + 1 :] = [str(number)]
    return found


def drawn(spans: Sequence[Span], collector: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Who calls whom."""
    segments = {each.id: each for span in spans for each in _made(span, _added(span, collector))}
    answered = {each.parent for each in segments.values() if each.whole}
    calls = [each for each in segments.values() if each.parent and (each.whole or (each.remote and each.id not in answered))]
    return {(_owner(segments, each.parent), each.name) for each in calls}


def _owner(segments: Mapping[str, Segment], one: str) -> str:
    found = segments[one]
    return found.name if found.whole else _owner(segments, found.parent)


def _added(span: Span, collector: Mapping[str, Any]) -> dict[str, str]:
    """The attributes that processors of the pipeline add to spans of this kind."""
    processors = [collector["processors"][name] for name in collector["service"]["pipelines"]["traces"]["processors"]]
    return {
        action["key"]: action["value"]
        for each in processors
        if f"SPAN_KIND_{span.kind}" in each.get("include", {}).get("span_kinds", [])
        for action in each["actions"]
    }


def _made(span: Span, added: Mapping[str, str]) -> Iterator[Segment]:
    called = added.get("aws.remote.service", span.name)
    if span.kind == "SERVER":
        yield Segment(span.id, span.parent, SERVICES[span.kind], whole=True)
    elif added.get("aws.span.kind") == "LOCAL_ROOT":
        yield Segment(f"{span.id}'s service", span.parent, added.get("aws.local.service", span.name), whole=True)
        yield Segment(span.id, f"{span.id}'s service", called, whole=False, remote=True)
    else:
        remote = span.kind == "CLIENT" or "aws.remote.service" in added
        yield Segment(span.id, span.parent, called, whole=not span.parent, remote=remote)
