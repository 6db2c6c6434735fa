"""One platform a home: whoever holds the lock file may start, end and record parts there."""

import asyncio
import fcntl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from core.errors import Conflict
from local.command import command
from local.home import Home
from local.state import find_running

PATIENCE_SECONDS = 15.0


@contextmanager
def claim_now(home: Home) -> Iterator[bool]:
    """Yield whether the lock is ours. The kernel lets go of it when we die, however we die."""
    with home.lock.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@asynccontextmanager
async def claimed(home: Home) -> AsyncIterator[None]:
    """Raises Conflict when a platform runs here; waits for one that is just leaving."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        with claim_now(home) as ours:
            if ours:
                yield
                return
        _refuse_a_second(home, time.monotonic() > give_up_at)
        await asyncio.sleep(0.05)


def _refuse_a_second(home: Home, waited_enough: bool) -> None:
    state = find_running(home)
    if state is not None:
        raise Conflict(f"Kotonoha already runs in {home.path} at {state.api}. Use it, or stop it first: {command(home, 'down')}")
    if waited_enough:
        raise Conflict(f"Another command holds {home.lock}. Wait for it to end, or choose another folder with --home.")
