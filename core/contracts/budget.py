"""How much of other people's money a learner may spend."""

from msgspec import Struct


class Budget(Struct, frozen=True):
    """Millionths of a US dollar. `a_day` ends at midnight UTC, 0 means without end; `a_call` is what a call counts as while it
    runs, and for good when nobody tells its price."""

    a_day: int
    a_call: int


ENDLESS = Budget(0, 0)
