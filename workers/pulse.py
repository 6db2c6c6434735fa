"""A sign of life for whoever watches from outside: a file that the loop touches, and `python -m workers.pulse` looks at."""

import asyncio
import os
import sys
import time
from pathlib import Path

BEAT_SECONDS = 2.0
LATE_SECONDS = 20.0
"""No step of a loop that is well takes so long: calls wait, and pictures are painted by other processes."""


async def keep_beating(file: Path) -> None:
    """Until cancelled. What Postgres or a provider does changes nothing: a restart would help neither."""
    while True:
        file.touch()  # noqa: ASYNC240  takes no time, and in a thread it would beat for a loop that stands still
        await asyncio.sleep(BEAT_SECONDS)


def is_beating(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime < LATE_SECONDS
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(not is_beating(Path(os.environ["KOTONOHA_PULSE_FILE"])))
