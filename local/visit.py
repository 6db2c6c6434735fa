"""Go to the Kotonoha of a home: the one that runs there, or one started for as long as the visit lasts."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

from core.errors import Unavailable
from local.environment import Providers, Span
from local.home import Home
from local.layout import lay_out
from local.probes import answers_http
from local.state import find_running
from local.supervisor import Tell, running

READY_WITHIN_SECONDS = 60.0


@asynccontextmanager
async def visiting(home: Home, starting: Callable[[Home], None], tell: Tell, providers: Providers) -> AsyncIterator[str]:
    """Yields the API's address once it is ready. `starting` is called when nothing runs, then `tell` as each part is ready.

    What runs already keeps the providers it has.
    """
    state = find_running(home)
    if state is not None:
        await _ready(state.api)
        yield state.api
        return
    starting(home)
    make = partial(lay_out, workers=Span(1, 1), ours=os.environ, providers=providers)
    async with running(home, 0, make, tell) as platform:
        yield platform.ports.api_url


async def _ready(api: str) -> None:
    ready = answers_http(urlsplit(api).port or 80, "/health/ready")
    try:
        async with asyncio.timeout(READY_WITHIN_SECONDS):
            while not await ready(0):  # noqa: ASYNC110  another program's readiness sets no event of ours
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise Unavailable(f"The API at {api} does not become ready. `kotonoha status` shows what runs.") from error
