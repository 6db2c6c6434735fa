"""Hold a job: renew its lease, and write down that a provider is about to be called. Fenced by the epoch."""

from datetime import timedelta

import msgspec
from msgspec import Struct

from core.contracts.budget import ENDLESS, Budget
from core.contracts.ids import ArtifactId, JobId, StorageKey, UserId
from core.contracts.job import ClaimedJob, Paid
from core.db.artifacts import Artifact
from core.db.pool import Connection


class Held(Struct, frozen=True):
    """A job that is still ours; `canceled` says the learner no longer wants it."""

    job_id: JobId
    epoch: int
    canceled: bool


# Never waits either: a job somebody writes to right now is left alone, and the next heartbeat learns what became of it.
# A lease that ran out is renewed all the same: while nobody rescued the job, it is still ours, and a call in flight is saved.
_HEARTBEAT = """
WITH held AS MATERIALIZED (
    SELECT j.id, j.epoch, r.cancel_requested_at IS NOT NULL AS canceled
      FROM unnest($1::uuid[], $2::bigint[]) AS h (id, epoch)
      JOIN street.jobs j ON j.id = h.id AND j.epoch = h.epoch
      JOIN street.requests r ON r.id = j.request_id
     WHERE j.status = 'running'
), free AS MATERIALIZED (
    -- Asked again of the locked row: since the look above, somebody may have ended it, and begun it anew.
    SELECT j.id FROM street.jobs j JOIN held ON held.id = j.id AND held.epoch = j.epoch
     WHERE j.status = 'running'
       FOR NO KEY UPDATE OF j SKIP LOCKED
), renewed AS (
    UPDATE street.jobs j SET lease_until = clock_timestamp() + $3::interval FROM free WHERE j.id = free.id
)
SELECT id, epoch, canceled FROM held
"""


async def renew_leases(db: Connection, jobs: list[ClaimedJob], lease: timedelta) -> tuple[Held, ...]:
    """Renew the leases of running jobs. One that does not come back is lost: its task must stop at once."""
    rows = await db.fetch(_HEARTBEAT, [job.id for job in jobs], [job.epoch for job in jobs], lease)
    return tuple(Held(JobId(row["id"]), row["epoch"], row["canceled"]) for row in rows)


async def is_wanted(db: Connection, job: JobId) -> bool:
    """False once its request is canceled, or deleted together with it."""
    wanted: bool | None = await db.fetchval(
        "SELECT r.cancel_requested_at IS NULL FROM street.jobs j JOIN street.requests r ON r.id = j.request_id WHERE j.id = $1",
        job,
    )
    return bool(wanted)


class Intent(Struct, frozen=True):
    """Leave to call a provider, the artifact that makes the call needless, or a budget that is used up."""

    found: Artifact | None
    is_over_budget: bool = False


# Each row is locked, so that what changed while we waited is seen: a cancel, a rescue, a deleted picture.
_INTENT = """
WITH request AS MATERIALIZED (
    SELECT r.id FROM street.requests r
     WHERE r.id = (SELECT request_id FROM street.jobs WHERE id = $1) AND r.cancel_requested_at IS NULL
       FOR SHARE
), held AS MATERIALIZED (
    SELECT j.id, j.epoch, j.owner FROM street.jobs j JOIN request ON request.id = j.request_id
     WHERE j.id = $1 AND j.epoch = $2 AND j.status = 'running' AND j.lease_until > clock_timestamp()
       FOR NO KEY UPDATE OF j
), found AS MATERIALIZED (
    SELECT a.hash, a.owner, a.storage_key, a.media_type, a.bytes, a.sha256, a.result, a.paid
      FROM street.artifacts a JOIN held ON a.owner = held.owner
     WHERE a.hash = $3
       -- Whoever deletes it waits until our job says that it shows it, or finds it gone before us.
       FOR KEY SHARE OF a
), spend AS (
    -- Counted before the call, or calls that begin together would all find something left. The row's newest version
    -- decides, so they wait for each other here.
    INSERT INTO street.spend AS s (owner, day, microusd)
    SELECT owner, (statement_timestamp() AT TIME ZONE 'UTC')::date, $4::bigint FROM held
     WHERE NOT EXISTS (SELECT 1 FROM found)
    ON CONFLICT (owner, day) DO UPDATE SET microusd = s.microusd + excluded.microusd
     -- What costs nothing is no question of money.
     WHERE $5::bigint = 0 OR $7 OR s.microusd < $5::bigint
    RETURNING s.day
), intent AS (
    -- At the same moment as the day it was counted on, also at midnight.
    INSERT INTO street.provider_calls (job_id, epoch, owner, reserved_microusd, prices, is_free, called_at)
    SELECT id, epoch, owner, $4::bigint, $6::text, $7::boolean, statement_timestamp() FROM held, spend
    RETURNING job_id
)
SELECT f.hash, f.owner, f.storage_key, f.media_type, f.bytes, f.sha256, f.result, f.paid,
       f.hash IS NULL AND NOT EXISTS (SELECT 1 FROM intent) AS is_over_budget
  FROM held LEFT JOIN found f ON true
"""


async def intend(db: Connection, job: ClaimedJob, artifact: ArtifactId, budget: Budget = ENDLESS) -> Intent | None:
    """Write down that a provider is about to be called. None means the job is no longer ours, or no longer wanted."""
    row = await db.fetchrow(_INTENT, job.id, job.epoch, artifact, budget.a_call, budget.a_day, budget.prices, budget.is_free)
    if row is None:
        return None
    if row["hash"] is None:
        return Intent(found=None, is_over_budget=row["is_over_budget"])
    return Intent(
        Artifact(
            hash=ArtifactId(row["hash"]),
            owner=UserId(row["owner"]),
            storage_key=StorageKey(row["storage_key"]),
            media_type=row["media_type"],
            bytes=row["bytes"],
            sha256=row["sha256"],
            result=msgspec.Raw(row["result"].encode()),
            paid=msgspec.json.decode(row["paid"], type=Paid),
        )
    )
