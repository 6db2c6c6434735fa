"""Renew the leases of all running jobs in one statement, and stop what is no longer ours or no longer wanted."""

import asyncio
from collections.abc import Set as AbstractSet

from core.db.lease import renew_leases
from core.db.pool import Pool, connected
from core.errors import Unavailable
from core.settings import Settings
from workers.run import Run


async def keep_leases(runs: AbstractSet[Run], pool: Pool, settings: Settings) -> None:
    """Until cancelled, every settings.heartbeat_seconds."""
    while True:
        await asyncio.sleep(settings.heartbeat_seconds)
        # While Postgres is away nobody can take a job from us either: leases run on its clock.
        try:
            await renew(runs, pool, settings)
        except Unavailable:
            continue


async def renew(runs: AbstractSet[Run], pool: Pool, settings: Settings) -> None:
    # A copy: runs begin and end while we wait for the rows.
    held_now = tuple(runs)
    if not held_now:
        return
    async with connected(pool) as db:
        held = {lease.job_id: lease for lease in await renew_leases(db, [run.job for run in held_now], settings.lease)}
    for run in held_now:
        lease = held.get(run.job.id)
        if lease is None:
            run.stop("lost")
        elif lease.canceled:
            run.stop("canceled")
