"""A provider that keeps failing is left alone, and looked at by one call at a time."""

from workers.providers.aws.circuit import FIRST_SECONDS, LONGEST_SECONDS, TRIPS, Circuit


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened() -> tuple[Clock, Circuit]:
    clock = Clock()
    circuit = Circuit(clock)
    for _ in range(TRIPS):
        circuit.failed()
    return clock, circuit


def test_it_opens_after_failures_in_a_row_and_not_before() -> None:
    circuit = Circuit(Clock())
    for _ in range(TRIPS - 1):
        circuit.failed()

    assert circuit.rest() == 0
    circuit.worked()
    circuit.failed()
    assert circuit.rest() == 0


def test_while_it_is_open_everybody_is_told_how_long() -> None:
    clock, circuit = opened()
    clock.now += 2

    assert circuit.rest() == FIRST_SECONDS - 2


def test_one_call_looks_and_the_others_wait_for_it() -> None:
    clock, circuit = opened()
    clock.now += FIRST_SECONDS

    assert circuit.rest() == circuit.rest() == 0, "asking how long takes no look away"
    assert circuit.enter()
    assert circuit.rest() > 0
    circuit.worked()
    assert circuit.rest() == 0


def test_a_part_that_is_well_is_looked_at_by_nobody() -> None:
    circuit = Circuit(Clock())

    assert not circuit.enter()
    assert circuit.rest() == 0


def test_a_look_that_fails_waits_twice_as_long_up_to_a_minute() -> None:
    clock, circuit = opened()
    waits = []
    for _ in range(6):
        clock.now += LONGEST_SECONDS
        assert circuit.enter()
        circuit.failed()
        waits.append(circuit.rest())

    assert waits == [10, 20, 40, 60, 60, 60]


def test_a_look_that_nobody_ended_lets_the_next_one_look_later() -> None:
    clock, circuit = opened()
    clock.now += FIRST_SECONDS
    assert circuit.enter()

    clock.now += FIRST_SECONDS

    assert circuit.rest() == 0
    assert circuit.enter()


def test_whoever_looks_away_leaves_the_look_to_the_next() -> None:
    clock, circuit = opened()
    clock.now += FIRST_SECONDS
    assert circuit.enter()
    circuit.look_away()

    assert circuit.rest() == 0
    assert circuit.enter()
