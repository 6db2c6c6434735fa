"""Two ways to decide how many tasks there are."""

import math
from collections.abc import Callable

from core.scaling import Fleet, Load, Rule, next_fleet
from tests.simulation.day import Seen

CPU_IDLE, CPU_FULL = 5.0, 25.0
"""Per cent a worker needs of its processor with no slot and with every slot in use: it waits for others."""


def by_cpu(most: int = 4) -> Callable[[Seen], int]:
    """Target tracking at 70 %, 1 to 4 tasks: what suits an api that computes."""

    def decide(seen: Seen) -> int:
        cpu = CPU_IDLE + (CPU_FULL - CPU_IDLE) * seen.busy
        return min(max(1, math.ceil(seen.tasks * cpu / 70)), most)

    return decide


def by_backlog(most: int, slots: int = 20) -> Callable[[Seen], int]:
    """Our own rule."""
    rule = Rule(least=1, most=most, slots=slots)
    fleet = Fleet(1)

    def decide(seen: Seen) -> int:
        nonlocal fleet
        fleet = next_fleet(Load(seen.waiting, seen.running, seen.oldest_seconds), rule, fleet, seen.now)
        return fleet.workers

    return decide
