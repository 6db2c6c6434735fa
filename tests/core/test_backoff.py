"""How long to wait before trying once more."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.backoff import backoff

BASE, CAP = timedelta(seconds=1), timedelta(seconds=60)


@given(attempt=st.integers(-5, 10_000))
def test_no_wait_is_negative_or_longer_than_the_cap(attempt: int) -> None:
    assert timedelta(0) <= backoff(attempt, BASE, CAP) <= CAP


@given(attempt=st.integers(1, 6))
def test_no_wait_is_longer_than_the_base_doubled_for_each_attempt_before(attempt: int) -> None:
    assert backoff(attempt, BASE, CAP) <= BASE * 2 ** (attempt - 1)


def test_waits_are_spread_over_the_whole_range() -> None:
    waits = [backoff(4, BASE, CAP) for _ in range(400)]

    assert min(waits) < timedelta(seconds=1)
    assert max(waits) > timedelta(seconds=7)
    assert len(set(waits)) > 350
