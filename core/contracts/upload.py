"""An upload: a picture somebody sends us, kept apart until it was checked."""

from typing import ClassVar, Literal

from msgspec import Struct

from core.contracts.ids import StorageKey, UploadId
from core.contracts.job import Ask, Queue

UPLOAD_MAX_BYTES = 8 * 1024 * 1024
UPLOAD_MAX_PIXELS = 12_000_000

PictureType = Literal["image/png", "image/jpeg", "image/webp"]


class Check(Ask, frozen=True):
    """Make sure that an upload is a picture, and make a clean one of it. `key` is where it waits."""

    kind: ClassVar[str] = "upload.check"
    queue: ClassVar[Queue] = "image"

    upload: UploadId
    key: StorageKey


class Checked(Struct, frozen=True):
    """The clean picture, a JPEG; the bytes are the job's artifact. `came_as` is what was found, whatever it was called."""

    width: int
    height: int
    came_as: PictureType
