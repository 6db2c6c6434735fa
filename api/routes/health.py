"""Is this process well, and which version is it? For balancers and supervisors; no token needed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from litestar import get
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from api.provide import Given
from core.db.backlog import is_alive
from core.db.pool import Pool, connected
from core.errors import Unavailable

CHECK_SECONDS = 1.0


class Live(Struct, frozen=True):
    """The loop runs."""

    status: Literal["ok"] = "ok"


class Ready(Struct, frozen=True):
    """Ready to serve. Redis is only the doorbell: without it everything works, later."""

    postgres: Literal["ok"]
    redis: Literal["ok", "away"]


class Version(Struct, frozen=True):
    """What runs here."""

    version: str
    products: tuple[str, ...]


@get("/health/live", operation_id="getLive", summary="Is the process alive?", tags=["health"])
async def read_live() -> Live:
    return Live()


@get(
    "/health/ready",
    operation_id="getReady",
    summary="Can requests be served?",
    tags=["health"],
    opt={"refuses": [Unavailable]},
)
async def read_ready(pool: Given[Pool], ping: Given[Callable[[], Awaitable[bool]]], stopping: Given[asyncio.Event]) -> Ready:
    if stopping.is_set():
        raise Unavailable("This server is stopping.")
    redis, _ = await asyncio.gather(_is_redis_well(ping), _check_postgres(pool))
    return Ready(postgres="ok", redis="ok" if redis else "away")


@get("/version", operation_id="getVersion", summary="Which version is this?", tags=["health"])
async def read_version(products: Given[frozenset[str]]) -> Version:
    return Version(_version(), tuple(sorted(products)))


health_routes: list[ControllerRouterHandler] = [read_live, read_ready, read_version]


async def _check_postgres(pool: Pool) -> None:
    try:
        async with asyncio.timeout(CHECK_SECONDS), connected(pool, timedelta(seconds=CHECK_SECONDS)) as db:
            await is_alive(db)
    except (Unavailable, TimeoutError) as error:
        raise Unavailable("postgres is away.") from error


async def _is_redis_well(ping: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await ping()
    except Exception:  # noqa: BLE001  whatever it says, it is not well, and its errors belong to core
        return False


def _version() -> str:
    try:
        return version("kotonoha")
    except PackageNotFoundError:
        return "0"
