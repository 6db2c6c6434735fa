"""The fleet's rule holds through a whole day."""

import pytest

from tests.simulation.day import Conditions, simulate
from tests.simulation.policies import by_backlog, by_cpu


def test_processor_load_leaves_most_of_the_day_undone() -> None:
    day = simulate(by_cpu(), Conditions())

    assert day.served < day.arrived / 5
    assert day.mean_tasks == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("seed", [1, 2])
def test_backlog_and_age_serve_everybody_at_once(seed: int) -> None:
    day = simulate(by_backlog(24), Conditions(seed=seed))

    assert day.left < 100
    assert day.wait(0.99) <= 10
    assert day.mean_tasks < 15


def test_interruptions_cost_waiting_and_no_job() -> None:
    day = simulate(by_backlog(24), Conditions(interruptions_an_hour=0.5, reclaimed_at_noon=0.5))

    assert day.interruptions > 20
    assert day.left < 100
    assert day.wait(0.99) <= 60
