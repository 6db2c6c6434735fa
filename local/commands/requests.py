"""`kotonoha requests`: what a learner asked for, how it goes, and what to do about it."""

import argparse
import asyncio
import shlex
import sys
from contextlib import aclosing
from typing import Any
from urllib.parse import urlencode

import msgspec

from core.errors import KotonohaError, NotFound, Unavailable
from local.caller import Caller, calling
from local.command import command
from local.follow import follow
from local.home import Home, find_home
from local.ledger import Ledger
from local.state import State, find_running
from local.stopping import run_until_told
from local.tokens import DEMO, token_for

DELETED = "(deleted)"


def run(asked: argparse.Namespace) -> int:
    home = find_home(asked.home)
    return run_until_told(requests(_running_in(home), home, asked))


async def requests(state: State, home: Home, asked: argparse.Namespace) -> int:
    async with calling(state.api, token_for(home, asked.user)) as caller:
        try:
            return await _answer(caller, home, asked)
        except NotFound as error:
            raise NotFound(f"{error.message} Those of {asked.user} are told by: {_command(home, asked, 'list')}") from error
        except Unavailable as error:
            raise Unavailable(f"{error.message} What runs, shows: {command(home, 'status')}") from error


async def _answer(caller: Caller, home: Home, asked: argparse.Namespace) -> int:
    match asked.action:
        case "list":
            return await _list(caller, home, asked)
        case "follow":
            return await _follow(caller, asked)
        case "show":
            return _show(await caller.read(_path(asked)), home, asked)
        case _:
            return await _act(caller, home, asked)


async def _list(caller: Caller, home: Home, asked: argparse.Namespace) -> int:
    filters = {name: value for name in ("product", "status", "limit") if (value := getattr(asked, name))}
    page = await caller.read(f"/api/requests?{urlencode(filters | ({'cursor': asked.cursor} if asked.cursor else {}))}")
    if asked.json:
        _print(page)
    else:
        options = [f"--{name} {value}" for name, value in (filters | {"cursor": page["next"]}).items()]
        topics = await _topics(caller, page["items"])
        Ledger().list_requests(page["items"], topics, _command(home, asked, "list", *options) if page["next"] else None)
    return 0


async def _topics(caller: Caller, requests: list[dict[str, Any]]) -> dict[str, str]:
    """By the path of what was asked for; a list without some is better than none."""
    paths = list({request["resource"] for request in requests})
    return dict(zip(paths, await asyncio.gather(*(_topic(caller, path) for path in paths)), strict=True))


async def _topic(caller: Caller, path: str) -> str:
    try:
        return str((await caller.read(path)).get("topic", ""))
    except NotFound:
        return DELETED
    except KotonohaError:
        return ""


async def _act(caller: Caller, home: Home, asked: argparse.Namespace) -> int:
    before = await caller.read(_path(asked))
    after = await caller.act(f"{_path(asked)}/{asked.action}")
    _show(after, home, asked)
    if not asked.json and (why := _nothing_done(asked.action, before)):
        Ledger().say(f"  {why}")
    if not asked.json and (asked.action, before["status"]) == ("retry", "canceled"):
        Ledger().say(f"  Ask for it anew{await _anew(caller, home, asked, before)}")
    return 0


def _nothing_done(action: str, before: dict[str, Any]) -> str | None:
    """Why the API left everything as it was, if it did."""
    if action == "cancel":
        return "Nothing was canceled: it was over already." if before["finished_at"] else None
    if before["status"] == "canceled":
        return "Nothing was tried again: what was canceled stays so."
    if not any(job["status"] == "failed" for job in before["jobs"]):
        return "Nothing was tried again: none of its jobs has failed."
    return None


async def _anew(caller: Caller, home: Home, asked: argparse.Namespace, request: dict[str, Any]) -> str:
    """The end of a sentence: the command, where there is one."""
    topic = await _topic(caller, request["resource"])
    if asked.user != DEMO or request["product"] != "haiku" or topic in {"", DELETED}:
        return "."
    return f": {command(home, 'try haiku', shlex.quote(topic))}"


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


def _show(request: dict[str, Any], home: Home, asked: argparse.Namespace) -> int:
    if asked.json:
        _print(request)
    else:
        Ledger().show_request(request, _command(home, asked, "retry", request["id"]))
    return 0


def _path(asked: argparse.Namespace) -> str:
    return f"/api/requests/{asked.id}"


def _command(home: Home, asked: argparse.Namespace, action: str, *options: str) -> str:
    whose = () if asked.user == DEMO else ("--user", shlex.quote(asked.user))
    return command(home, f"requests {action}", " ".join((*options, *whose)))


def _running_in(home: Home) -> State:
    state = find_running(home)
    if state is None:
        raise Unavailable(f"Nothing runs in {home.path}. Start it: {command(home, 'up')}")
    return state


def _print(whole: Any) -> None:
    sys.stdout.write(f"{msgspec.json.encode(whole).decode()}\n")
    sys.stdout.flush()
