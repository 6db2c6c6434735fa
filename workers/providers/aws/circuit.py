"""A provider that keeps failing is left alone for a while: nobody waits or pays for it, and one call looks whether it is back."""

import time
from collections.abc import Callable

TRIPS = 3
"""Failures in a row that open the circuit."""
FIRST_SECONDS = 5.0
LONGEST_SECONDS = 60.0


class Circuit:
    """One a model and process. Closed it lets everybody through, open nobody, and after its time one call alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_seconds = 0.0
        self._open_until = float("-inf")

    def rest(self) -> float:
        """Seconds until somebody may look again, 0 when one may now. Asking changes nothing."""
        return max(0.0, self._open_until - self._clock())

    def enter(self) -> bool:
        """Let a call through that need not rest. True when it is the one that looks: it keeps the others waiting, for as long as
        that may take, until it has `worked` or `failed`, or looks away."""
        self._open_until = self._clock() + self._open_seconds
        return self._open_seconds > 0

    def look_away(self) -> None:
        """Whoever was to look asked nobody: the next one may look at once."""
        self._open_until = self._clock()

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= TRIPS:
            self._open_seconds = min(max(FIRST_SECONDS, self._open_seconds * 2), LONGEST_SECONDS)
            self._open_until = self._clock() + self._open_seconds

    def worked(self) -> None:
        self._failures = 0
        self._open_seconds = 0.0
        self._open_until = float("-inf")
