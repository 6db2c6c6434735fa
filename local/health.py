"""Is everybody well who should be running? Asked of each part itself, and of the rows."""

from core.db.backlog import is_alive as can_select
from core.db.pool import Pool, connected, make_pool
from core.db.workers import list_workers
from core.errors import Unavailable
from local.examination import Finding
from local.home import Home
from local.logs import log_path
from local.pids import is_alive
from local.postgres import database_url
from local.probes import answers_http, answers_ping
from local.state import Running, State

SERVICES = ("postgres", "valkey", "traces", "identity", "api")


async def examine_running(home: Home, state: State) -> list[Finding]:
    parts = {part.name: part for part in state.parts if is_alive(part.pid, part.started)}
    async with make_pool(database_url(home, _port(parts, "postgres")), size=1) as pool:
        found = [await _service(home, name, parts.get(name), pool) for name in SERVICES]
        return [*found, *await _workers(home, [part for name, part in parts.items() if name.startswith("worker")], pool)]


async def _service(home: Home, name: str, part: Running | None, pool: Pool) -> Finding:
    if part is None:
        return _unwell(home, name, "is not running")
    if not await _answers(home, name, part.port or 0, pool):
        return _unwell(home, name, f"runs (pid {part.pid}) and does not answer")
    return Finding(name, True, f"answers on port {part.port}")


async def _answers(home: Home, name: str, port: int, pool: Pool) -> bool:
    match name:
        case "postgres":
            return await _selects(pool)
        case "valkey":
            return await answers_ping(port, home.secret("valkey"))(0)
        case "traces":
            return await answers_http(port, "/")(0)
        case "identity":
            return await answers_http(port, "/.well-known/openid-configuration")(0)
        case _:
            return await answers_http(port, "/health/ready")(0)


async def _selects(pool: Pool) -> bool:
    try:
        async with connected(pool) as db:
            return await can_select(db)
    except Unavailable:
        return False


async def _workers(home: Home, workers: list[Running], pool: Pool) -> list[Finding]:
    if not workers:
        return [_unwell(home, "workers", "there are none; nothing is made until there are", log="worker-1")]
    try:
        async with connected(pool) as db:
            # A worker's name ends with its pid.
            seen = {name.rpartition(":")[2] for name in await list_workers(db)}
    except Unavailable:
        return [_unwell(home, worker.name, "cannot be asked while postgres is away") for worker in workers]
    return [_worker(home, worker, seen) for worker in workers]


def _worker(home: Home, worker: Running, seen: set[str]) -> Finding:
    if str(worker.pid) not in seen:
        return _unwell(home, worker.name, f"runs (pid {worker.pid}) and has not been heard of lately")
    return Finding(worker.name, True, f"is at work (pid {worker.pid})")


def _unwell(home: Home, name: str, says: str, log: str | None = None) -> Finding:
    advice = f"It should come back by itself. If not, its log says why: {log_path(home, log or name)}"
    return Finding(name, False, says, advice)


def _port(parts: dict[str, Running], name: str) -> int:
    return (parts[name].port or 0) if name in parts else 0
