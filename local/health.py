"""Is everybody well who should be running? Asked of each part itself, and of the rows."""

import asyncio

from core.db.backlog import is_alive as can_select
from core.db.pool import Pool, connected, make_pool
from core.db.workers import list_workers
from core.errors import Unavailable
from local.command import command
from local.examination import Finding
from local.home import Home
from local.logs import log_path
from local.pids import is_alive
from local.postgres import database_url
from local.probes import answers_http, answers_ping
from local.state import Running, State

FALLS_ALLOWED, FALLS_FORGIVEN = 1, 3
"""Anybody may die once, and whoever is well again more often: several were killed one after the other."""

NO_WORKERS = "there are none, and it was started so that there never are: nothing is made"
CALM = "there are none now; they come when there is work"


async def examine_running(home: Home, state: State) -> list[Finding]:
    """Everybody who is recorded, alive or missing."""
    alive = [part for part in state.parts if is_alive(part.pid, part.started)]
    names = [*state.missing, *(part.name for part in state.parts)]
    missing = [name for name in names if name not in {part.name for part in alive}]
    async with make_pool(database_url(home, _port(alive, "postgres")), size=1) as pool:
        seen = await _list_seen(pool)
        found = await asyncio.gather(*(_examine(home, part, pool, seen) for part in alive))
    absent = [_unwell(home, name, "is not running") for name in missing]
    return [*found, *absent, *([] if any(map(_works, names)) else [_nobody(home, state)])]


async def _examine(home: Home, part: Running, pool: Pool, seen: set[str] | None) -> Finding:
    now = _worker(home, part, seen) if _works(part.name) else await _server(home, part, pool)
    if part.falls > (FALLS_FORGIVEN if now.ok else FALLS_ALLOWED):
        return _unwell(home, part.name, f"keeps dying: {part.falls} times in a row")
    return now


async def _server(home: Home, part: Running, pool: Pool) -> Finding:
    if not await _answers(home, part, pool):
        return _unwell(home, part.name, f"runs (pid {part.pid}) and does not answer")
    return Finding(part.name, True, f"answers on port {part.port}")


async def _answers(home: Home, part: Running, pool: Pool) -> bool:
    port = part.port or 0
    match part.name:
        case "postgres":
            return await _selects(pool)
        case "valkey":
            return await answers_ping(port, home.secret("valkey"))(0)
        case _:
            return await answers_http(port, part.health or "/")(0)


async def _selects(pool: Pool) -> bool:
    try:
        async with connected(pool) as db:
            return await can_select(db)
    except Unavailable:
        return False


async def _list_seen(pool: Pool) -> set[str] | None:
    """The pids of the workers that were heard of; None while Postgres is away."""
    try:
        async with connected(pool) as db:
            # A worker's name ends with its pid.
            return {name.rpartition(":")[2] for name in await list_workers(db)}
    except Unavailable:
        return None


def _worker(home: Home, worker: Running, seen: set[str] | None) -> Finding:
    if seen is None:
        return _unwell(home, worker.name, "cannot be asked while postgres is away")
    if str(worker.pid) not in seen:
        return _unwell(home, worker.name, f"runs (pid {worker.pid}) and has not been heard of lately")
    return Finding(worker.name, True, f"is at work (pid {worker.pid})")


def _nobody(home: Home, state: State) -> Finding:
    if state.most_workers:
        return Finding("workers", True, CALM)
    return Finding("workers", False, NO_WORKERS, f"Stop it, and start it without --workers: {command(home, 'up')}")


def _unwell(home: Home, name: str, says: str) -> Finding:
    advice = f"It should come back by itself. If not, its log says why: {log_path(home, name)}"
    return Finding(name, False, says, advice)


def _works(name: str) -> bool:
    return name.startswith("worker-")


def _port(parts: list[Running], name: str) -> int:
    return next((part.port or 0 for part in parts if part.name == name), 0)
