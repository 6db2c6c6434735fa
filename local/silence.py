"""Notice when nothing is heard for a while."""

import asyncio
from collections.abc import Callable


class Silence:
    """Calls `tell` once nothing was heard for so many seconds, and not again before something was. Must be closed."""

    def __init__(self, seconds: float, tell: Callable[[], None]) -> None:
        self._seconds = seconds
        self._tell = tell
        self._alarm = self._set()

    def heard(self) -> None:
        self._alarm.cancel()
        self._alarm = self._set()

    def close(self) -> None:
        self._alarm.cancel()

    def _set(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._seconds, self._tell)
