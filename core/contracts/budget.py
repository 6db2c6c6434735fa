"""How much of other people's money a learner may spend."""

from msgspec import Struct
from msgspec.structs import replace


class Expected(Struct, frozen=True):
    """What one call may cost, in millionths of a US dollar; None when nobody knows the price of what answers. `prices` is the
    version of the table that says so."""

    microusd: int | None
    prices: str | None = None


FREE = Expected(0)
"""Of work that is done here."""


class Budget(Struct, frozen=True):
    """Millionths of a US dollar. `a_day` ends at midnight UTC, 0 means without end; `a_call` is what a call counts as while it
    runs, and for good when nobody tells its price; `prices` is the version of the table that says so, if one did. `is_free` says
    that nothing will be taken, which an `a_call` of 0 does not: that may be a price nobody knows."""

    a_day: int
    a_call: int
    prices: str | None = None
    is_free: bool = False

    def for_call(self, expected: Expected) -> "Budget":
        """A call of which nobody knows the price stays what every such call counts as."""
        if expected.microusd is None:
            return self
        return replace(self, a_call=expected.microusd, prices=expected.prices, is_free=expected.microusd == 0)


ENDLESS = Budget(0, 0)
