"""What operators looked at and did, written down before it is done."""

from typing import Any
from uuid import UUID

import msgspec

from core.contracts.ids import UserId, new_id
from core.contracts.ops import Action, Audited
from core.db.pool import Connection
from core.db.rows import to_json


async def insert_look(db: Connection, operator: UserId, action: Action, wanted: Any, matched: int) -> None:
    """`wanted` is whatever says what was looked for."""
    await db.execute(
        """
        INSERT INTO street.audit (id, operator, action, filter, matched, changed) VALUES ($1, $2, $3, $4, $5, 0)""",
        new_id(),
        operator,
        action,
        to_json(wanted),
        matched,
    )


async def insert_act(
    db: Connection, operator: UserId, action: Action, wanted: Any, reason: str, matched: int, *, dry_run: bool
) -> UUID:
    """Returns its id, for `mark_act_done` once it is done; a dry run is done already."""
    act = new_id()
    await db.execute(
        """
        INSERT INTO street.audit (id, operator, action, filter, reason, dry_run, matched, changed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $6 THEN 0 END)""",
        act,
        operator,
        action,
        to_json(wanted),
        reason,
        dry_run,
        matched,
    )
    return act


async def mark_act_done(db: Connection, act: UUID, changed: int) -> None:
    await db.execute("UPDATE street.audit SET changed = $2 WHERE id = $1", act, changed)


async def list_audit(db: Connection, limit: int, before: UUID | None = None) -> list[Audited]:
    """Newest first."""
    rows = await db.fetch(
        """
        SELECT id, at, operator, action, filter, reason, dry_run, matched, changed
          FROM street.audit WHERE $2::uuid IS NULL OR id < $2 ORDER BY id DESC LIMIT $1""",
        limit,
        before,
    )
    return [Audited(**{**row, "filter": msgspec.json.decode(row["filter"])}) for row in map(dict, rows)]
