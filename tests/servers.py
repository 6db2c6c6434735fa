"""Run a real server for as long as somebody needs it."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.db.migrate import migrate
from local.home import Home
from local.part import Part
from local.ports import choose_ports
from local.postgres import database_url, make_postgres

PATIENT = {"transaction_timeout": "0"}
"""What only tests do may take as long as a busy machine needs: to copy a database, to fill one, to hold a transaction."""


@contextmanager
def serving(part: Part, *more: str) -> Iterator[None]:
    """`more` are arguments for its command line."""
    child = subprocess.Popen(
        [*part.leashed, *more], cwd=part.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        asyncio.run(_ready(part, child))
        yield
    finally:
        child.send_signal(part.stop)
        child.wait(10)


@contextmanager
def migrated_database(folder: Path, *more: str) -> Iterator[str]:
    """The URL of an empty street in a PostgreSQL of its own."""
    home, port = Home(folder), choose_ports(0).postgres
    home.make()
    with serving(make_postgres(home, port), *more):
        url = database_url(home, port)
        migrate(url)
        yield url


async def _ready(part: Part, child: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(20):
        while not await part.ready(child.pid):
            assert child.poll() is None, f"{part.label} did not start"
            await asyncio.sleep(0.02)
