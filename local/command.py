"""How this very command can be called again: what a message tells people to type must work when it is pasted."""

import shlex
import shutil
import sys
from pathlib import Path

from local.home import Home


def command(home: Home, words: str, argument: str = "") -> str:
    """For example `.venv/bin/kotonoha down --home /srv/kotonoha`; the home is left out where it is the usual one."""
    usual = home.path == Path.cwd() / ".kotonoha"
    where = "" if usual else f"--home {shlex.quote(str(home.path))}"
    return " ".join(filter(None, (own_name(), words, argument, where)))


def where_to_ask(home: Home) -> str:
    """Last in a message of what nobody could foresee."""
    return f"What is wrong here, and what to do, says: {command(home, 'doctor')}"


def chmod(rights: str, *paths: Path) -> str:
    return shlex.join(["chmod", rights, *map(str, paths)])


def own_name() -> str:
    """`kotonoha` when the shell would find it, else its path."""
    me = Path(sys.argv[0])
    if me.name != "kotonoha":
        return "kotonoha"
    found = shutil.which("kotonoha")
    if found and me.exists() and Path(found).samefile(me):
        return "kotonoha"
    nearby = me.absolute()
    return shlex.quote(str(nearby.relative_to(Path.cwd()) if nearby.is_relative_to(Path.cwd()) else nearby))
