"""Files that were paid for: found by hash, never by a path somebody sent."""

import msgspec
from msgspec import Struct

from core.contracts.ids import ArtifactId, StorageKey, UserId
from core.contracts.job import Paid, StoredFile
from core.db.pool import Connection


class Artifact(Struct, frozen=True):
    """A file that was paid for once, with the result that describes it."""

    hash: ArtifactId
    owner: UserId
    storage_key: StorageKey
    media_type: str
    bytes: int
    sha256: str
    result: msgspec.Raw
    paid: Paid


async def find_file(db: Connection, artifact: ArtifactId) -> StoredFile | None:
    row = await db.fetchrow("SELECT hash, storage_key, media_type, bytes FROM street.artifacts WHERE hash = $1", artifact)
    if row is None:
        return None
    return StoredFile(ArtifactId(row["hash"]), StorageKey(row["storage_key"]), row["media_type"], row["bytes"])


async def list_storage_keys(db: Connection, artifacts: list[ArtifactId], owner: UserId) -> dict[ArtifactId, StorageKey]:
    """Where these artifacts of one learner are kept; one that is gone has no entry."""
    rows = await db.fetch("SELECT hash, storage_key FROM street.artifacts WHERE hash = ANY($1) AND owner = $2", artifacts, owner)
    return {ArtifactId(row["hash"]): StorageKey(row["storage_key"]) for row in rows}


async def forget_file(db: Connection, artifact: ArtifactId) -> None:
    await db.execute("DELETE FROM street.artifacts WHERE hash = $1", artifact)
