"""Which line of a poem a picture or a recording is of, also while there is none."""

from collections.abc import Iterable, Iterator
from typing import Any

from core.contracts.events import Event

KINDS = ("image.paint", "speech.say")
LINES = (1, 2, 3)


def number_jobs(jobs: Iterable[dict[str, Any]]) -> dict[str, int]:
    """By id, of jobs of one poem in the order they were asked for: a line each, the first line first. Of a kind that was not
    asked for of every line, nobody can tell here which line is whose, and none has a number."""
    jobs = list(jobs)
    return dict(pair for kind in KINDS for pair in _number([job["id"] for job in jobs if job["kind"] == kind]))


def _number(ids: list[str]) -> Iterator[tuple[str, int]]:
    return zip(ids, LINES, strict=True) if len(ids) == len(LINES) else iter(())


class PoemLines:
    """Learns from each event which jobs it brings."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def hear(self, event: Event) -> None:
        self._numbers |= number_jobs(event.data.get("followed_by", ()))

    def of(self, event: Event) -> int | None:
        return self._numbers.get(str(event.job_id))
