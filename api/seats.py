"""How many live sockets each learner has open in this process."""

import contextlib
from collections import Counter
from collections.abc import Iterator

from core.contracts.ids import UserId
from core.errors import TooMany

SOCKETS_PER_LEARNER = 5


class Seats:
    """Counted in memory: a process that dies takes its sockets and their count with it."""

    def __init__(self) -> None:
        self._taken: Counter[UserId] = Counter()

    @contextlib.contextmanager
    def take(self, owner: UserId) -> Iterator[None]:
        """Hold a seat during the block. Raises TooMany when the learner has all of theirs."""
        if self._taken[owner] >= SOCKETS_PER_LEARNER:
            raise TooMany(f"{SOCKETS_PER_LEARNER} live sockets are open already; close one first.")
        self._taken[owner] += 1
        try:
            yield
        finally:
            self._taken[owner] -= 1
            if not self._taken[owner]:
                del self._taken[owner]
