"""The rows of uploads: whose they are, and when somebody asked to have them checked."""

from datetime import datetime

from msgspec import Struct

from core.contracts.ids import UploadId, UserId
from core.db.erase import erase_resource
from core.db.pool import Connection


class UploadRow(Struct, frozen=True):
    """Leave to upload one picture, before the requests made for it are folded into it."""

    id: UploadId
    created_at: datetime


async def insert_upload(db: Connection, upload: UploadId, owner: UserId) -> None:
    await db.execute("INSERT INTO street.uploads (id, owner) VALUES ($1, $2)", upload, owner)


async def find_upload(db: Connection, upload: UploadId, owner: UserId) -> UploadRow | None:
    row = await db.fetchrow("SELECT id, created_at FROM street.uploads WHERE id = $1 AND owner = $2", upload, owner)
    return UploadRow(UploadId(row["id"]), row["created_at"]) if row else None


async def lock_upload(db: Connection, upload: UploadId, owner: UserId) -> UploadRow | None:
    """The same, held until the transaction ends: two asks to check it take turns."""
    row = await db.fetchrow("SELECT id, created_at FROM street.uploads WHERE id = $1 AND owner = $2 FOR UPDATE", upload, owner)
    return UploadRow(UploadId(row["id"]), row["created_at"]) if row else None


async def mark_asked(db: Connection, upload: UploadId) -> None:
    await db.execute("UPDATE street.uploads SET asked_at = clock_timestamp() WHERE id = $1", upload)


async def delete_upload(db: Connection, upload: UploadId, owner: UserId) -> None:
    """With what was made of it. Must run inside a transaction, after its open requests were stopped."""
    await erase_resource(db, upload, owner)
    await db.execute("DELETE FROM street.uploads WHERE id = $1 AND owner = $2", upload, owner)
