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
from local.state import find_state
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
    # A dying program lets go of its pipe and its lock one after the other, and not in the order it took them.
    wait_until(lambda: _is_clean(home), PATIENCE_SECONDS)


def _is_clean(home: Home) -> bool:
    """Nothing is recorded when the supervisor stopped in good order; no claim may also mean that the next one is at work."""
    if find_state(home) is None:
        return True
    with claim_now(home) as ours:
        if ours:
            end_leftovers(home)
        return ours


if __name__ == "__main__":
    main()
