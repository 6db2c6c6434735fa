"""What one ask has used so far: told with the answer, and with a failure that comes after something was paid."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from core.contracts.budget import Expected
from core.contracts.job import Paid
from core.errors import JobFailed
from workers.providers.aws.failures import Useless, charged
from workers.providers.aws.prices import read_prices

UNKNOWN = Expected(None)


class Bill:
    """One an ask. Add what a call used as soon as its answer tells, before anything is made of the answer."""

    def __init__(self, provider: str, model: str) -> None:
        self._provider = provider
        self._model = model
        self._usage: Counter[str] = Counter()
        self._is_open = False

    def add(self, usage: Mapping[str, int]) -> None:
        self._usage.update(usage)

    def leave_open(self) -> None:
        """A call of this ask broke off and another goes on without it: what it took nobody knows, nor what all of them take."""
        self._is_open = True

    @property
    def is_empty(self) -> bool:
        return not any(self._usage.values())

    def paid(self) -> Paid:
        """At the price of the table, or at none that anybody knows."""
        usage = dict(self._usage)
        priced = UNKNOWN if self._is_open else read_prices().priced(self._model, usage)
        return Paid(self._provider, self._model, usage, priced.microusd, priced.prices)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Around all calls of the ask. Once something is on the bill, no failure is free: one that takes nothing more costs what
        is on the bill, and of any other nobody knows what it costs in all."""
        try:
            yield
        except JobFailed as failed:
            if self.is_empty:
                raise
            is_all = failed.is_free or isinstance(failed, Useless)
            raise charged(failed, self.paid() if is_all else None) from failed.__cause__
