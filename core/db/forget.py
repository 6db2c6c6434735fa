"""Forget a learner: every row that is theirs goes, and nothing that counts keeps their name. Money: erased_spend.py."""

from core.contracts.ids import StorageKey, UserId
from core.contracts.job import QUEUES
from core.db.pool import Connection

TOMBSTONE = "erased"


async def list_inputs(db: Connection, owner: UserId) -> list[str]:
    """The hashes of asks that were begun and came to no artifact: a worker may have died with the file already stored."""
    rows = await db.fetch(
        "SELECT DISTINCT input_hash FROM street.jobs WHERE owner = $1 AND epoch > 0 AND artifact IS NULL", owner
    )
    return [row["input_hash"] for row in rows]


async def give_up_files(db: Connection, owner: UserId, perhaps: list[StorageKey]) -> None:
    """Everything that is kept for a learner becomes litter, which workers delete, and so does what is perhaps there."""
    await db.execute(
        """
        WITH gone AS (
            DELETE FROM street.artifacts WHERE owner = $1 RETURNING storage_key
        )
        INSERT INTO street.litter (storage_key) SELECT storage_key FROM gone UNION SELECT unnest($2::text[])
        ON CONFLICT (storage_key) DO UPDATE SET due_at = excluded.due_at""",
        owner,
        perhaps,
    )


async def delete_requests_of(db: Connection, owner: UserId, limit: int = 200) -> int:
    """Requests that are over, with their jobs, events and calls. Must run inside a transaction; returns how many went."""
    found = [
        row["id"]
        for row in await db.fetch(
            """
            SELECT id FROM street.requests WHERE owner = $1 AND finished_at IS NOT NULL
             ORDER BY id LIMIT $2 FOR UPDATE""",
            owner,
            limit,
        )
    ]
    # In the order of the triggers, as everybody locks them: jobs that go are counted too.
    await db.execute(
        "SELECT FROM street.shares WHERE queue = ANY($1) AND owner = $2 ORDER BY queue DESC FOR UPDATE", QUEUES, owner
    )
    await db.execute("DELETE FROM street.requests WHERE id = ANY($1)", found)
    return len(found)


async def delete_rest_of(db: Connection, owner: UserId) -> None:
    """Whatever else bears the learner's name. Must run inside a transaction, after the requests are gone."""
    # Two statements, for there is an index for each.
    await db.execute("DELETE FROM haiku.haikus WHERE owner = $1 AND deleted_at IS NULL", owner)
    await db.execute("DELETE FROM haiku.haikus WHERE owner = $1 AND deleted_at IS NOT NULL", owner)
    await db.execute("DELETE FROM street.uploads WHERE owner = $1", owner)
    await db.execute("DELETE FROM street.tickets WHERE owner = $1", owner)
    # Not if something was asked for meanwhile: it is counted there.
    await db.execute(
        "DELETE FROM street.shares WHERE queue = ANY($1) AND owner = $2 AND waiting = 0 AND running = 0", QUEUES, owner
    )
    # What operators did stays written down; for whom does not.
    await db.execute(
        """
        UPDATE street.audit SET filter = jsonb_set(filter, '{owner}', to_jsonb($2::text))
         WHERE filter ? 'owner' AND filter ->> 'owner' = $1""",
        owner,
        TOMBSTONE,
    )
