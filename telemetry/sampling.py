"""Which traces are kept: a share of those that begin here, whole; and what is linked to a kept one."""

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes


def keep_share(ratio: float) -> Sampler:
    """0 keeps nothing, 1 everything. A child is kept when its parent is, also when the parent was another process's."""
    return ParentBased(FollowLinks(TraceIdRatioBased(ratio)))


class FollowLinks(Sampler):
    """A later attempt begins a trace of its own: it is told when what it is linked to was, or stories would have no end."""

    def __init__(self, otherwise: Sampler) -> None:
        self._otherwise = otherwise

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if not links:
            return self._otherwise.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)
        kept = any(link.context.trace_flags.sampled for link in links)
        return SamplingResult(Decision.RECORD_AND_SAMPLE if kept else Decision.DROP, attributes)

    def get_description(self) -> str:
        return f"FollowLinks{{{self._otherwise.get_description()}}}"
