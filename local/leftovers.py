"""End what a killed supervisor left behind, by the pids it recorded."""

from signal import Signals

from local.home import Home
from local.pids import end_family, is_alive, is_done, tell
from local.state import Running, find_state, forget_state
from local.waiting import wait_until

PATIENCE_SECONDS = 4.0


def end_leftovers(home: Home) -> None:
    """Only the holder of the home's claim may call this. Each part gets its best death first, then the certain one."""
    state = find_state(home)
    if state is None or is_alive(state.pid, state.started):
        return
    for part in state.parts:
        if is_alive(part.pid, part.started):
            tell(part.pid, Signals(part.death))
    if not _gone(state.parts, PATIENCE_SECONDS):
        _kill(state.parts)
        _gone(state.parts, PATIENCE_SECONDS)
    forget_state(home)


def _kill(parts: tuple[Running, ...]) -> None:
    for part in parts:
        end_family(part.pid, part.started)


def _gone(parts: tuple[Running, ...], within_seconds: float) -> bool:
    def gone() -> bool:
        # A part whose leader is dead but whose children live (a pool of painters) will not leave by itself.
        _kill(tuple(part for part in parts if not is_alive(part.pid, part.started)))
        return all(is_done(part.pid, part.started) for part in parts)

    return wait_until(gone, within_seconds)
