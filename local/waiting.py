"""Wait for something outside this program to become true, with an end."""

import time
from collections.abc import Callable


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Blocks. False when it did not become true in time."""
    give_up_at = time.monotonic() + seconds
    while not true():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True
