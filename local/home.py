"""The folder one machine's Kotonoha lives in: rows, media, secrets, logs and the record of what runs."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import Refused

VARIABLE = "KOTONOHA_HOME"


@dataclass(frozen=True)
class Home:
    """Paths only; nothing is made before `make` or `secret`."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def valkey_settings(self) -> Path:
        """Beside its data, not among it: whoever throws the data away should still get a Valkey."""
        return self.path / "valkey.conf"

    @property
    def media(self) -> Path:
        return self.path / "media"

    @property
    def s3(self) -> Path:
        return self.path / "s3"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def state(self) -> Path:
        return self.path / "state.json"

    @property
    def store(self) -> Path:
        """Which store has the files that the rows name."""
        return self.path / "store.json"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def issuer(self) -> Path:
        """The issuer of the last start, so that `kotonoha token` can speak for a stopped platform."""
        return self.path / "issuer"

    def make(self) -> None:
        """Raises Refused when the folder cannot be ours."""
        if self.path.exists() and self.path.stat().st_uid != os.geteuid():
            # Also for root, who could: what it writes there its owner could not read any more.
            raise Refused(f"{self.path} belongs to {_owner(self.path)}. Run kotonoha as them, or choose another with --home.")
        try:
            for folder in (self.path, self.valkey, self.media, self.logs, self.secrets):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(
                f"{error.filename or self.path} cannot be made: {error.strerror}. Choose another with --home."
            ) from error

    def secret(self, name: str) -> str:
        """Made at the first asking, the same ever after."""
        return write_once(self.secrets / name, lambda: secrets.token_urlsafe(32).encode()).decode()


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"


def find_home(given: str | None) -> Home:
    """Raises Refused where no folder can ever be."""
    home = Home(Path(given or os.environ.get(VARIABLE) or ".kotonoha").expanduser().absolute())
    for path in (home.path, *home.path.parents):
        if path.exists() and not path.is_dir():
            raise Refused(f"{path} is a file, not a folder. Choose another with --home.")
    return home


def write_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """Read a private file, written first if absent. Two writers at once agree on one content."""
    if not path.exists():
        draft = _draft(path, make())
        # link() refuses an existing name, where rename() would replace what the other writer already uses.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_bytes()


def write_whole(path: Path, content: bytes) -> None:
    """Replace a private file (0600) so that no reader ever sees half of it."""
    _draft(path, content).replace(path)


def _draft(path: Path, content: bytes) -> Path:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        draft = Path(file.name)
    try:
        draft.write_bytes(content)
    except OSError as error:
        draft.unlink()
        # Of a full disk the kernel says what, and not where.
        raise OSError(error.errno, error.strerror, str(path)) from error
    return draft
