"""What runs in a home right now, as `state.json`: written by the supervisor, read by every other command."""

import contextlib
import signal

import msgspec
from msgspec import Struct

from local.home import Home, write_whole
from local.pids import is_alive


class Running(Struct, frozen=True):
    """One part. `started` tells its pid from a later user of that number; `death` is the signal that ends it best.

    `health` is where it answers 200 over HTTP while it is well; `falls` is how often in a row it died soon after its birth.
    """

    name: str
    pid: int
    port: int | None
    started: str
    death: int = signal.SIGKILL
    health: str | None = None
    falls: int = 0


class State(Struct, frozen=True):
    """The supervisor, its parts, and the names of those that should live and do not this moment.

    Told to stop, they are gone within `grace_seconds`. There are never more than `most_workers`.
    """

    pid: int
    started: str
    api: str
    issuer: str
    parts: tuple[Running, ...] = ()
    missing: tuple[str, ...] = ()
    grace_seconds: float = 0.0
    most_workers: int = 0


def write_state(home: Home, state: State) -> None:
    write_whole(home.state, msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n")


def find_state(home: Home) -> State | None:
    """What was recorded last, whether or not it still runs."""
    try:
        return msgspec.json.decode(home.state.read_bytes(), type=State)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def find_running(home: Home) -> State | None:
    """The record, if its supervisor is alive."""
    state = find_state(home)
    return state if state is not None and is_alive(state.pid, state.started) else None


def forget_state(home: Home) -> None:
    with contextlib.suppress(FileNotFoundError):
        home.state.unlink()
