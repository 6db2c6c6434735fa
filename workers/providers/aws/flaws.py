"""What is wrong with an answer, said twice: to the model in its own words, to people by a reason of this list.

No guardrail has read an answer that is not taken, so not a word of it may reach anybody but the model that wrote it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Reason = Literal[
    "it did not keep to the form asked for",
    "it was not in Japanese",
    "a reading was not the dictionary's",
    "it did not come out in 5-7-5",
    "its season word stood in no line",
    "its scenes were not in order",
]


class Flaw(NamedTuple):
    """`to_model` may quote the model."""

    to_model: str
    reason: Reason


class Unusable(Exception):
    """An answer cannot be taken as it is. What the exception itself says quotes nobody."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        self.to_model = "; ".join(flaw.to_model for flaw in flaws)
        self.reasons = " and ".join(dict.fromkeys(flaw.reason for flaw in flaws))
        super().__init__(self.reasons)
