"""`kotonoha status`: what runs in a home right now."""

import argparse
import sys

import msgspec
from msgspec import Struct

from local.command import command
from local.home import Home, find_home
from local.pids import is_alive
from local.state import State, find_running, find_state
from local.store import find_store


class PartStatus(Struct, frozen=True):
    """What --json shows of one part; `port` is null for those nobody connects to."""

    name: str
    pid: int
    port: int | None


def run(asked: argparse.Namespace) -> int:
    home = find_home(asked.home)
    parts = list_parts(home)
    sys.stdout.write(f"{msgspec.json.encode(parts).decode()}\n" if asked.json else _describe(home, parts))
    return 0 if parts else 1


def list_parts(home: Home) -> list[PartStatus]:
    """Only those that live this moment; one that is just being started again is missing for that while."""
    state = find_state(home)
    alive = [part for part in state.parts if is_alive(part.pid, part.started)] if state else []
    return [PartStatus(part.name, part.pid, part.port) for part in alive]


def _describe(home: Home, parts: list[PartStatus]) -> str:
    if not parts:
        return f"Nothing runs in {home.path}. Start it: {command(home, 'up')}\n"
    rows = [f"  {part.name:<10}  pid {part.pid:<8}{f'port {part.port}' if part.port else ''}".rstrip() for part in parts]
    return "\n".join([_heading(home, find_running(home)), "", *rows, ""])


def _heading(home: Home, state: State | None) -> str:
    if state is None:
        return f"What a killed Kotonoha left in {home.path}. End it: {command(home, 'down')}"
    store = find_store(home)
    made_with = f", --providers {store.providers}" if store else ""
    return f"Kotonoha runs in {home.path} (supervisor: pid {state.pid}{made_with}), API at {state.api}"
