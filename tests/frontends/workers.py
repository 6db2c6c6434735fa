"""Stop the worker for a while, so that what a page shows of an unfinished haiku can be looked at for as long as it takes."""

import contextlib
import os
import signal
from collections.abc import Iterator

import psutil

from tests.journeys.platform import Platform


def worker(platform: Platform) -> int:
    return next(pid for name, pid in platform.parts().items() if name.startswith("worker"))


@contextlib.contextmanager
def resting(platform: Platform) -> Iterator[None]:
    """Shorter than a lease, or what the worker holds is given to another."""
    pid = worker(platform)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def kill_worker(platform: Platform) -> None:
    for child in psutil.Process(worker(platform)).children(recursive=True):
        child.kill()
    os.kill(worker(platform), signal.SIGKILL)
