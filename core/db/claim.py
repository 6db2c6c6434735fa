"""Claim the fairest due jobs: the only way into 'running'."""

from datetime import timedelta

import asyncpg
from msgspec import Struct

from core.contracts.events import Event
from core.contracts.ids import JobId, RequestId, UserId
from core.contracts.job import ClaimedJob, Queue
from core.db.pool import Connection
from core.db.rows import events_of


class Claim(Struct, frozen=True):
    """What a look into the queue brought home. `more` says that due work may have been left behind, so look again soon."""

    jobs: tuple[ClaimedJob, ...]
    events: tuple[Event, ...]
    more: bool


# The rules of fairness stand in the function: migrations/20261126180000_claim.sql. Since 20261127010000_waiting_since.sql its
# lag counts from when a job began to wait.
_CLAIM = """
SELECT id, request_id, owner, kind, queue, input, input_hash, attempt, max_attempts, epoch, traceparent, lag_seconds,
       seq, job_id, type, data, at
  FROM street.claim_jobs($1, $2, $3, $4, $5, $6)
"""


async def claim_jobs(
    db: Connection,
    queue: Queue,
    kinds: list[str],
    slots: int,
    worker: str,
    lease: timedelta,
    running_per_owner: int,
) -> Claim:
    """Take up to `slots` of the fairest due jobs: the only way into 'running'. The lease runs on the database's clock."""
    rows = await db.fetch(_CLAIM, queue, kinds, slots, worker, lease, running_per_owner)
    more = bool(rows) and rows[-1]["id"] is None
    if more:
        rows.pop()
    return Claim(tuple(map(_claimed, rows)), events_of(rows), more)


def _claimed(row: asyncpg.Record) -> ClaimedJob:
    return ClaimedJob(
        id=JobId(row["id"]),
        request_id=RequestId(row["request_id"]),
        owner=UserId(row["owner"]),
        kind=row["kind"],
        queue=row["queue"],
        input=row["input"],
        input_hash=row["input_hash"],
        attempt=row["attempt"],
        max_attempts=row["max_attempts"],
        epoch=row["epoch"],
        traceparent=row["traceparent"],
        lag_seconds=row["lag_seconds"],
    )
