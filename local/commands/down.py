"""`kotonoha down`: stop what runs in a home, and wait until it is gone."""

import argparse
import signal
import sys

from core.errors import Unavailable
from local.claim import claim_now
from local.home import Home, find_home
from local.leftovers import end_leftovers
from local.pids import is_alive, tell
from local.state import find_running
from local.waiting import wait_until

PATIENCE_SECONDS = 10.0
"""Beyond what those who leave were promised."""


def run(asked: argparse.Namespace) -> int:
    home = find_home(asked.home)
    stopped = stop_platform(home)
    sys.stdout.write(f"Stopped what ran in {home.path}.\n" if stopped else f"Nothing runs in {home.path}.\n")
    return 0


def stop_platform(home: Home) -> bool:
    """False when there was nothing to stop. Raises Unavailable when it would not stop."""
    state = find_running(home)
    if state is None:
        _clean_up(home)
        return False
    tell(state.pid, signal.SIGTERM)
    if not wait_until(lambda: not is_alive(state.pid, state.started), state.grace_seconds + PATIENCE_SECONDS):
        raise Unavailable(
            f"Kotonoha (pid {state.pid}) does not stop. Its logs are in {home.logs}; `kill -9 {state.pid}` ends it."
        )
    return True


def _clean_up(home: Home) -> None:
    """A supervisor that was killed together with its guard may have left parts running."""
    if home.lock.exists():
        with claim_now(home) as ours:
            if ours:
                end_leftovers(home)
