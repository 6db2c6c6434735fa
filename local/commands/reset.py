"""`kotonoha reset`: begin afresh. Rows, files and logs go; secrets stay, so that tokens and sign-ins go on working."""

import argparse
import shutil
import sys
from pathlib import Path

import msgspec

from core.errors import Conflict, NotFound, Refused
from local.claim import claim_now
from local.command import command
from local.home import Home, find_home
from local.pids import is_alive
from local.state import find_state, forget_state


def run(asked: argparse.Namespace) -> int:
    home = find_home(asked.home)
    if not home.secrets.is_dir():
        raise NotFound(f"There is no Kotonoha in {home.path}.")
    with claim_now(home) as ours:
        if not ours or _has_survivors(home):
            raise Conflict(f"Something runs in {home.path}. Stop it first: {command(home, 'down')}")
        if not asked.yes and not _agreed(home, asked):
            sys.stdout.write("Nothing was deleted.\n")
            return 1
        doomed = [path for path in (home.postgres, home.valkey, home.media, home.s3, home.logs) if path.exists()]
        size = sum(_bytes(path) for path in doomed)
        for path in doomed:
            shutil.rmtree(path)
        # Last: what is deleted only half is still kept where it was.
        home.store.unlink(missing_ok=True)
        forget_state(home)
    _tell(home, doomed, size, asked)
    return 0


def _has_survivors(home: Home) -> bool:
    """What a killed supervisor left behind; `kotonoha down` ends it, and nothing does so unasked."""
    state = find_state(home)
    return state is not None and any(is_alive(part.pid, part.started) for part in state.parts)


def _agreed(home: Home, asked: argparse.Namespace) -> bool:
    if asked.json or not sys.stdin.isatty():
        raise Refused("Nobody can be asked here. Say --yes to delete everything.")
    try:
        sys.stdout.write(f"This deletes every haiku, picture and recording in {home.path}. Type yes to go on: ")
        sys.stdout.flush()
        return sys.stdin.readline().strip().lower() == "yes"
    except KeyboardInterrupt:
        sys.stdout.write("\nNothing was deleted.\n")
        raise


def _tell(home: Home, deleted: list[Path], size: int, asked: argparse.Namespace) -> None:
    if asked.json:
        answer = {"home": str(home.path), "deleted": [path.name for path in deleted], "bytes": size}
        sys.stdout.write(f"{msgspec.json.encode(answer).decode()}\n")
    elif deleted:
        sys.stdout.write(f"Deleted {size / 1e6:.0f} MB in {home.path}. Secrets stay. Begin afresh: {command(home, 'up')}\n")
    else:
        sys.stdout.write(f"There was nothing left to delete in {home.path}.\n")


def _bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
