"""Go to the Kotonoha of a home: the one that runs there, or one started for as long as the visit lasts."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from core.errors import Unavailable
from local.command import command
from local.environment import Span
from local.home import Home
from local.layout import Layout, lay_out
from local.ports import Ports
from local.probes import answers_http
from local.state import find_running
from local.store import check_needs, choose_store
from local.supervisor import Tell, running

READY_WITHIN_SECONDS = 60.0


@asynccontextmanager
async def visiting(home: Home, starting: Callable[[Home], None], tell: Tell, providers: str | None) -> AsyncIterator[str]:
    """Yields the API's address once it is ready. `starting` is called when nothing runs, then `tell` as each part is ready.

    Raises Refused when the home, whether it runs or not, has other providers than were asked for.
    """
    state = find_running(home)
    if state is not None:
        # What runs is ready once it has chosen its own.
        await _ready(home, state.api)
        choose_store(home, providers, os.environ)
        yield state.api
        return

    store = choose_store(home, providers, os.environ)
    check_needs(store, os.environ)

    async def make(home: Home, ports: Ports) -> Layout:
        starting(home)
        return await lay_out(home, ports, Span(1, 1), os.environ, store=store)

    async with running(home, 0, make, tell) as platform:
        yield platform.ports.api_url


async def _ready(home: Home, api: str) -> None:
    ready = answers_http(urlsplit(api).port or 80, "/health/ready")
    try:
        async with asyncio.timeout(READY_WITHIN_SECONDS):
            while not await ready(0):  # noqa: ASYNC110  another program's readiness sets no event of ours
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise Unavailable(f"The API at {api} does not become ready. What runs, shows: {command(home, 'status')}") from error
