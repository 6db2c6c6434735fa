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

    assert circuit.enter() == 0
    circuit.worked()
    circuit.failed()
    assert circuit.enter() == 0


def test_while_it_is_open_nobody_passes_and_everybody_is_told_how_long() -> None:
    clock, circuit = opened()
    clock.now += 2

    assert circuit.enter() == FIRST_SECONDS - 2


def test_one_call_looks_and_the_others_wait_for_it() -> None:
    clock, circuit = opened()
    clock.now += FIRST_SECONDS

    assert circuit.enter() == 0
    assert circuit.enter() > 0
    circuit.worked()
    assert circuit.enter() == 0


def test_a_look_that_fails_waits_twice_as_long_up_to_a_minute() -> None:
    clock, circuit = opened()
    waits = []
    for _ in range(6):
        clock.now += LONGEST_SECONDS
        assert circuit.enter() == 0
        circuit.failed()
        waits.append(circuit.enter())

    assert waits == [10, 20, 40, 60, 60, 60]


def test_a_look_that_nobody_ended_lets_the_next_one_look_later() -> None:
    clock, circuit = opened()
    clock.now += FIRST_SECONDS
    assert circuit.enter() == 0

    clock.now += FIRST_SECONDS

    assert circuit.enter() == 0


def test_asking_how_long_takes_no_look_away() -> None:
    clock, circuit = opened()
    clock.now += FIRST_SECONDS

    assert circuit.rest() == circuit.rest() == 0
    assert circuit.enter() == 0
    assert circuit.rest() > 0
