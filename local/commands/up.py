"""`kotonoha up`: start everything, say where it is, keep it alive until told to stop."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence

import msgspec

from local.apps import APPS, App
from local.environment import Span, child_environment, choose_providers
from local.home import Home, find_home
from local.layout import Layout, lay_out
from local.ports import Ports
from local.stopping import run_until_told
from local.supervisor import Platform, Tell, running
from local.welcome import Welcome


def run(asked: argparse.Namespace) -> int:
    return run_until_told(up(find_home(asked.home), asked))


async def up(home: Home, asked: argparse.Namespace) -> int:
    """Returns when the surrounding task is canceled."""
    began, providers = time.monotonic(), choose_providers(asked.providers, os.environ)
    welcome = None if asked.json else Welcome(home)
    tell: Tell = welcome.tell if welcome else _silence
    wanted = () if asked.no_frontends else APPS
    apps = [app for app in wanted if app.is_built]

    async def make(home: Home, ports: Ports) -> Layout:
        span = Span(*asked.workers)
        # Whatever is refused is refused before anything is said.
        child_environment(home, ports, span, os.environ, providers)
        if welcome:
            welcome.begin()
        return await lay_out(home, ports, span, os.environ, apps, providers)

    async with running(home, asked.port, make, tell) as platform:
        seconds = time.monotonic() - began
        if welcome:
            welcome.ready(platform.ports, seconds, wanted)
        else:
            _print_ready(platform, seconds, apps)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if welcome:
                welcome.stopping()
    if welcome:
        welcome.stopped()
    return 0


def _print_ready(platform: Platform, seconds: float, apps: Sequence[App]) -> None:
    where = {app.name: platform.ports.address_of(app) for app in apps}
    places = {"api": platform.ports.api_url, "traces": platform.ports.traces_url, **where}
    line = {"ready": True, **places, "pid": os.getpid(), "seconds": round(seconds, 2)}
    sys.stdout.write(f"{msgspec.json.encode(line).decode()}\n")
    sys.stdout.flush()


def _silence(_: str, __: float) -> None:
    """Nobody watches; the logs know."""
