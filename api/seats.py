"""How many connections each learner holds open in this process."""

import contextlib
from collections import Counter
from collections.abc import Iterator

from core.contracts.ids import UserId
from core.errors import TooMany
from telemetry.metrics import connection_closed, connection_opened

SOCKETS_PER_LEARNER = 5
STREAMS_PER_LEARNER = 20
"""Event streams, and answers that `Prefer: wait` holds back."""


class Seats:
    """Counted in memory: a process that dies takes its connections and their count with it."""

    def __init__(self, most: int, of_what: str, way: str) -> None:
        """At most so many a learner, of something in the plural; `way` is its name in metrics."""
        self._most = most
        self._of_what = of_what
        self._way = way
        self._taken: Counter[UserId] = Counter()

    @contextlib.contextmanager
    def take(self, owner: UserId) -> Iterator[None]:
        """Hold a seat during the block. Raises TooMany when the learner has all of theirs."""
        if self._taken[owner] >= self._most:
            raise TooMany(f"{self._most} {self._of_what} are open already; close one first.")
        self._taken[owner] += 1
        connection_opened(self._way)
        try:
            yield
        finally:
            connection_closed(self._way)
            self._taken[owner] -= 1
            if not self._taken[owner]:
                del self._taken[owner]
