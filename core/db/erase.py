"""Scrub what was made for a resource: texts, results and events go; rows that only count stay."""

from uuid import UUID

from core.contracts.ids import UserId
from core.db.pool import Connection


async def erase_resource(db: Connection, resource: UUID, owner: UserId) -> None:
    """Files that nobody shows any more become litter, which workers delete.

    Must run inside a transaction, after the open requests of the resource were canceled.
    """
    await _scrub_story(db, resource)
    await _hold_files(db, resource, owner)
    await db.execute(
        """
        WITH scrubbed AS (
            UPDATE street.jobs
               SET input = '{}', error = NULL, artifact = NULL, result = CASE WHEN result IS NOT NULL THEN '{}'::jsonb END
             WHERE request_id IN (SELECT id FROM street.requests WHERE resource_id = $1)
            RETURNING id
        ), unused AS (
            -- The same ask of the same learner is the same picture: what another haiku shows, or is about to, stays.
            SELECT j.artifact FROM street.jobs j JOIN street.requests r ON r.id = j.request_id
             WHERE r.resource_id = $1 AND j.artifact IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM street.jobs o JOIN street.requests p ON p.id = o.request_id
                                WHERE o.owner = $2 AND o.input_hash = j.input_hash AND p.resource_id <> $1
                                  AND (o.artifact = j.artifact OR o.finished_at IS NULL))
        ), gone AS (
            DELETE FROM street.artifacts a
             WHERE a.owner = $2 AND a.hash IN (SELECT artifact FROM unused) AND (SELECT count(*) FROM scrubbed) >= 0
            RETURNING a.storage_key
        )
        INSERT INTO street.litter (storage_key) SELECT storage_key FROM gone
        ON CONFLICT (storage_key) DO UPDATE SET due_at = excluded.due_at""",
        resource,
        owner,
    )


async def _scrub_story(db: Connection, resource: UUID) -> None:
    # Canceled, also what had failed: a retry of it would find nothing to do again.
    await db.execute(
        """
        UPDATE street.requests
           SET input = '{}', error = NULL, cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
         WHERE resource_id = $1""",
        resource,
    )
    await db.execute(
        """
        UPDATE street.events SET data = '{}'
         WHERE request_id IN (SELECT id FROM street.requests WHERE resource_id = $1)""",
        resource,
    )


async def _hold_files(db: Connection, resource: UUID, owner: UserId) -> None:
    """In a statement of its own: a job that found one of them before is seen by the next, one that comes later waits."""
    await db.execute(
        """
        SELECT FROM street.artifacts
         WHERE owner = $2 AND hash IN (SELECT j.artifact FROM street.jobs j JOIN street.requests r ON r.id = j.request_id
                                        WHERE r.resource_id = $1)
         ORDER BY hash FOR UPDATE""",
        resource,
        owner,
    )
