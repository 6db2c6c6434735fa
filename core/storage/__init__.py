"""Files by key, whatever holds them. Only keys are kept in rows; links are made when someone looks."""

import hashlib
import re
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self
from uuid import uuid4

from msgspec import Struct

from core.contracts.ids import ArtifactId, StorageKey, UploadId, UserId
from core.errors import Invalid

# No part starts with a dot: that leaves out "..", and files that are not finished yet.
_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")

_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "audio/mpeg": ".mp3"}


class SignedLink(Struct, frozen=True):
    """A URL anyone may open until `expires_at`, and nobody after it."""

    url: str
    expires_at: datetime


class SignedForm(Struct, frozen=True):
    """A form anyone may post one file with until `expires_at`: these fields first, then `file`, as multipart/form-data."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class Storage(Protocol):
    """Where the bytes of artifacts live, between entering and leaving it.

    Every method raises Invalid for a key that would leave its place, Unavailable or OSError while there is no way to it, and
    Misconfigured while there will be none until a person changes a setting.
    """

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def put(self, key: StorageKey, content: bytes, media_type: str) -> None:
        """Whole or not at all: readers see what was there before or this. Putting the same again is fine."""
        ...

    async def get(self, key: StorageKey, most_bytes: int | None = None) -> bytes:
        """Raises NotFound, and TooLarge, without having read it all, for a file of more than `most_bytes`."""
        ...

    async def delete(self, key: StorageKey) -> None:
        """What is not there is deleted already."""
        ...

    async def exists(self, key: StorageKey) -> bool: ...

    async def link(self, key: StorageKey, artifact: ArtifactId, lasts: timedelta) -> SignedLink:
        """Asks nobody whether the file exists or who looks: check the owner first."""
        ...

    async def form(self, key: StorageKey, media_type: str, most_bytes: int, lasts: timedelta) -> SignedForm:
        """For one file of at least one byte, to be stored under this key as this type. Asks nobody either."""
        ...


def trial_key(media_type: str) -> StorageKey:
    """Where a file of this type is tried out: among those that are made, under a name that nothing ever had."""
    return StorageKey(f"artifacts/{media_type.partition('/')[0]}/probe/{uuid4().hex}{_SUFFIXES[media_type]}")


async def try_out(storage: Storage, media_type: str) -> None:
    """Put an empty file where files of this type are put, and delete it. Raises what these raise."""
    key = trial_key(media_type)
    await storage.put(key, b"", media_type)
    await storage.delete(key)


def check_key(key: StorageKey) -> None:
    """Raises Invalid for a key that would leave its place."""
    if not _KEY.fullmatch(key):
        raise Invalid(f"{key!r} is not a storage key.")


def artifact_of(owner: UserId, input_hash: str) -> ArtifactId:
    """The same ask of the same learner is the same file, whichever job makes it."""
    return ArtifactId(hashlib.sha256(f"{owner}\n{input_hash}".encode()).hexdigest())


def possible_keys(owner: UserId, artifact: ArtifactId) -> list[StorageKey]:
    """Where its file may be when nobody wrote down what it is. A worker of the version before wrote to one folder for all."""
    of_all = [StorageKey(f"artifacts/{_place(owner, artifact)}{suffix}") for suffix in _SUFFIXES.values()]
    return [*(artifact_key(owner, artifact, media_type) for media_type in _SUFFIXES), *of_all]


def artifact_key(owner: UserId, artifact: ArtifactId, media_type: str) -> StorageKey:
    """Where an artifact lives: pictures and recordings apart, for each worker may write its own alone. Two owners never share a
    file. Raises Invalid for a media type no tool makes."""
    if media_type not in _SUFFIXES:
        raise Invalid(f"Artifacts are {' or '.join(_SUFFIXES)}, not {media_type}.")
    return StorageKey(f"artifacts/{media_type.partition('/')[0]}/{_place(owner, artifact)}{_SUFFIXES[media_type]}")


def _place(owner: UserId, artifact: ArtifactId) -> str:
    digest = hashlib.sha256(f"{owner}\n{artifact}".encode()).hexdigest()
    return f"{digest[:2]}/{digest}"


def quarantine_key(owner: UserId, upload: UploadId) -> StorageKey:
    """Where an upload waits to be checked. A place of its own, for rules of its own: who may read there, and how long it lies."""
    digest = hashlib.sha256(f"{owner}\n{upload}".encode()).hexdigest()
    return StorageKey(f"quarantine/{digest}")
