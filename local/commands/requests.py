"""`kotonoha requests`: what a learner asked for, how it goes, and what to do about it."""

import argparse
import sys
from contextlib import aclosing
from typing import Any
from urllib.parse import urlencode

import msgspec

from core.errors import Unavailable
from local.caller import Caller, calling
from local.command import command
from local.follow import follow
from local.home import Home, find_home
from local.ledger import Ledger
from local.state import State, find_running
from local.stopping import run_until_told
from local.tokens import token_for


def run(asked: argparse.Namespace) -> int:
    home = find_home(asked.home)
    return run_until_told(requests(_running_in(home), token_for(home, asked.user), asked))


async def requests(state: State, token: str, asked: argparse.Namespace) -> int:
    async with calling(state.api, token) as caller:
        match asked.action:
            case "list":
                return await _list(caller, asked)
            case "follow":
                return await _follow(caller, asked)
            case "show":
                return _show(await caller.read(_path(asked)), asked)
            case action:
                return _show(await caller.act(f"{_path(asked)}/{action}"), asked)


async def _list(caller: Caller, asked: argparse.Namespace) -> int:
    filters = {"product": asked.product, "status": asked.status, "limit": asked.limit}
    page = await caller.read(f"/api/requests?{urlencode({name: value for name, value in filters.items() if value})}")
    if asked.json:
        _print(page)
    else:
        Ledger().list_requests(page["items"], more=page["next"] is not None)
    return 0


async def _follow(caller: Caller, asked: argparse.Namespace) -> int:
    """To the end; leaving early cancels nothing."""
    request = await caller.read(_path(asked))
    ledger = Ledger()
    async with aclosing(follow(caller.http, request["links"]["events"])) as events:
        async for event in events:
            if asked.json:
                _print(event)
            elif event.seq is not None:
                ledger.tell(event)
    return 0 if (await caller.read(_path(asked)))["status"] == "succeeded" else 1


def _show(request: dict[str, Any], asked: argparse.Namespace) -> int:
    if asked.json:
        _print(request)
    else:
        Ledger().show_request(request)
    return 0


def _path(asked: argparse.Namespace) -> str:
    return f"/api/requests/{asked.id}"


def _running_in(home: Home) -> State:
    state = find_running(home)
    if state is None:
        raise Unavailable(f"Nothing runs in {home.path}. Start it: {command(home, 'up')}")
    return state


def _print(whole: Any) -> None:
    sys.stdout.write(f"{msgspec.json.encode(whole).decode()}\n")
    sys.stdout.flush()
