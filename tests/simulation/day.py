"""A day of a million learners and a fleet that serves it, second by second: every number follows from a seed."""

import heapq
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

HOURS = 8
SECONDS = HOURS * 3600
QUIET, BUSY = 3.0, 17.0
"""Jobs a second in the emptiest and the fullest hour: 10 % of a million learners a day, three jobs each, in eight hours."""

START_SECONDS = 75
"""From the decision to the first claim of a Fargate task."""

LOOK_SECONDS = 60
"""How often CloudWatch alarms look."""

NOTICE_SECONDS = 120
HAND_BACK_AFTER = 90
"""A Spot interruption gives two minutes; what still runs after 90 s is handed back."""


@dataclass(frozen=True)
class Seen:
    """What a policy is told at each look. `busy` is the mean share of slots in use since the last look."""

    waiting: int
    running: int
    oldest_seconds: float
    tasks: int
    busy: float
    now: int


Policy = Callable[[Seen], int]
"""How many tasks there should be."""


@dataclass
class Task:
    """One worker: its jobs as (end, arrived), and when it must be gone."""

    ready_at: int
    jobs: list[tuple[float, int]] = field(default_factory=list)
    leaves_at: int | None = None


@dataclass(frozen=True)
class Conditions:
    """What the day is like."""

    job_seconds: float = 12.0
    slots: int = 20
    interruptions_an_hour: float = 0.0
    reclaimed_at_noon: float = 0.0
    rate: float = 1.0
    seed: int = 1


@dataclass
class Day:
    """The outcome. `waits` are seconds from arrival to claim."""

    arrived: int = 0
    served: int = 0
    waits: list[int] = field(default_factory=list)
    task_seconds: int = 0
    deepest: int = 0
    handed_back: int = 0
    interruptions: int = 0

    @property
    def left(self) -> int:
        return self.arrived - self.served

    @property
    def mean_tasks(self) -> float:
        return self.task_seconds / SECONDS

    def wait(self, share: float) -> int:
        return sorted(self.waits)[int(share * (len(self.waits) - 1))] if self.waits else 0


def simulate(policy: Policy, conditions: Conditions) -> Day:
    fleet = _Fleet(conditions)
    for now in range(SECONDS):
        fleet.second(now)
        if now % LOOK_SECONDS == 0:
            fleet.resize(policy(fleet.seen(now)), now)
    return fleet.day


class _Fleet:
    def __init__(self, conditions: Conditions) -> None:
        self.day = Day()
        self._conditions = conditions
        self._random = random.Random(conditions.seed)
        self._tasks = [Task(0)]
        self._waiting: deque[int] = deque()
        self._used = 0
        self._offered = 0

    def second(self, now: int) -> None:
        self._arrive(now)
        self._interrupt(now)
        for task in list(self._tasks):
            self._work(task, now)
        self.day.task_seconds += len(self._tasks)
        self.day.deepest = max(self.day.deepest, len(self._waiting))

    def seen(self, now: int) -> Seen:
        busy = self._used / self._offered if self._offered else 0.0
        self._used = self._offered = 0
        oldest = now - self._waiting[0] if self._waiting else 0
        running = sum(len(task.jobs) for task in self._tasks)
        return Seen(len(self._waiting), running, oldest, self._staying(), busy, now)

    def resize(self, wanted: int, now: int) -> None:
        for _ in range(wanted - self._staying()):
            self._tasks.append(Task(now + START_SECONDS))
        for task in [task for task in self._tasks if task.leaves_at is None][wanted:]:
            task.leaves_at = now + NOTICE_SECONDS

    def _staying(self) -> int:
        return sum(task.leaves_at is None for task in self._tasks)

    def _arrive(self, now: int) -> None:
        share = (1 - math.cos(2 * math.pi * now / SECONDS)) / 2
        rate = (QUIET + (BUSY - QUIET) * share) * self._conditions.rate
        arrived = _poisson(self._random, rate)
        self.day.arrived += arrived
        self._waiting.extend([now] * arrived)

    def _interrupt(self, now: int) -> None:
        chance = self._conditions.interruptions_an_hour / 3600
        noon = self._conditions.reclaimed_at_noon if now == SECONDS // 2 else 0.0
        for task in self._tasks:
            if task.leaves_at is None and now >= task.ready_at and self._random.random() < max(chance, noon):
                task.leaves_at = now + NOTICE_SECONDS
                self.day.interruptions += 1

    def _work(self, task: Task, now: int) -> None:
        while task.jobs and task.jobs[0][0] <= now:
            heapq.heappop(task.jobs)
            self.day.served += 1
        if task.leaves_at is not None:
            self._leave(task, now)
        elif now >= task.ready_at:
            self._claim(task, now)

    def _leave(self, task: Task, now: int) -> None:
        assert task.leaves_at is not None
        if task.jobs and now >= task.leaves_at - NOTICE_SECONDS + HAND_BACK_AFTER:
            self.day.handed_back += len(task.jobs)
            self._waiting.extendleft(arrived for _, arrived in task.jobs)
            task.jobs = []
        if not task.jobs:
            self._tasks.remove(task)

    def _claim(self, task: Task, now: int) -> None:
        self._used += len(task.jobs)
        self._offered += self._conditions.slots
        while self._waiting and len(task.jobs) < self._conditions.slots:
            arrived = self._waiting.popleft()
            self.day.waits.append(now - arrived)
            lasts = self._random.expovariate(1 / self._conditions.job_seconds)
            heapq.heappush(task.jobs, (now + lasts, arrived))


def _poisson(chance: random.Random, mean: float) -> int:
    """Knuth's way, good for small means."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
