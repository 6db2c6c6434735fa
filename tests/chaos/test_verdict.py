"""What counts as a recovery: waiting that nothing excuses, all of it."""

import pytest

from tests.chaos.verdict import RECOVERY_SECONDS, Told, left_alone
from tests.chaos.world import Broken

KILLED = Broken("kill_worker", 100.0, 101.0)


def again(after: float) -> list[Told]:
    return [Told(99.0, started=True), Told(KILLED.began + after, started=True)]


def test_a_job_left_alone_under_constant_storms_took_too_long() -> None:
    storms = [Broken("storm_slow", 100.0 + number, 101.5 + number) for number in range(15)]

    alone = left_alone(KILLED, again(15), [KILLED, *storms])
    assert alone == 15
    assert alone > RECOVERY_SECONDS


def test_the_time_stands_still_while_no_worker_reaches_postgres_and_the_rest_is_summed() -> None:
    spans = ((101.0, 102.0), (103.0, 105.0), (104.0, 106.0))
    down = [Broken("half_open", began, ended, stops_all=True) for began, ended in spans]

    assert left_alone(KILLED, again(9), [KILLED, *down]) == 5


@pytest.mark.parametrize("losses", [1, 3])
def test_losing_valkey_costs_two_seconds_however_often(losses: int) -> None:
    deaf = [Broken("wipe_valkey", 101.0 + number, 102.0 + number, deafens=True) for number in range(losses)]

    assert left_alone(KILLED, again(9), [KILLED, *deaf]) == 7


def test_valkey_lost_afterwards_excuses_nothing() -> None:
    assert left_alone(KILLED, again(9), [KILLED, Broken("wipe_valkey", 110.0, 111.0, deafens=True)]) == 9


def test_a_job_nobody_came_back_to_waits_for_ever() -> None:
    assert left_alone(KILLED, [Told(99.0, started=True)], [KILLED]) == float("inf")


def test_a_job_that_went_on_by_itself_was_not_hit() -> None:
    assert left_alone(KILLED, [Told(99.0, started=True), Told(101.0, started=False)], [KILLED]) is None
    assert left_alone(KILLED, [Told(99.0, started=True), Told(110.0, started=False)], [KILLED]) == 10
