"""One log file a part, in the home."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from local.home import Home

LIMIT_BYTES = 10 * 1024 * 1024
LINES, LINE_CHARS = 12, 400


def open_log(home: Home, name: str) -> BinaryIO:
    """To append to. A file that grew beyond 10 MB makes way first; one older file is kept."""
    path = log_path(home, name)
    if path.exists() and path.stat().st_size > LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab", buffering=0)


def note(home: Home, name: str, sentence: str) -> None:
    """What the supervisor has to say, in the log of whom it is about. Without a word when there is no room for it."""
    with contextlib.suppress(OSError), open_log(home, name) as log:
        log.write(f"--- {datetime.now(UTC).isoformat(timespec='milliseconds')} supervisor: {sentence}\n".encode())


def log_path(home: Home, name: str) -> Path:
    return home.logs / f"{name}.log"


def last_lines(path: Path, since_byte: int = 0) -> str:
    """The end of what was written after `since_byte`."""
    with path.open("rb") as log:
        log.seek(max(since_byte, path.stat().st_size - 64 * 1024))
        lines = log.read().decode(errors="replace").splitlines()[-LINES:]
    # A traceback inside a line of JSON is long; its end says what happened.
    return "\n".join(line if len(line) <= LINE_CHARS else f"… {line[-LINE_CHARS:]}" for line in lines)
