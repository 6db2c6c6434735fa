"""Names for identities, so that no signature takes a bare string."""

from typing import NewType
from uuid import UUID

import uuid_utils.compat

UserId = NewType("UserId", str)
RequestId = NewType("RequestId", UUID)
JobId = NewType("JobId", UUID)
HaikuId = NewType("HaikuId", UUID)
UploadId = NewType("UploadId", UUID)
ArtifactId = NewType("ArtifactId", str)
StorageKey = NewType("StorageKey", str)


def new_id() -> UUID:
    """A UUIDv7 made in the app: ordered by time, and no sequence that would pin a database proxy."""
    return uuid_utils.compat.uuid7()
