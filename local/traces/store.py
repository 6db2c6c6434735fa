"""The newest traces, in memory: a page to look at what just happened is no archive."""

from collections.abc import Iterable, Iterator
from itertools import islice

from local.traces.received import Span

KEPT = 500
"""Traces in which work was done, and as many others: polls must not drive out what somebody wants to see."""

SPANS_A_TRACE = 2_000


class Trace:
    """The spans of one trace, as far as they have come."""

    def __init__(self, trace_id: str) -> None:
        self.id = trace_id
        self.spans: list[Span] = []

    @property
    def first(self) -> Span:
        return min(self.spans, key=lambda span: (span.parent != "", span.began))

    @property
    def began(self) -> int:
        return min(span.began for span in self.spans)

    @property
    def seconds(self) -> float:
        return (max(span.ended for span in self.spans) - self.began) / 1e9

    @property
    def failures(self) -> int:
        return sum(span.failed is not None for span in self.spans)

    @property
    def is_work(self) -> bool:
        return any(span.kind in ("producer", "consumer") for span in self.spans)

    def speaks_of(self, words: str) -> bool:
        """An id of a trace, span, job or request, a route, a kind, a model, a problem: whatever is in it, in small letters."""
        return any(words in text.casefold() for span in self.spans for text in _texts(span))

    def tree(self) -> Iterator[tuple[int, Span]]:
        """Every span with its depth, children after their parents in the order they began. One whose parent has not come, or
        belongs to another trace, stands at the left."""
        children: dict[str, list[Span]] = {}
        known = {span.id for span in self.spans}
        for span in sorted(self.spans, key=lambda span: span.began):
            children.setdefault(span.parent if span.parent in known else "", []).append(span)
        waiting = [(0, span) for span in reversed(children.get("", []))]
        while waiting:
            depth, span = waiting.pop()
            yield depth, span
            waiting.extend((depth + 1, child) for child in reversed(children.get(span.id, [])))


def _texts(span: Span) -> Iterator[str]:
    yield from (span.trace, span.id, span.name, span.service, span.failed or "")
    yield from map(str, span.attributes.values())


class Store:
    """Traces by id, oldest first. Whoever is one too many goes."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._traces: dict[str, Trace] = {}

    def add(self, spans: Iterable[Span]) -> None:
        for span in spans:
            trace = self._traces.setdefault(span.trace, Trace(span.trace))
            if len(trace.spans) < SPANS_A_TRACE:
                trace.spans.append(span)
        for is_work in (True, False):
            self._forget_oldest(is_work=is_work)

    def get(self, trace_id: str) -> Trace | None:
        return self._traces.get(trace_id)

    def find(self, words: str, most: int, *, also_reads: bool) -> list[Trace]:
        """The newest first. Whoever looks for something finds it among all."""
        wanted = words.strip().casefold()
        found = (
            trace
            for trace in reversed(self._traces.values())
            if (trace.speaks_of(wanted) if wanted else also_reads or trace.is_work)
        )
        return list(islice(found, most))

    def _forget_oldest(self, *, is_work: bool) -> None:
        alike = [trace.id for trace in self._traces.values() if trace.is_work is is_work]
        for trace_id in alike[: max(0, len(alike) - self._kept)]:
            del self._traces[trace_id]
