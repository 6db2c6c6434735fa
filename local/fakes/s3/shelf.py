"""Objects as files: what the bucket holds is written down as it comes, and put back when the server starts again."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from local.home import write_whole

KEPT_HEADERS = frozenset({"content-type", "cache-control", "content-disposition"})


class Kept(Struct, frozen=True):
    """One object. Its body lies beside it, under the same name."""

    key: str
    headers: dict[str, str]


class Shelf:
    """A folder with two files an object. One write at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._turn = threading.Lock()

    def put(self, key: str, headers: dict[str, str], body: bytes) -> None:
        kept = {name: value for name, value in headers.items() if name in KEPT_HEADERS or name.startswith("x-amz-meta-")}
        with self._turn:
            # An object is there once its headers are: they come last, and leave first.
            write_whole(self._path(key, "body"), body)
            write_whole(self._path(key, "json"), msgspec.json.encode(Kept(key, kept)))

    def drop(self, key: str) -> None:
        with self._turn:
            self._path(key, "json").unlink(missing_ok=True)
            self._path(key, "body").unlink(missing_ok=True)

    def all(self) -> Iterator[tuple[Kept, bytes]]:
        for path in sorted(self._folder.glob("*.json")):
            yield msgspec.json.decode(path.read_bytes(), type=Kept), path.with_suffix(".body").read_bytes()

    def keys(self) -> set[str]:
        with self._turn:
            return {msgspec.json.decode(path.read_bytes(), type=Kept).key for path in self._folder.glob("*.json")}

    def _path(self, key: str, suffix: str) -> Path:
        return self._folder / f"{sha256(key.encode()).hexdigest()}.{suffix}"
