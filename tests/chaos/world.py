"""A whole platform under our supervisor: two apis, workers with chaotic tools, and wires we can cut before what both stand on."""

import contextlib
import dataclasses
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from local.environment import Span
from local.home import Home
from local.layout import Layout, lay_out, make_api
from local.part import Part, module
from local.ports import Ports
from local.postgres import database_url
from local.state import find_running
from local.supervisor import Platform, running
from local.tokens import token_for
from local.valkey import redis_url
from tests.chaos.ledger import Ledger
from tests.chaos.storm import Storm
from tests.pgbouncer import make_pgbouncer, through
from tests.until import until
from tests.wire import Wire, wired

LEASE_SECONDS = 4.0
"""Short, yet with two seconds more it is longer than the five after which a statement that nobody answers is given up."""
TUNING = {
    "KOTONOHA_LEASE_SECONDS": str(LEASE_SECONDS),
    "KOTONOHA_HEARTBEAT_SECONDS": "1",
    "KOTONOHA_BACKOFF_CAP_SECONDS": "2",
    "KOTONOHA_DEADLINE_SECONDS": "120",
    "KOTONOHA_DRAIN_SECONDS": "1",
    # These learners are in a hurry; what one may have open stays what it is.
    "KOTONOHA_SUBMITS_PER_MINUTE": "100000",
    "KOTONOHA_REQUESTS_PER_MINUTE": "100000",
}
WORKERS = 4
SETTLE_SECONDS = 120.0
LOOK_SECONDS = 0.5
DEADLY = "0.003"
APIS = ("api", "api-2")
AHEAD = "+5m"
"""How far the clock of one worker is off."""


@dataclass
class Broken:
    """One fault: when it began, and when whatever it broke was there again (seconds since the epoch).

    `hit` are the jobs that ran on what was broken. `stops_all` says that no worker could claim, write or rescue meanwhile:
    PostgreSQL or the workers' way to it was down. `deafens` says that Valkey was, which may cost two seconds and no more.
    """

    fault: str
    began: float
    ended: float = float("inf")
    hit: frozenset[UUID] = frozenset()
    stops_all: bool = False
    deafens: bool = False


@dataclass
class Notes:
    """What the harness saw from outside. `seen` is what followers read, `faults` what was broken from when to when."""

    accepted: set[UUID] = field(default_factory=set)
    seen: dict[UUID, list[int]] = field(default_factory=dict)
    faults: list[Broken] = field(default_factory=list)
    refused: int = 0


@dataclass(frozen=True)
class Side:
    """The wires on which all processes of one kind hang, to PostgreSQL and to Valkey, and the settings that lead through them."""

    rows: Wire
    bell: Wire
    addresses: Mapping[str, str]


@dataclass
class World:
    """Everything a fault or a learner needs."""

    home: Home
    platform: Platform
    storm: Storm
    ledger: Ledger
    apis: Side
    workers: Side
    chance: random.Random
    notes: Notes = field(default_factory=Notes)
    tokens: dict[str, str] = field(default_factory=dict)

    def pid(self, name: str) -> int | None:
        state = find_running(self.home)
        return next((part.pid for part in state.parts if part.name == name), None) if state else None

    def client(self, learner: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token(learner)}"}
        return httpx.AsyncClient(headers=headers, timeout=15, trust_env=False)

    def some_api(self) -> str:
        """One of them, as a balancer would choose: nobody's second call need reach who answered the first."""
        ports = self.platform.ports
        return f"http://127.0.0.1:{self.chance.choice((ports.api, ports.haiku))}"

    def token(self, learner: str) -> str:
        if learner not in self.tokens:
            self.tokens[learner] = token_for(self.home, learner)
        return self.tokens[learner]

    def crashes(self) -> list[str]:
        """What the api says of requests that ended in an error of no name."""
        lines = [line for name in APIS for line in (self.home.logs / f"{name}.log").read_text().splitlines()]
        return [line for line in lines if "request crashed" in line]

    async def running_jobs(self, pid: int | None = None) -> frozenset[UUID]:
        """What runs on the worker of this process, or on any."""
        rows = await self.fetch(
            "SELECT id FROM street.jobs WHERE status = 'running' AND ($1::text IS NULL OR split_part(worker, ':', 2) = $1)",
            None if pid is None else str(pid),
        )
        return frozenset(row["id"] for row in rows)

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(database_url(self.home, self.platform.ports.postgres))
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()


@contextlib.asynccontextmanager
async def world(folder: Path, seed: int, *, proxied: bool, tuning: Mapping[str, str] = {}) -> AsyncIterator[World]:
    """`tuning` are settings of this one world, before those of all."""
    home = Home(folder / "home")
    async with contextlib.AsyncExitStack() as stack:
        sides: list[Side] = []

        async def chaotic(home: Home, ports: Ports) -> Layout:
            layout = await lay_out(home, ports, Span(WORKERS, WORKERS), {**TUNING, **tuning})
            url = database_url(home, ports.postgres)
            services = tuple(map(_telling_of_locks, layout.services))
            if proxied:
                proxy = make_pgbouncer(folder / "pgbouncer", url)
                services, url = (*services, proxy), through(proxy, url)
            apis, workers = [await _wire(stack, url, redis_url(home, ports.valkey)) for _ in range(2)]
            sides.extend((apis, workers))
            programs = [program for part in layout.programs for program in _apis(part, ports, apis)]
            force = layout.workers
            assert force is not None
            crew = dataclasses.replace(force, make=lambda number: _chaotic(force.make(number), folder, workers))
            return dataclasses.replace(layout, services=services, programs=tuple(programs), workers=crew)

        platform = await stack.enter_async_context(running(home, 0, chaotic, lambda *_: None))
        apis, workers = sides
        yield World(home, platform, Storm(folder), Ledger(folder), apis, workers, random.Random(seed))


def _telling_of_locks(part: Part) -> Part:
    """Who waited for whom longer than a second stands in its log: the first thing one wants to know of a slow recovery."""
    return dataclasses.replace(part, command=(*part.command, "-c", "log_lock_waits=on")) if part.name == "postgres" else part


async def all_over(made: World) -> None:
    """Wait until no request is open; raises TimeoutError."""

    async def is_over() -> bool:
        return not await made.fetch("SELECT 1 FROM street.requests WHERE finished_at IS NULL LIMIT 1")

    await until(is_over, SETTLE_SECONDS, LOOK_SECONDS)


async def _wire(stack: contextlib.AsyncExitStack, database: str, valkey: str) -> Side:
    rows, rows_url = await stack.enter_async_context(wired(database))
    bell, bell_url = await stack.enter_async_context(wired(valkey))
    return Side(rows, bell, {"KOTONOHA_DATABASE_URL": rows_url, "KOTONOHA_REDIS_URL": bell_url})


def _apis(part: Part, ports: Ports, side: Side) -> list[Part]:
    """The api twice: the second one on the port of pages that are not served here."""
    if part.name != "api":
        return [part]
    first = make_api(ports.api, {**part.environment, **side.addresses})
    return [first, dataclasses.replace(make_api(ports.haiku, first.environment), name="api-2", label="API 2")]


def _chaotic(part: Part, folder: Path, side: Side) -> Part:
    command = module("tests.chaos.worker", "--folder", str(folder), "--deadly", DEADLY)
    # One has not been deployed yet, one has a wrong clock, and those that die by themselves are the rest.
    if part.name == "worker-1":
        command = (*command, "--without", "haiku.scenes")
    clock = skewed() if part.name == "worker-2" else {}
    return dataclasses.replace(part, command=command, environment={**part.environment, **clock, **side.addresses})


def skewed() -> Mapping[str, str]:
    """The environment of a process whose wall clock is five minutes ahead; its monotonic clock is left alone."""
    spec = find_spec("libfaketime")
    assert spec is not None
    assert spec.submodule_search_locations
    library = Path(spec.submodule_search_locations[0]) / "vendor/libfaketime/src/libfaketime.so.1"
    return {"LD_PRELOAD": str(library), "FAKETIME": AHEAD, "DONT_FAKE_MONOTONIC": "1"}
