"""Which process is alive: a pid alone is reused, a pid with the moment it started is not."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")


class Alive(NamedTuple):
    """What /proc says of a process that has not ended (proc(5); a zombie has)."""

    pid: int
    session: int
    started: str


def find_alive(pid: int) -> Alive | None:
    try:
        words = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The second field is the name in brackets and may hold spaces and brackets itself.
    state, _, _, session, *rest = words.rpartition(")")[2].split()
    if state in "ZX":
        return None
    return Alive(pid, int(session), f"{_boot()}:{rest[15]}")


def is_alive(pid: int, started: str) -> bool:
    alive = find_alive(pid)
    return alive is not None and alive.started == started


def is_done(pid: int, started: str) -> bool:
    """True once the process and everybody it left in its session are gone."""
    return not list(family(pid, started))


def family(leader: int, started: str) -> Iterator[Alive]:
    """The living members of the session a part leads, also after the leader itself died.

    A pid is not given away again while a session still bears it, so another process under that pid means that
    the whole family is gone.
    """
    now = find_alive(leader)
    if now is not None and now.started != started:
        return
    for entry in PROC.iterdir():
        alive = find_alive(int(entry.name)) if entry.name.isdigit() else None
        if alive is not None and alive.session == leader:
            yield alive


def end_family(leader: int, started: str, signum: signal.Signals = signal.SIGKILL) -> None:
    for member in family(leader, started):
        tell(member.pid, signum)


def tell(pid: int, signum: signal.Signals) -> None:
    """Send a signal to somebody who may just have gone."""
    try:
        os.kill(pid, signum)
    except ProcessLookupError:
        return


def _boot() -> str:
    """Start times count from boot; after a reboot the same pid and tick may be somebody else."""
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()
