"""Serve one queue: look when the bell rings, when a job ends and every two idle seconds; claim what fits, run it all at once."""

import asyncio
import random
from datetime import timedelta

from core.backoff import backoff
from core.broadcast import publish
from core.contracts.job import Queue
from core.contracts.kinds import ASKS
from core.db.claim import Claim, claim_jobs
from core.db.pool import connected
from core.errors import Unavailable
from telemetry.logs import get_log
from workers.kinds import KINDS
from workers.parts import Parts
from workers.run import Run
from workers.run_job import run_job

log = get_log("worker")

CONTENDED_SECONDS = 0.02
"""About how long until whoever held the rows we skipped has let go of them."""


SOON = timedelta(seconds=0.2)
"""At most, until the first look after one that failed."""


class QueueServer:
    """Jobs run in tasks of our own, not in arq's slots: its sorted set would keep each for as long as it runs, and a
    restart of Redis would end them. `runs` is shared by all queues of the process: what `keep_leases` renews."""

    def __init__(self, queue: Queue, name: str, parts: Parts, runs: set[Run]) -> None:
        self._queue = queue
        self._name = name
        self._parts = parts
        self._runs = runs
        self._busy = self._failures = 0
        self._kinds = [kind for kind in KINDS if ASKS[kind].queue == queue]
        self._look = asyncio.Event()
        self._stopping = False

    def look(self) -> None:
        """There may be something to do."""
        self._look.set()

    def stop(self) -> None:
        """Claim nothing more; `serve` returns when what runs has ended."""
        self._stopping = True
        self._look.set()

    async def serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            while not self._stopping:
                self._look.clear()
                await self._wait(await self._take(group))

    async def _take(self, group: asyncio.TaskGroup) -> float:
        """Claim and start what fits. Returns the longest wait until the next look, in seconds."""
        settings = self._parts.settings
        free = settings.slots_per_queue - self._busy
        # The first job that ends makes us look at once.
        if free == 0:
            return settings.idle_look_seconds
        try:
            claim = await self._claim(free)
        except Unavailable:
            # Soon, for perhaps no more than our connection was killed, and somebody's work waits; and not all workers at once,
            # the moment it is back.
            self._failures += 1
            return backoff(self._failures, SOON, timedelta(seconds=settings.idle_look_seconds)).total_seconds()
        except Exception:
            # Whatever it is, looking again later beats a queue that nobody serves any more.
            log.exception("claim crashed", queue=self._queue)
            return settings.idle_look_seconds
        self._failures = 0
        if claim.events:
            group.create_task(self._tell(claim))
        for job in claim.jobs:
            self._start(Run(job), group)
        # Due work was left behind although there is room: somebody held it for a moment.
        return CONTENDED_SECONDS * random.random() if claim.more and len(claim.jobs) < free else settings.idle_look_seconds

    async def _claim(self, free: int) -> Claim:
        settings = self._parts.settings
        async with connected(self._parts.pool) as db:
            return await claim_jobs(db, self._queue, self._kinds, free, self._name, settings.lease, settings.running_per_owner)

    async def _tell(self, claim: Claim) -> None:
        await publish(self._parts.bell, claim.events)

    def _start(self, run: Run, group: asyncio.TaskGroup) -> None:
        self._busy += 1
        self._runs.add(run)
        group.create_task(self._run(run))

    async def _run(self, run: Run) -> None:
        try:
            await run_job(run, self._parts)
        except Exception:
            # A bug of ours costs this run its lease; the other runs of the process must not notice.
            log.exception("run crashed", kind=run.job.kind)
        finally:
            self._busy -= 1
            self._runs.discard(run)
            self._look.set()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._look.wait()
        except TimeoutError:
            return
