"""PostgreSQL refuses to run as root, or as a user without a name: become somebody else for it, without making an account."""

import os
import pwd
import subprocess
from pathlib import Path

from core.errors import Refused

NOBODY = 65534
# Inside the namespace we are 65534, outside still root: every path stays reachable, even below a 0700 /root.
UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")
# For containers whose seccomp profile forbids user namespaces.
SETPRIV = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")


def choose_prefix() -> tuple[str, ...]:
    """What to put before a command of PostgreSQL's."""
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return ()
    for prefix in (UNSHARE, SETPRIV):
        if _works(*prefix, "true"):
            return prefix
    raise Refused(
        "PostgreSQL runs neither as root nor as a user without an entry in /etc/passwd, and neither unshare nor setpriv "
        "work here. Run kotonoha as an ordinary user."
    )


def give_away(folder: Path, prefix: tuple[str, ...]) -> None:
    """Make a folder of ours usable behind this prefix. Raises Refused when a folder above it, not ours to open, is closed."""
    if prefix != SETPRIV:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    # The home itself is ours: let others pass through it, not read it.
    folder.parent.chmod(0o711)
    if not _works(*prefix, "test", "-w", str(folder)):
        raise Refused(
            f"PostgreSQL, which cannot run as root, cannot reach {folder}. "
            "Choose a folder open to everybody, for example --home /var/tmp/kotonoha, or run kotonoha as an ordinary user."
        )


def _has_name(user: int) -> bool:
    """Containers like to start with a number that /etc/passwd has never heard of."""
    try:
        return bool(pwd.getpwuid(user))
    except KeyError:
        return False


def _works(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603  our own command
    except FileNotFoundError:
        return False
