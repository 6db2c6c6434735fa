"""Which traces are kept: a share of those that begin here, always whole."""

from collections.abc import Sequence
from functools import cache

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, TraceFlags, Tracer

from telemetry.sampling import keep_share


@cache
def tracer(ratio: float) -> Tracer:
    return TracerProvider(keep_share(ratio), shutdown_on_exit=False).get_tracer("test")


def elsewhere(*, kept: bool) -> SpanContext:
    """A span of another process."""
    return SpanContext(7, 7, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED if kept else TraceFlags.DEFAULT))


def is_kept(ratio: float, parent: SpanContext | None = None, links: Sequence[Link] = ()) -> bool:
    context = trace.set_span_in_context(NonRecordingSpan(parent)) if parent else None
    return tracer(ratio).start_span("a span", context, links=links).is_recording()


def test_of_the_traces_that_begin_here_a_share_is_kept() -> None:
    kept = sum(is_kept(0.1) for _ in range(2000))

    assert (is_kept(0), is_kept(1)) == (False, True)
    assert 100 < kept < 320


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_a_child_is_kept_when_its_parent_is(ratio: float, kept: bool) -> None:
    assert is_kept(ratio, parent=elsewhere(kept=kept)) is kept


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_what_is_linked_is_kept_when_that_is_kept(ratio: float, kept: bool) -> None:
    assert is_kept(ratio, links=[Link(elsewhere(kept=kept))]) is kept


def test_what_is_not_kept_has_an_id_all_the_same() -> None:
    assert tracer(0).start_span("a span").get_span_context().trace_id != 0
