"""How many workers a queue needs, from what waits and for how long. Pure: one machine, AWS and the simulation ask the same.

Processor load says nothing about workers that wait for others: with every slot taken they are a quarter busy.
"""

import math
from collections.abc import Iterable

from msgspec import Struct

HEADROOM = 0.8
"""Share of its slots a worker should have in use, so that the next burst finds some free."""

GROWTH = 1.5
"""How much larger the fleet becomes at each look while somebody waits too long."""


class Load(Struct, frozen=True):
    """One queue at one moment: jobs that are due and wait, jobs that run, and how long the oldest of the former has waited."""

    waiting: int
    running: int
    oldest_seconds: float


def neediest(loads: Iterable[Load]) -> Load:
    """For workers that serve several queues: they have slots in each, so there must be as many as the neediest one needs."""
    known = list(loads)
    fullest = max(known, key=lambda load: load.waiting + load.running, default=Load(0, 0, 0))
    return Load(fullest.waiting, fullest.running, max((load.oldest_seconds for load in known), default=0))


class Rule(Struct, frozen=True):
    """`slots` is how many jobs one worker runs at once. Beyond `patience_seconds` of waiting the fleet grows whatever else is
    so; after `calm_seconds` in which fewer would have done, it shrinks."""

    least: int
    most: int
    slots: int
    patience_seconds: float = 10.0
    calm_seconds: float = 300.0


class Fleet(Struct, frozen=True):
    """How many workers there should be. `calm_since` is since when fewer would have done, `enough` how many at most."""

    workers: int
    calm_since: float | None = None
    enough: int = 0


def next_fleet(load: Load, rule: Rule, fleet: Fleet, now_seconds: float) -> Fleet:
    """Grows at once, shrinks only after a calm, and then to what the calm needed at its busiest."""
    needed = min(max(_needed(load, rule, fleet.workers), rule.least), rule.most)
    if needed >= fleet.workers:
        return Fleet(needed)
    if fleet.calm_since is None:
        return Fleet(fleet.workers, now_seconds, needed)
    enough = max(fleet.enough, needed)
    if now_seconds - fleet.calm_since < rule.calm_seconds:
        return Fleet(fleet.workers, fleet.calm_since, enough)
    return Fleet(enough)


def _needed(load: Load, rule: Rule, workers: int) -> int:
    needed = math.ceil((load.waiting + load.running) / (rule.slots * HEADROOM))
    if load.oldest_seconds > rule.patience_seconds:
        return max(needed, math.ceil(workers * GROWTH), workers + 1)
    return needed
