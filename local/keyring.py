"""The secrets of a home: what is wrong with one, and what to do then."""

import os
from pathlib import Path
from typing import NamedTuple

from core.errors import Refused
from local.command import chmod, command
from local.home import Home

ROWS, SIGNING = "postgres", "signing.pem"
COST = {
    "links": "links to pictures and recordings that were handed out stop working",
    "refresh": "everybody signs in once more",
    SIGNING: "everybody signs in once more",
    "valkey": "nothing is lost",
}
"""By name, what it costs to let the next start make another."""


class Flaw(NamedTuple):
    """One secret that cannot be used, and the way on."""

    says: str
    advice: str


def find_flaws(home: Home) -> list[Flaw]:
    """A secret that is not there yet is made, except for the one that opens rows which are."""
    if home.secrets.exists() and not os.access(home.secrets, os.R_OK | os.X_OK):
        return [Flaw(f"{home.secrets} is closed", _way_to_read(home.secrets, "u+rwx"))]
    flaws = [flaw for name in COST if (flaw := find_flaw(home, name))]
    path = home.secrets / ROWS
    if home.postgres.exists() and not path.exists():
        return [Flaw(f"{path}, which opens the rows in {home.postgres}, is missing", _way_to_rows(home)), *flaws]
    return flaws if (flaw := find_flaw(home, ROWS)) is None else [flaw, *flaws]


def find_flaw(home: Home, name: str) -> Flaw | None:
    path = home.secrets / name
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return Flaw(f"{path} cannot be read: {error.strerror}", _way_to_read(path))
    if not content.strip():
        return Flaw(f"{path} is empty", _way_on(home, name))
    if name == SIGNING and not content.startswith(b"-----BEGIN"):
        return Flaw(f"{path} holds no key", _way_on(home, name))
    return None


def refuse_flaws(home: Home) -> None:
    """Raises Refused, with the way on, for the first that cannot be used."""
    for flaw in find_flaws(home):
        raise Refused(f"{flaw.says}. {flaw.advice}")


def refuse_flaw(home: Home, name: str) -> None:
    """Raises Refused, with the way on, when this one is there and cannot be used."""
    if flaw := find_flaw(home, name):
        raise Refused(f"{flaw.says}. {flaw.advice}")


def _way_on(home: Home, name: str) -> str:
    if name == ROWS and home.postgres.exists():
        return _way_to_rows(home)
    return f"Delete it, and the next start makes another; {COST.get(name, 'nothing is lost')}."


def _way_to_rows(home: Home) -> str:
    """Nobody can read them without it, so that only a copy helps."""
    return f"Put a copy of it back. Without one, begin afresh: delete it if it is there, then {command(home, 'reset')}"


def _way_to_read(path: Path, rights: str = "u+r") -> str:
    try:
        is_ours = path.stat().st_uid == os.geteuid()
    except OSError:
        is_ours = False
    return f"Open it to yourself: {chmod(rights, path)}" if is_ours else "Run as the user who made it."
