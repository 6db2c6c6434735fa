"""How many workers: up at once, down after a calm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scaling import Fleet, Load, Rule, neediest, next_fleet

RULE = Rule(least=1, most=8, slots=4, patience_seconds=10, calm_seconds=60)
IDLE = Load(0, 0, 0)


@pytest.mark.parametrize(
    ("load", "workers"),
    [
        (IDLE, 1),
        (Load(1, 0, 0), 1),
        (Load(3, 3, 1), 2),
        (Load(20, 4, 1), 8),
        (Load(1_000_000, 4, 1), 8),
    ],
)
def test_a_backlog_calls_for_enough_slots_at_once(load: Load, workers: int) -> None:
    assert next_fleet(load, RULE, Fleet(1), 0).workers == workers


def test_somebody_who_waits_too_long_calls_for_more_whatever_the_backlog_says() -> None:
    assert next_fleet(Load(1, 1, 11), RULE, Fleet(4), 0).workers == 6


def test_a_moment_of_calm_changes_nothing() -> None:
    fleet = next_fleet(IDLE, RULE, Fleet(4), 0)
    fleet = next_fleet(IDLE, RULE, fleet, 59)

    assert fleet.workers == 4


def test_after_a_calm_the_fleet_is_what_the_calm_needed_at_its_busiest() -> None:
    fleet = Fleet(6)
    for now, load in ((0, IDLE), (20, Load(2, 5, 0)), (40, IDLE), (60, IDLE)):
        fleet = next_fleet(load, RULE, fleet, now)

    assert fleet == Fleet(3)


def test_a_burst_ends_the_calm() -> None:
    fleet = next_fleet(IDLE, RULE, Fleet(4), 0)
    fleet = next_fleet(Load(10, 4, 0), RULE, fleet, 30)
    fleet = next_fleet(IDLE, RULE, fleet, 60)

    assert (fleet.workers, fleet.calm_since) == (5, 60)


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 100), st.floats(0, 1000)), max_size=50),
    st.integers(1, 8),
)
def test_the_fleet_never_leaves_its_bounds(loads: list[tuple[int, int, float]], workers: int) -> None:
    fleet = Fleet(workers)
    for now, load in enumerate(loads):
        fleet = next_fleet(Load(*load), RULE, fleet, now * 30)
        assert RULE.least <= fleet.workers <= RULE.most


def test_a_worker_of_many_queues_is_needed_as_often_as_its_neediest_queue_needs_it() -> None:
    loads = [Load(2, 1, 0), Load(9, 3, 1), Load(1, 0, 12)]

    assert neediest(loads) == Load(9, 3, 12)
    assert neediest([]) == IDLE
