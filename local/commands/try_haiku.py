"""`kotonoha try haiku`: ask for one, watch it grow, keep it."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing, closing, contextmanager
from pathlib import Path

import msgspec

from api.text import clean_text
from core.errors import Invalid, KotonohaError, Unavailable, Unstorable
from core.problems import problem_type
from core.settings import read_number
from local.caller import Caller, Json, calling
from local.command import command, where_to_ask
from local.follow import follow
from local.home import Home, find_home
from local.keepsake import check_place, choose_folder, keep
from local.silence import Silence
from local.state import find_running
from local.stopping import run_until_told
from local.tokens import DEMO, token_for
from local.unfolding import Unfolding
from local.visit import visiting

CANCEL_WITHIN_SECONDS = 3.0
UNSTORABLE = problem_type(Unstorable)
LONG_SECONDS = 10.0
"""Without a word, people wonder; on this machine a picture takes two."""


def run(asked: argparse.Namespace) -> int:
    topic = clean_text(_readable(" ".join(asked.topic)), "/topic", _most_chars(find_home(asked.home)))
    check_place(asked.out, topic)
    with closing(Unfolding(topic, quiet=asked.json)) as view:
        return run_until_told(try_haiku(asked, topic, view), view.stopping)


async def try_haiku(asked: argparse.Namespace, topic: str, view: Unfolding) -> int:
    home = find_home(asked.home)
    async with visiting(home, view.start, view.part, asked.providers) as api, calling(api, token_for(home, DEMO)) as caller:
        began = time.monotonic()
        view.begin()
        request = await _submit(caller, topic, view)
        with kept_in_mind(home, request):
            await _watch(caller, request, view, command(home, "doctor"))
            request, haiku = await caller.read(request["links"]["self"]), await caller.read(request["resource"])
            folder = choose_folder(asked.out, topic)
            files = await keep(caller, haiku, folder)
        seconds = time.monotonic() - began
    if asked.json:
        _print({"request": request, "haiku": haiku, "files": [str(file) for file in files], "seconds": round(seconds, 2)})
    if request["status"] != "succeeded":
        sys.stderr.write(unfinished(home, request, folder))
        return 1
    view.saved(_nearby(folder), seconds)
    return 0


@contextmanager
def kept_in_mind(home: Home, request: Json) -> Iterator[None]:
    """Whoever loses the way to what was accepted is told how to find it again."""
    try:
        yield
    except Unavailable as error:
        follow_it = command(home, "requests follow", request["id"])
        raise Unavailable(
            f"{error.message} The request {request['id']} is kept, and goes on when Kotonoha runs again.\n"
            f"  Start it:  {command(home, 'up')}\n  Follow it: {follow_it}"
        ) from error


async def _submit(caller: Caller, topic: str, view: Unfolding) -> Json:
    """Interrupted before the answer is here, what was accepted is still canceled."""
    asking = asyncio.ensure_future(caller.submit("/api/haiku", {"topic": topic}))
    try:
        return await asyncio.shield(asking)
    except asyncio.CancelledError:
        view.canceled(told=await _cancel(caller, await asking))
        raise


async def _watch(caller: Caller, request: Json, view: Unfolding, doctor: str) -> None:
    """To the end of the request; interrupted, it is canceled: nobody waits for it any more."""
    try:
        async with aclosing(follow(caller.http, request["links"]["events"])) as events:
            with closing(Silence(LONG_SECONDS, lambda: view.hear_nothing(LONG_SECONDS, doctor))) as silence:
                async for event in events:
                    silence.heard()
                    view.see(event)
    except asyncio.CancelledError:
        view.canceled(told=await _cancel(caller, request))
        raise


async def _cancel(caller: Caller, request: Json) -> bool:
    """False when nobody could be told in time."""
    try:
        async with asyncio.timeout(CANCEL_WITHIN_SECONDS):
            await caller.act(request["links"]["cancel"])
    except (TimeoutError, KotonohaError):
        return False
    return True


def _readable(topic: str) -> str:
    """A terminal hands over bytes that are no UTF-8 as lone surrogates, which JSON cannot carry."""
    try:
        topic.encode()
    except UnicodeEncodeError as error:
        raise Invalid("The topic holds bytes that are no text in UTF-8. Write it again.") from error
    return topic


def _most_chars(home: Home) -> int:
    """Of a Kotonoha that is started for this; one that runs says itself what it takes."""
    if find_running(home) is not None:
        return sys.maxsize
    return read_number(os.environ, "topic_max_chars")


def unfinished(home: Home, request: Json, folder: Path) -> str:
    """Who asks here is who runs it: where there is no place for files, the doctor names the folder or bucket."""
    is_unstorable = (request["error"] or {}).get("type") == UNSTORABLE
    hint = f"{where_to_ask(home)}\n" if is_unstorable else ""
    return f"kotonoha: {_reason(request)} How far it came is in {folder}; the same command tries anew.\n{hint}"


def _reason(request: Json) -> str:
    if request["status"] == "canceled":
        return "The request was canceled."
    error = request["error"] or {"detail": "The haiku was not finished."}
    return str(error["detail"])


def _print(whole: Json) -> None:
    sys.stdout.write(f"{msgspec.json.encode(whole).decode()}\n")


def _nearby(folder: Path) -> str:
    return f"./{folder.relative_to(Path.cwd())}" if folder.is_relative_to(Path.cwd()) else str(folder)
