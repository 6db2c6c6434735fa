"""Which line of a poem a picture or a recording is of, also while there is none."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from core.contracts.events import Event

KINDS = frozenset({"image.paint", "speech.say"})


def number_jobs(jobs: Iterable[dict[str, Any]]) -> dict[str, int]:
    """By id, of jobs of one poem in the order they were asked for: a line each, the first line first."""
    seen: Counter[str] = Counter()
    numbers = {}
    for job in jobs:
        if job["kind"] in KINDS:
            seen[job["kind"]] += 1
            numbers[job["id"]] = seen[job["kind"]]
    return numbers


class PoemLines:
    """Learns from each event which jobs it brings."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def hear(self, event: Event) -> None:
        self._numbers |= number_jobs(event.data.get("followed_by", ()))

    def of(self, event: Event) -> int | None:
        return self._numbers.get(str(event.job_id))
