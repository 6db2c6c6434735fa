"""What a learner spent today outlives their erasure, under a name that is a hash with a key of this day and goes with it."""

import secrets

from core.contracts.ids import UserId
from core.db.pool import Connection

KEY_BYTES = 32


async def erase_spend(db: Connection, owner: UserId) -> None:
    """Not while requests of theirs are there, which were asked for meanwhile: these still spend under their own name. Must run
    inside a transaction in which they `wait_to_ask`."""
    await db.execute(
        """
        WITH gone AS (
            DELETE FROM street.spend
             WHERE owner = $1 AND NOT EXISTS (SELECT FROM street.requests WHERE owner = $1)
            RETURNING day, microusd
        ), today AS (
            SELECT day, microusd FROM gone WHERE day = (statement_timestamp() AT TIME ZONE 'UTC')::date AND microusd > 0
        ), key AS (
            INSERT INTO street.erasure_keys AS k (day, key) SELECT day, $2 FROM today
            -- Whoever is first makes it, and the others are told it.
            ON CONFLICT (day) DO UPDATE SET key = k.key
            RETURNING day, key
        )
        INSERT INTO street.erased_spend AS e (day, name, microusd)
        SELECT day, sha256(key || convert_to($1, 'UTF8')), microusd FROM today JOIN key USING (day)
        ON CONFLICT (day, name) DO UPDATE SET microusd = e.microusd + excluded.microusd""",
        owner,
        secrets.token_bytes(KEY_BYTES),
    )


async def reclaim_spend(db: Connection, owner: UserId) -> None:
    """Whoever erased themselves today and comes back has spent what they had spent, and under their own name again."""
    await db.execute(
        """
        WITH back AS (
            DELETE FROM street.erased_spend e USING street.erasure_keys k
             WHERE k.day = (statement_timestamp() AT TIME ZONE 'UTC')::date
               AND e.day = k.day AND e.name = sha256(k.key || convert_to($1, 'UTF8'))
            RETURNING e.day, e.microusd
        )
        INSERT INTO street.spend AS s (owner, day, microusd) SELECT $1, day, microusd FROM back
        ON CONFLICT (owner, day) DO UPDATE SET microusd = s.microusd + excluded.microusd""",
        owner,
    )
