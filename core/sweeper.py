"""What nobody else would notice: lost leases are rescued, passed deadlines end, lost bells ring again, old rows go."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from msgspec import Struct

from core.backoff import backoff
from core.broadcast import publish
from core.contracts.events import Event
from core.contracts.ids import JobId
from core.contracts.job import Queue
from core.contracts.request import LostJob
from core.db.end import Ended, Ending, end_job
from core.db.pool import Connection, Pool, connected
from core.db.stop import fail_requests
from core.db.sweep import list_due_queues, list_lost_jobs, lock_lost_jobs, lock_overdue_requests, prune, take_sweep_lock
from core.errors import CrashLoop, Overdue, TryAgain, Unavailable
from core.problems import problem_of
from core.queue import Bell, ring
from core.settings import Settings

LOST_LEASES_ALLOWED = 2
"""One more in a row, and the job is what kills its workers."""

LOST = "The worker that tried this stopped in the middle of it."

RESCUED_AT_ONCE = 8
"""Jobs a transaction. Each is a round trip for which all their requests are locked, and a back end that dies undoes them all."""

PRUNE_EVERY_SECONDS = 60.0

SOON = timedelta(seconds=0.2)
"""At most, until the first sweep after one that failed."""


class Swept(Struct, frozen=True):
    """What one transaction of a sweep did. All zero, and no queue, when another process was at it."""

    rescued: int = 0
    overdue: int = 0
    due: tuple[Queue, ...] = ()
    events: tuple[Event, ...] = ()


Show = Callable[[int, int, tuple[Event, ...]], None]
"""Called after each transaction with how many jobs were rescued, how many requests were overdue, and what happened to them."""


async def keep_sweeping(pool: Pool, bell: Bell, settings: Settings, show: Show) -> None:
    """Sweep until cancelled, every settings.sweep_seconds. Every api and worker process does; one at a time gets through."""
    pruned_at, failures = time.monotonic(), 0
    while True:
        await asyncio.sleep(_pause_seconds(failures, settings))
        try:
            await _sweep_and_tell(pool, bell, settings, show)
            if time.monotonic() - pruned_at > PRUNE_EVERY_SECONDS:
                pruned_at = time.monotonic()
                await forget_the_old(pool, settings)
            failures = 0
        except Unavailable:
            failures += 1


def _pause_seconds(failures: int, settings: Settings) -> float:
    """Until the next sweep. A back end that was killed undid what this one had begun, and the next one is soon there: what is
    lost need not wait for a whole pause more."""
    if failures == 0:
        return settings.sweep_seconds
    return backoff(failures, SOON, timedelta(seconds=settings.sweep_seconds)).total_seconds()


async def _sweep_and_tell(pool: Pool, bell: Bell, settings: Settings, show: Show) -> None:
    """Raises Unavailable, when what was committed before has been told."""
    telling: list[asyncio.Task[object]] = []
    try:
        async for swept in sweep(pool, settings):
            # After the commit, or who hears of it would look and find nothing. Beside the next transaction: while Redis says
            # nothing, each of them would wait for what is told of the one before.
            telling += (asyncio.create_task(publish(bell, swept.events)), asyncio.create_task(ring(bell, swept.due)))
            show(swept.rescued, swept.overdue, swept.events)
    finally:
        await asyncio.gather(*telling)


async def sweep(pool: Pool, settings: Settings) -> AsyncIterator[Swept]:
    """One look, told by and by as it is committed. Raises Unavailable; what was told before that stays done."""
    lost = await _find_lost(pool)
    waits = _waits(lost, settings)
    for first in range(0, len(lost), RESCUED_AT_ONCE):
        yield await _rescue_some(pool, [job.id for job in lost[first : first + RESCUED_AT_ONCE]], waits, settings)
    # By itself: each transaction locks its rows in the order everyone keeps, one after the other they would not.
    yield await _end_overdue(pool)


async def forget_the_old(pool: Pool, settings: Settings) -> int:
    """Prune a batch; returns how many rows went. Raises Unavailable."""
    kept, keys_kept = timedelta(days=settings.events_kept_days), timedelta(hours=settings.idempotency_kept_hours)
    async with connected(pool) as db, db.transaction():
        return await prune(db, kept, keys_kept) if await take_sweep_lock(db, "prune") else 0


async def _find_lost(pool: Pool) -> list[LostJob]:
    async with connected(pool) as db:
        return await list_lost_jobs(db)


async def _rescue_some(pool: Pool, jobs: list[JobId], waits: dict[JobId, timedelta], settings: Settings) -> Swept:
    async with connected(pool) as db, db.transaction():
        # Another sweep may come in between two of these, and rescue the same with the same waits. Who has the lock has the list:
        # were it needed to make one, a sweep that found nothing would put off the rescue of one that did.
        lost = await lock_lost_jobs(db, jobs) if await take_sweep_lock(db, "rescue") else []
        ended = [await _rescue(db, job, waits.get(job.id, timedelta(0)), settings) for job in lost]
    found = [each for each in ended if each is not None]
    due = tuple(queue for each in found for queue in each.ring)
    return Swept(len(lost), due=due, events=tuple(event for each in found for event in each.events))


async def _end_overdue(pool: Pool) -> Swept:
    error = problem_of(Overdue("It was not done in time. Try again: what is finished is kept."))
    async with connected(pool) as db, db.transaction():
        if not await take_sweep_lock(db, "end"):
            return Swept()
        overdue = await lock_overdue_requests(db)
        events = await fail_requests(db, overdue, error)
        due = await list_due_queues(db)
    return Swept(overdue=len(overdue), due=tuple(due), events=events)


def _waits(lost: list[LostJob], settings: Settings) -> dict[JobId, timedelta]:
    """A job that is lost once keeps its place. One that is lost again is a suspect, or ran beside one: together they would go
    down together until all are crash loops. So each waits for a lease longer than the one before, all within the longest
    back-off."""
    # The last goes first. Whatever a sweep leaves undone is the end of the list, and the next sweep begins to count there:
    # it gives nobody a turn that was given away.
    suspects = [job.id for job in reversed(lost) if job.lost_leases > 0]
    step = min(settings.lease, timedelta(seconds=settings.backoff_cap_seconds) / max(len(suspects), 1))
    return {job_id: place * step for place, job_id in enumerate(suspects)}


async def _rescue(db: Connection, job: LostJob, wait: timedelta, settings: Settings) -> Ended | None:
    """The lost run counts as an attempt."""
    return await end_job(db, job.id, job.epoch, _lost(job, wait), settings.max_attempts)


def _lost(job: LostJob, wait: timedelta) -> Ending:
    if job.lost_leases >= LOST_LEASES_ALLOWED:
        crash = CrashLoop(f"{LOST} So did all before it.")
        return Ending("failed", error=problem_of(crash), expired_only=True)
    lost = problem_of(TryAgain(LOST))
    return Ending("retrying" if job.attempt < job.max_attempts else "failed", error=lost, due_in=wait, expired_only=True)
