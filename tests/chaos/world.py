"""A whole platform under our supervisor, with wires we can cut in front of PostgreSQL and workers whose tools are chaotic."""

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
from local.layout import Layout, lay_out
from local.part import Part, module
from local.ports import Ports
from local.postgres import database_url
from local.state import find_running
from local.supervisor import Platform, running
from local.tokens import token_for
from tests.chaos.ledger import Ledger
from tests.chaos.storm import Storm
from tests.pgbouncer import make_pgbouncer, through
from tests.wire import Wire, wired

LEASE_SECONDS = 3.0
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
DEADLY = "0.003"
AHEAD = "+5m"
"""How far the clock of one worker is off."""


@dataclass
class Broken:
    """One fault: when it began, and when whatever it broke was there again (seconds since the epoch)."""

    fault: str
    began: float
    ended: float = float("inf")


@dataclass
class Notes:
    """What the harness saw from outside. `seen` is what followers read, `faults` what was broken from when to when."""

    accepted: set[UUID] = field(default_factory=set)
    seen: dict[UUID, list[int]] = field(default_factory=dict)
    faults: list[Broken] = field(default_factory=list)
    refused: int = 0


@dataclass
class World:
    """Everything a fault or a learner needs."""

    home: Home
    platform: Platform
    storm: Storm
    ledger: Ledger
    api_wire: Wire
    worker_wire: Wire
    chance: random.Random
    notes: Notes = field(default_factory=Notes)
    tokens: dict[str, str] = field(default_factory=dict)

    def pid(self, name: str) -> int | None:
        state = find_running(self.home)
        return next((part.pid for part in state.parts if part.name == name), None) if state else None

    def client(self, learner: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token(learner)}"}
        return httpx.AsyncClient(base_url=self.platform.ports.api_url, headers=headers, timeout=15, trust_env=False)

    def token(self, learner: str) -> str:
        if learner not in self.tokens:
            self.tokens[learner] = token_for(self.home, learner)
        return self.tokens[learner]

    def crashes(self) -> list[str]:
        """What the api says of requests that ended in an error of no name."""
        lines = (self.home.logs / "api.log").read_text().splitlines()
        return [line for line in lines if "request crashed" in line]

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(database_url(self.home, self.platform.ports.postgres))
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()


@contextlib.asynccontextmanager
async def world(folder: Path, seed: int, *, proxied: bool) -> AsyncIterator[World]:
    home = Home(folder / "home")
    async with contextlib.AsyncExitStack() as stack:
        wires: list[Wire] = []

        async def chaotic(home: Home, ports: Ports) -> Layout:
            layout = await lay_out(home, ports, Span(WORKERS, WORKERS), TUNING)
            url = database_url(home, ports.postgres)
            services = layout.services
            if proxied:
                proxy = make_pgbouncer(folder / "pgbouncer", url)
                services, url = (*services, proxy), through(proxy, url)
            made = [await stack.enter_async_context(wired(url)) for _ in range(2)]
            wires.extend(wire for wire, _ in made)
            urls = [wired_url for _, wired_url in made]
            programs = tuple(_chaotic(part, folder, *urls) for part in layout.programs)
            force = layout.workers
            assert force is not None
            crew = dataclasses.replace(force, make=lambda number: _chaotic(force.make(number), folder, *urls))
            return dataclasses.replace(layout, services=services, programs=programs, workers=crew)

        platform = await stack.enter_async_context(running(home, 0, chaotic, lambda *_: None))
        yield World(home, platform, Storm(folder), Ledger(folder), wires[0], wires[1], random.Random(seed))


def _chaotic(part: Part, folder: Path, api_url: str, worker_url: str) -> Part:
    if part.name == "api":
        return dataclasses.replace(part, environment={**part.environment, "KOTONOHA_DATABASE_URL": api_url})
    if not part.name.startswith("worker"):
        return part
    command = module("tests.chaos.worker", "--folder", str(folder), "--deadly", DEADLY)
    # One has not been deployed yet, one has a wrong clock, and those that die by themselves are the rest.
    if part.name == "worker-1":
        command = (*command, "--without", "haiku.scenes")
    clock = skewed() if part.name == "worker-2" else {}
    environment = {**part.environment, **clock, "KOTONOHA_DATABASE_URL": worker_url}
    return dataclasses.replace(part, command=command, environment=environment)


def skewed() -> Mapping[str, str]:
    """The environment of a process whose wall clock is five minutes ahead; its monotonic clock is left alone."""
    spec = find_spec("libfaketime")
    assert spec is not None
    assert spec.submodule_search_locations
    library = Path(spec.submodule_search_locations[0]) / "vendor/libfaketime/src/libfaketime.so.1"
    return {"LD_PRELOAD": str(library), "FAKETIME": AHEAD, "DONT_FAKE_MONOTONIC": "1"}
