"""Build the api: every part is made here once and handed down by name. Read this first."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from api.access import Access, require_learner
from api.body import JsonRequest
from api.errors import answer_problem
from api.follow import Story
from api.forecast import Forecaster
from api.head import name_methods
from api.headers import add_headers, allow_origins
from api.keys import Keys
from api.limit import charge_for_news, limit_requests
from api.openapi import DeclareProblems, describe_api
from api.provide import provide_parts
from api.routes.events import events_routes
from api.routes.haiku import haiku_routes
from api.routes.health import health_routes
from api.routes.live import live_routes
from api.routes.me import me_routes
from api.routes.media import media_routes
from api.routes.ops import ops_routes
from api.routes.post_form import post_form_routes
from api.routes.read_haiku import read_haiku_routes
from api.routes.requests import requests_routes
from api.routes.uploads import uploads_routes
from api.seats import SOCKETS_PER_LEARNER, STREAMS_PER_LEARNER, Seats
from api.span import TracedApp
from api.submit import Desk
from api.surplus import KnowParameters, refuse_surplus
from core.broadcast import Broadcast, publish
from core.db.pool import Pool, close_pool, make_pool
from core.keep import alongside
from core.limits import Limits
from core.publisher import keep_publishing
from core.queue import Bell, connect_bell, ring
from core.settings import Settings
from core.storage.choose import choose_storage
from core.storage.files import Files
from core.sweeper import keep_sweeping
from telemetry.logs import log_crash
from telemetry.metrics import open_board, pool_waited
from telemetry.sweeps import tell_sweep

PRODUCTS: dict[str, list[ControllerRouterHandler]] = {"haiku": [*haiku_routes, *read_haiku_routes]}
COMMON: list[ControllerRouterHandler] = [
    *requests_routes,
    *events_routes,
    *live_routes,
    *me_routes,
    *ops_routes,
    *uploads_routes,
    *health_routes,
]
LOCAL: list[ControllerRouterHandler] = [*media_routes, *post_form_routes]
"""What a bucket does by itself where there is one."""


def create_app(settings: Settings, products: frozenset[str] = frozenset({"haiku"})) -> Litestar:
    """An api that serves these products and what all share. Raises KeyError for a product there is no room for.

    Nothing connects before the lifespan begins, and Postgres, Redis and the identity provider may be away even then.
    """
    state = build_parts(settings, products)
    storing = LOCAL if isinstance(state.storage, Files) else []
    return TracedApp(
        route_handlers=[*COMMON, *storing, *(handler for product in sorted(products) for handler in PRODUCTS[product])],
        state=state,
        dependencies=provide_parts(state),
        guards=[require_learner, limit_requests, refuse_surplus],
        lifespan=[live],
        before_send=[add_headers, name_methods, charge_for_news],
        cors_config=CORSConfig(**allow_origins(settings.origins)) if settings.origins else None,
        exception_handlers={Exception: answer_problem},
        request_class=JsonRequest,
        request_max_body_size=settings.body_max_bytes,
        openapi_config=describe_api(),
        plugins=[DeclareProblems(), KnowParameters()],
        logging_config=None,
        debug=False,
    )


def build_parts(settings: Settings, products: frozenset[str]) -> State:
    """Everything a route may ask for by name; `provide.py` says under which type."""
    pool, bell = make_pool(settings.database_url, waited=pool_waited), connect_bell(settings.redis_url)
    return State(
        {
            "settings": settings,
            "products": products,
            "pool": pool,
            "bell": bell,
            "ping": bell.ping,
            "storage": choose_storage(settings),
            # Set when the process is told to stop: streams end by it, or they would hold the process.
            "stopping": asyncio.Event(),
            **_who_may_in(settings),
            **_where_to_ask(settings, pool, bell),
            **_where_to_listen(pool, bell),
        }
    )


def _who_may_in(settings: Settings) -> dict[str, Any]:
    keys = Keys(settings.jwks_url)
    return {"key_set": keys, "access": Access(keys, settings.issuer, settings.clients)}


def _where_to_ask(settings: Settings, pool: Pool, bell: Bell) -> dict[str, Any]:
    limits, forecaster = Limits(bell, settings.api_processes), Forecaster(pool, settings)
    desk = Desk(pool, settings, forecaster, limits, partial(ring, bell), partial(publish, bell))
    return {"limits": limits, "forecaster": forecaster, "desk": desk}


def _where_to_listen(pool: Pool, bell: Bell) -> dict[str, Any]:
    broadcast = Broadcast(bell)
    return {
        "broadcast": broadcast,
        "story": Story(pool, broadcast),
        "seats": Seats(SOCKETS_PER_LEARNER, "live sockets", "socket"),
        "stream_seats": Seats(STREAMS_PER_LEARNER, "streams", "stream"),
    }


@contextlib.asynccontextmanager
async def live(app: Litestar) -> AsyncIterator[None]:
    """Open what needs a running loop; close everything in the opposite order."""
    state = app.state
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(state.storage)
        await state.pool
        stack.push_async_callback(close_pool, state.pool)
        # Its pool was made for it, but redis-py closes only pools it made itself.
        stack.push_async_callback(state.bell.aclose, close_connection_pool=True)
        stack.push_async_callback(state.key_set.close)
        await stack.enter_async_context(alongside("broadcast", state.broadcast.run, log_crash))
        await stack.enter_async_context(
            alongside("sweeper", lambda: keep_sweeping(state.pool, state.bell, state.settings, tell_sweep), log_crash)
        )
        await stack.enter_async_context(
            alongside("numbers", lambda: keep_publishing(state.pool, state.settings, open_board().show_queue), log_crash)
        )
        stack.callback(state.stopping.set)
        yield
