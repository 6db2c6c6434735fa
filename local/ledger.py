"""Requests as a person reads them: a table where there is room, two or three lines each where there is not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.contracts.events import Event
from local.poem_lines import PoemLines, number_jobs

TOPIC_CELLS = 24
ROOM_CELLS = 78 + TOPIC_CELLS + 2
"""An id alone fills 36, and whoever wants to copy it wants it whole."""

COLOURS = {"succeeded": "green", "failed": "red", "canceled": "yellow", "running": "cyan", "retrying": "yellow"}

Json = dict[str, Any]


class Ledger:
    """Prints downwards; lines are cut nowhere, topics are."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._poem_lines = PoemLines()

    def list_requests(self, requests: list[Json], topics: Mapping[str, str], more: str | None = None) -> None:
        """`topics` are by the path of what a request is for; `more` is the command that lists those after them."""
        if not requests:
            self._say("No requests.")
        elif self._console.width >= ROOM_CELLS:
            self._console.print(_table(requests, topics))
        else:
            for request in requests:
                self._say(request["id"])
                self._say(_line(_facts(request)))
                if topic := topics.get(request["resource"]):
                    self._say(f"  {_short(topic)}")
        if more:
            self._say(f"There are more: {more}")

    def show_request(self, request: Json, again: str) -> None:
        """`again` is the command that retries it."""
        self._say(request["id"])
        self._say(_line(_facts(request)))
        self._say(f"  {request['progress']['message']} {request['resource']}")
        if request["error"]:
            self._say(f"  {request['error']['title']}: {request['error']['detail']}")
        numbers = number_jobs(request["jobs"])
        for job in request["jobs"]:
            self._tell_job(job, numbers.get(job["id"]))
        if request["status"] == "failed":
            self._say(f"  Try again what failed: {again}")

    def say(self, sentence: str) -> None:
        self._say(sentence)

    def tell(self, event: Event) -> None:
        """One numbered line; what was made is not repeated here."""
        # An attempt that is begun again may have been given back: which one it was, its beginning told.
        names = ("kind",) if event.type == "job.retrying" else ("kind", "attempt")
        facts = [str(event.data[name]) for name in names if name in event.data]
        self._poem_lines.hear(event)
        facts[:1] = [f"{kind}{_of_line(self._poem_lines.of(event))}" for kind in facts[:1]]
        error = event.data.get("error") or {}
        colour = COLOURS.get(event.type.rpartition(".")[2], "")
        self._say(Text.assemble(f"{event.seq or '':>3}  ", (event.type, colour), "  ", " #".join(facts)))
        if error:
            self._say(f"     {error.get('detail', '')}")

    def _tell_job(self, job: Json, line: int | None) -> None:
        what = job["kind"] + _of_line(line) + (f" #{job['attempt']}" if job["attempt"] > 1 else "")
        self._say(Text.assemble("  ", (f"{job['status']:<9}", COLOURS.get(job["status"], "")), f"  {what}"))
        if job["error"]:
            self._say(f"             {job['error']['detail']}")

    def _say(self, what: str | Text) -> None:
        self._console.print(what if isinstance(what, Text) else Text(what))


def _table(requests: list[Json], topics: Mapping[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "product", "status", "steps", "asked", "topic"):
        table.add_column(heading, no_wrap=True)
    for request in requests:
        topic = Text(_short(topics.get(request["resource"], "")))
        table.add_row(request["id"], *(Text(*fact) for fact in _facts(request)), topic)
    return table


def _of_line(number: int | None) -> str:
    return f", line {number}" if number else ""


def _short(topic: str) -> str:
    """A kanji fills two cells."""
    return topic if cell_len(topic) <= TOPIC_CELLS else f"{set_cell_size(topic, TOPIC_CELLS - 1).rstrip()}…"


def _facts(request: Json) -> list[tuple[str, str]]:
    """Words with their style."""
    status, progress = request["status"], request["progress"]
    asked = datetime.fromisoformat(request["created_at"]).astimezone()
    return [
        (request["product"], ""),
        (status, COLOURS.get(status, "")),
        (f"{progress['completed']}/{progress['total']}", ""),
        (f"{asked:%d %b %H:%M}", "dim"),
    ]


def _line(facts: list[tuple[str, str]]) -> Text:
    return Text("  ") + Text(" ").join(Text(*fact) for fact in facts)
