"""Files by key, whatever holds them. Only keys are kept in rows; links are made when someone looks."""

import hashlib
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from core.contracts.ids import ArtifactId, StorageKey, UserId
from core.errors import Invalid

_SUFFIXES = {"image/png": ".png", "audio/mpeg": ".mp3"}


class SignedLink(Struct, frozen=True):
    """A URL anyone may open until `expires_at`, and nobody after it."""

    url: str
    expires_at: datetime


class Storage(Protocol):
    """Where the bytes of artifacts live. Every method raises Invalid for a key that would leave its place."""

    async def put(self, key: StorageKey, content: bytes, media_type: str) -> None:
        """Whole or not at all: readers see what was there before or this. Putting the same again is fine."""
        ...

    async def get(self, key: StorageKey) -> bytes:
        """Raises NotFound."""
        ...

    async def delete(self, key: StorageKey) -> None:
        """What is not there is deleted already."""
        ...

    async def exists(self, key: StorageKey) -> bool: ...

    def link(self, key: StorageKey, artifact: ArtifactId, lasts: timedelta) -> SignedLink:
        """Asks nobody whether the file exists or who looks: check the owner first."""
        ...


def artifact_of(owner: UserId, input_hash: str) -> ArtifactId:
    """The same ask of the same learner is the same file, whichever job makes it."""
    return ArtifactId(hashlib.sha256(f"{owner}\n{input_hash}".encode()).hexdigest())


def possible_keys(owner: UserId, artifact: ArtifactId) -> list[StorageKey]:
    """Where its file may be when nobody wrote down what it is."""
    return [artifact_key(owner, artifact, media_type) for media_type in _SUFFIXES]


def artifact_key(owner: UserId, artifact: ArtifactId, media_type: str) -> StorageKey:
    """Where an artifact lives; two owners never share a file. Raises Invalid for a media type no tool makes."""
    if media_type not in _SUFFIXES:
        raise Invalid(f"Artifacts are {' or '.join(_SUFFIXES)}, not {media_type}.")
    digest = hashlib.sha256(f"{owner}\n{artifact}".encode()).hexdigest()
    return StorageKey(f"artifacts/{digest[:2]}/{digest}{_SUFFIXES[media_type]}")
