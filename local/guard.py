"""Outlive the supervisor by a moment: `python -m local.guard HOME`, started with a pipe nobody writes to.

The kernel ends each part when the supervisor dies (`leash.py`), but not the children of that part. The pipe closes when
the supervisor is gone, however it went; then whatever it recorded and did not stop is ended here.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.claim import claim_now
from local.home import Home
from local.leftovers import end_leftovers
from local.logs import open_log
from local.part import ROOT, module
from local.state import find_running
from local.waiting import wait_until

PATIENCE_SECONDS = 5.0


@contextmanager
def guarded(home: Home) -> Iterator[None]:
    """Keep a guard for as long as the block lasts."""
    with open_log(home, "guard") as log:
        guard = subprocess.Popen(  # noqa: S603  our own command
            module("local.guard", str(home.path)),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        guard.communicate()


def main() -> None:
    home = Home(Path(sys.argv[1]))
    sys.stdin.buffer.read()
    # The pipe may close a moment before the supervisor has died; one that forgot its record stopped in good order.
    wait_until(lambda: find_running(home) is None, PATIENCE_SECONDS)
    # No claim: the next supervisor already does this work.
    with claim_now(home) as ours:
        if ours:
            end_leftovers(home)


if __name__ == "__main__":
    main()
