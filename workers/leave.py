"""Leave to call a provider, written down before the call: there is nothing that was paid for already, and money is left."""

from datetime import timedelta

from core.contracts.budget import Budget
from core.contracts.ids import ArtifactId
from core.contracts.job import Ask, ClaimedJob
from core.db.artifacts import Artifact, forget_file
from core.db.lease import Intent, intend, renew_leases
from core.db.litter import postpone_litter
from core.db.pool import Connection, connected
from core.errors import OverBudget, TryAgain
from core.settings import Settings
from core.storage import possible_keys
from workers.kinds import KINDS
from workers.parts import Parts
from workers.run import Halted
from workers.tools import Tool

CLEARED_AFTER = timedelta(seconds=2)
"""Deleting a file takes less; where it fails, it is looked at again until a minute has passed."""


async def keep_from_litter(job: ClaimedJob, artifact: ArtifactId, parts: Parts) -> None:
    """What we are about to store may lie there to be deleted, since nobody showed it. Raises TryAgain while somebody is at it:
    nothing is paid yet."""
    async with connected(parts.pool) as db:
        is_ours = await postpone_litter(db, possible_keys(job.owner, artifact), parts.settings.deadline)
    if not is_ours:
        raise TryAgain("Its old file is being deleted.", CLEARED_AFTER, refund=True)


async def ask_leave(ask: Ask, job: ClaimedJob, artifact: ArtifactId, parts: Parts) -> Artifact | None:
    """Leave to call a provider, or what an earlier call made. Raises OverBudget, and Halted when the job is not ours or not
    wanted, Unavailable when nobody can say."""
    budget = _budget(ask, job, parts)
    intent = await _leave(job, artifact, budget, parts)
    # No connection is held meanwhile: a store may take its time.
    if intent.found is not None and not await parts.storage.exists(intent.found.storage_key):
        # A file that somebody deleted by hand, or that a restored backup does not have, is made again.
        async with connected(parts.pool) as db:
            await forget_file(db, artifact)
        intent = await _leave(job, artifact, budget, parts)
    if intent.is_over_budget:
        raise OverBudget("Your budget for today is used up. It renews at midnight UTC; try again then.")
    return intent.found


async def _leave(job: ClaimedJob, artifact: ArtifactId, budget: Budget, parts: Parts) -> Intent:
    """Raises Halted when the job is no longer ours, or no longer wanted."""
    async with connected(parts.pool) as db:
        intent = await intend(db, job, artifact, budget)
        if intent is None:
            await _hold(db, job, parts.settings)
            intent = await intend(db, job, artifact, budget)
    if intent is None:
        raise Halted("lost")
    return intent


async def _hold(db: Connection, job: ClaimedJob, settings: Settings) -> None:
    """A lease that passed while Postgres was away is still ours if nobody rescued the job. Raises Halted."""
    held = await renew_leases(db, [job], settings.lease)
    if not held:
        raise Halted("lost")
    if held[0].canceled:
        raise Halted("canceled")


def _budget(ask: Ask, job: ClaimedJob, parts: Parts) -> Budget:
    """What the learner may spend, and what this call counts as meanwhile: by its kind, and by the model that answers."""
    tool: Tool = getattr(parts.tools[job.queue], KINDS[job.kind].tool)
    return parts.settings.budget.for_call(tool.expected(ask))
