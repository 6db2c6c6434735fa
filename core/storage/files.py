"""Files in a folder of this machine, served by the api behind links that are signed and expire."""

import asyncio
import base64
import errno
import hashlib
import hmac
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Self
from urllib.parse import quote

import msgspec
from msgspec import Struct

from core.contracts.ids import ArtifactId, StorageKey
from core.errors import Forbidden, Misconfigured, NotFound, TooLarge
from core.storage import SignedForm, SignedLink, check_key

CLOSED = "The folder of files takes none. That is a fault of ours, and was written down."
LOOK_AT = "KOTONOHA_MEDIA_DIR: a folder that this user may write to, on a disk that can be written"

_FOREVER = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""What no waiting mends, other than a disk that is full."""


class Permit(Struct, frozen=True):
    """What a signed form allows: one file, as S3's POST policy would say it."""

    key: StorageKey
    media_type: str
    most_bytes: int
    expires: int


class Files:
    """A Storage in one folder. `secret` signs the links: whoever knows it can open everything."""

    def __init__(self, folder: Path, public_url: str, secret: str) -> None:
        self._folder = folder
        self._public_url = public_url.rstrip("/")
        self._secret = secret.encode()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """There is nothing to close."""

    async def put(self, key: StorageKey, content: bytes, media_type: str) -> None:
        # The media type is kept in the artifact's row and told by the suffix; a folder has no place for it.
        try:
            await asyncio.to_thread(_write, self.path(key), content)
        except OSError as error:
            if error.errno in _FOREVER:
                raise Misconfigured(CLOSED, f"{self._folder}: {error.strerror}", LOOK_AT) from error
            raise

    async def get(self, key: StorageKey, most_bytes: int | None = None) -> bytes:
        try:
            return await asyncio.to_thread(_read, self.path(key), most_bytes)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise NotFound(f"There is no file {key}.") from error

    async def delete(self, key: StorageKey) -> None:
        await asyncio.to_thread(_remove, self.path(key))

    async def exists(self, key: StorageKey) -> bool:
        return await asyncio.to_thread(self.path(key).is_file)

    def path(self, key: StorageKey) -> Path:
        """Where the file of this key is or would be. Raises Invalid for a key that would leave the folder."""
        check_key(key)
        return self._folder / key

    async def link(self, key: StorageKey, artifact: ArtifactId, lasts: timedelta) -> SignedLink:
        self.path(key)
        expires = int((datetime.now(UTC) + lasts).timestamp())
        url = f"{self._public_url}/media/{quote(artifact, safe='')}"
        return SignedLink(
            url=f"{url}?expires={expires}&signature={self._signature(artifact, expires)}",
            expires_at=datetime.fromtimestamp(expires, UTC),
        )

    async def form(self, key: StorageKey, media_type: str, most_bytes: int, lasts: timedelta) -> SignedForm:
        """Posted to the api, which keeps the rules that S3 keeps for a bucket."""
        check_key(key)
        expires = int((datetime.now(UTC) + lasts).timestamp())
        policy = base64.b64encode(msgspec.json.encode(Permit(key, media_type, most_bytes, expires))).decode()
        fields = {"key": key, "Content-Type": media_type, "policy": policy, "signature": self._sign(f"form\n{policy}")}
        return SignedForm(f"{self._public_url}/uploads", fields, datetime.fromtimestamp(expires, UTC))

    def read_permit(self, policy: str, signature: str, now: datetime) -> Permit:
        """Raises Forbidden for a form that is forged, altered or expired."""
        if not hmac.compare_digest(self._sign(f"form\n{policy}").encode(), signature.encode(errors="replace")):
            raise Forbidden("This form was not signed here.")
        permit = msgspec.json.decode(base64.b64decode(policy), type=Permit)
        if now.timestamp() >= permit.expires:
            raise Forbidden("This form has expired; ask for another.")
        return permit

    def verify(self, artifact: ArtifactId, expires: int, signature: str, now: datetime) -> None:
        """Raises NotFound, and says no more, for a link that is forged, altered or expired."""
        signed = hmac.compare_digest(self._signature(artifact, expires).encode(), signature.encode())
        if not signed or now.timestamp() >= expires:
            raise NotFound

    def _signature(self, artifact: ArtifactId, expires: int) -> str:
        return self._sign(f"{artifact}\n{expires}")

    def _sign(self, text: str) -> str:
        digest = hmac.digest(self._secret, text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _read(path: Path, most_bytes: int | None) -> bytes:
    with path.open("rb") as file:
        content = file.read() if most_bytes is None else file.read(most_bytes + 1)
    if most_bytes is not None and len(content) > most_bytes:
        raise TooLarge(f"The file has more than {most_bytes} bytes.")
    return content


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A file under its last name is always whole: it is written aside, made durable, then renamed in one step.
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as unfinished:
        try:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            Path(unfinished.name).replace(path)
        except BaseException:
            Path(unfinished.name).unlink(missing_ok=True)
            raise


def _remove(path: Path) -> None:
    if path.is_file():
        path.unlink(missing_ok=True)
