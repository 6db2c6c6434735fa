"""`kotonoha up`: start everything, say where it is, keep it alive until told to stop."""

import argparse
import asyncio
import contextlib
import os
import time

from local.apps import APPS
from local.environment import Span, child_environment
from local.home import Home, find_home
from local.layout import Layout, lay_out
from local.ports import Ports
from local.stopping import run_until_told
from local.store import check_needs, choose_store
from local.supervisor import running
from local.welcome import OneLine, Welcome


def run(asked: argparse.Namespace) -> int:
    home = find_home(asked.home)
    view = OneLine() if asked.json else Welcome(home)
    with contextlib.closing(view):
        return run_until_told(up(home, asked, view), view.stopping)


async def up(home: Home, asked: argparse.Namespace, view: Welcome | OneLine) -> int:
    """Returns when the surrounding task is canceled, or raises that when it was not ready yet."""
    began = time.monotonic()
    apps, workers = () if asked.no_frontends else APPS, Span(*asked.workers)
    store = choose_store(home, asked.providers, os.environ)
    check_needs(store, os.environ)

    async def make(home: Home, ports: Ports) -> Layout:
        # Whatever is refused is refused before anything is said.
        child_environment(home, ports, workers, os.environ, store.providers)
        view.begin(store.providers)
        return await lay_out(home, ports, workers, os.environ, [app for app in apps if app.is_built], store)

    try:
        async with running(home, asked.port, make, view.tell, view.warn) as platform:
            view.ready(platform.ports, time.monotonic() - began, apps)
            if workers.most == 0:
                view.idle()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
    except asyncio.CancelledError:
        view.stopped()
        raise
    view.stopped()
    return 0
