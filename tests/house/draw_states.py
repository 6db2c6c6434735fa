"""Draw the states of jobs and requests from the tables the database obeys: `python -m tests.house.draw_states`."""

import asyncio
import tempfile
from pathlib import Path

import asyncpg

from core.db.pool import Connection
from tests.house.between import write
from tests.house.tree import ROOT
from tests.servers import migrated_database

PAGE = ROOT / "ARCHITECTURE.md"
PART = "states"

LABELS = {
    ("job", "queued", "running"): "claim",
    ("job", "queued", "canceled"): "cancel",
    ("job", "queued", "failed"): "deadline",
    ("job", "running", "succeeded"): "done",
    ("job", "running", "failed"): "give up, attempts used, deadline",
    ("job", "running", "canceled"): "cancel",
    ("job", "running", "retrying"): "try again, lost lease, drain",
    ("job", "retrying", "running"): "claim",
    ("job", "retrying", "canceled"): "cancel",
    ("job", "retrying", "failed"): "deadline",
    ("job", "failed", "queued"): "explicit retry",
    ("request", "queued", "running"): "first claim",
    ("request", "queued", "canceled"): "cancel",
    ("request", "queued", "failed"): "deadline",
    ("request", "running", "succeeded"): "no job open",
    ("request", "running", "failed"): "no job open, one failed",
    ("request", "running", "canceled"): "no job open, cancel asked for",
    ("request", "failed", "running"): "explicit retry",
}
"""What makes each move, said here and nowhere else. Order is the order of the lines."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kotonoha-states-") as folder, migrated_database(Path(folder) / "home") as url:
        write(PAGE, PART, asyncio.run(_draw_from(url)))


async def _draw_from(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return await draw(connection)
    finally:
        await connection.close()


async def draw(db: Connection) -> str:
    """Both diagrams. Raises KeyError when a move has no label."""
    return "\n".join([await _diagram(db, "job"), await _diagram(db, "request")])


async def _diagram(db: Connection, of: str) -> str:
    rows = await db.fetch(f"SELECT before, after FROM street.{of}_moves")  # noqa: S608  one of two words above
    moves = sorted(((of, row["before"], row["after"]) for row in rows), key=list(LABELS).index)
    lines = [f"        {before} --> {after}: {LABELS[of, before, after]}" for _, before, after in moves]
    return "\n".join(
        ["```mermaid", "stateDiagram-v2", f'    state "{of}" as {of} {{', "        [*] --> queued", *lines, "    }", "```", ""]
    )


if __name__ == "__main__":
    main()
