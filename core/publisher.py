"""The numbers of every queue, told by one process at a time: what workers are scaled by, and operators look at."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct

from core.contracts.job import Queue
from core.db.backlog import Backlog, list_backlogs
from core.db.pool import Pool, connected
from core.db.turns import take_turn
from core.db.workers import count_workers, delete_silent_workers
from core.errors import Unavailable
from core.scaling import Fleet, Rule, next_fleet
from core.settings import Settings

EARLY = 0.9
"""Whoever was first the last time should be first again, although no two ticks are equally long."""


class Numbers(Struct, frozen=True):
    """A queue's backlog, the workers that serve it and how many there should be."""

    backlog: Backlog
    workers: int
    desired: int


Show = Callable[[str, int, int, float, int, int], None]
"""Called with a queue, its depth, what runs, the oldest age in seconds, its workers and how many there should be."""


async def keep_publishing(pool: Pool, settings: Settings, show: Show) -> None:
    """Until cancelled, every settings.publish_seconds. Every api and worker process does; one at a time has something to
    tell. While Postgres is away nobody tells anything: a zero would send workers home."""
    publisher = Publisher(settings)
    while True:
        await asyncio.sleep(settings.publish_seconds)
        try:
            numbers = await publisher.look(pool, time.monotonic())
        except Unavailable:
            continue
        for each in numbers:
            queue = each.backlog
            show(queue.queue, queue.waiting, queue.running, queue.oldest_seconds, each.workers, each.desired)


class Publisher:
    """Remembers how many workers it asked for, as long as the turn stays with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rule = rule_of(settings)
        self._fleets: dict[Queue, Fleet] = {}

    async def look(self, pool: Pool, now_seconds: float) -> list[Numbers]:
        """Nothing when it is not our turn. Raises Unavailable."""
        every = timedelta(seconds=self._settings.publish_seconds * EARLY)
        async with connected(pool) as db, db.transaction():
            if not await take_turn(db, "numbers", every):
                self._fleets = {}
                return []
            await delete_silent_workers(db)
            workers = await count_workers(db)
            backlogs = await list_backlogs(db, self._settings.running_per_owner)
        return [self._numbers(backlog, workers[backlog.queue], now_seconds) for backlog in backlogs]

    def _numbers(self, backlog: Backlog, workers: int, now_seconds: float) -> Numbers:
        before = self._fleets.get(backlog.queue, Fleet(workers))
        fleet = self._fleets[backlog.queue] = next_fleet(backlog.load, self._rule, before, now_seconds)
        return Numbers(backlog, workers, fleet.workers)


def rule_of(settings: Settings) -> Rule:
    return Rule(
        least=settings.least_workers,
        most=settings.most_workers,
        slots=settings.slots_per_queue,
        patience_seconds=settings.patience_seconds,
        calm_seconds=settings.calm_seconds,
    )
