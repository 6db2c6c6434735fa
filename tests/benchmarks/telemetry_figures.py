"""What telemetry costs: two houses alike but for a collector, asked in turns for as many haiku."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx
import psutil

from local.home import Home
from local.layout import make_traces
from local.ports import choose_ports
from local.valkey import make_valkey, redis_url
from tests.api.issuer import CLIENT, ISSUER, Issuer, serve_issuer
from tests.benchmarks.figures import Figure
from tests.benchmarks.street_figures import FAST
from tests.servers import migrated_database, serving
from tests.until import until

ROUNDS, HAIKU, LEARNERS = 12, 40, 10
"""A haiku is eight jobs; forty of them take about two seconds here."""


class House(NamedTuple):
    """Where a house listens, where its rows are, and which process it is."""

    url: str
    database_url: str
    pid: int


class Took(NamedTuple):
    """Seconds, by the clock and of its processor."""

    time: float
    processor: float


def measure_telemetry(rounds: int = ROUNDS, haiku: int = HAIKU) -> list[Figure]:
    """Tools answer at once and the disk is not waited for, so nothing hides what is told: a worker that waits for a model
    loses less. Half of the rounds begin with the one house, half with the other."""
    with (
        tempfile.TemporaryDirectory(prefix="kotonoha-bench-") as folder,
        serve_issuer() as issuer,
        _collector() as collector,
        _house(Path(folder) / "quiet", issuer) as quiet,
        _house(Path(folder) / "telling", issuer, OTEL_EXPORTER_OTLP_ENDPOINT=collector) as telling,
    ):
        pairs = asyncio.run(_pairs(quiet, telling, issuer, rounds, haiku))
        assert httpx.get(f"{collector}/api/traces", trust_env=False).json()["items"], "nothing was told"
    time_costs = tuple(_cost(without.time, with_it.time) for without, with_it in pairs)
    processor_costs = tuple(_cost(without.processor, with_it.processor) for without, with_it in pairs)
    return [
        Figure("throughput lost to telemetry, one trace in ten, tools that answer at once", "%", time_costs, 10),
        Figure("… by the time of the processor, whatever else runs", "%", processor_costs, 10),
    ]


def _cost(without: float, with_it: float) -> float:
    """In percent of the throughput without; less than nothing when chance was on the other's side."""
    return 100 * (1 - without / with_it)


async def _pairs(quiet: House, telling: House, issuer: Issuer, rounds: int, haiku: int) -> list[tuple[Took, Took]]:
    """Each without and with, after a round of both that is not counted."""
    tokens = [issuer.token(f"learner {number}") for number in range(LEARNERS)]
    pairs = []
    for number in range(rounds + 1):
        order = (quiet, telling) if number % 2 else (telling, quiet)
        took = {house: await _work(house, tokens, haiku) for house in order}
        pairs.append((took[quiet], took[telling]))
    return pairs[1:]


async def _work(house: House, tokens: Sequence[str], haiku: int) -> Took:
    """From the first POST until every job of every haiku is over."""
    process = psutil.Process(house.pid)
    database = await asyncpg.connect(house.database_url)

    async def is_over() -> bool:
        return not await database.fetchval("SELECT EXISTS (SELECT FROM street.requests WHERE finished_at IS NULL)")

    async with httpx.AsyncClient(base_url=house.url, trust_env=False, timeout=30) as client:
        began, used = time.perf_counter(), sum(process.cpu_times()[:2])
        answers = await asyncio.gather(*(_ask(client, tokens[number % len(tokens)]) for number in range(haiku)))
        await until(is_over, 120)
        took = Took(time.perf_counter() - began, sum(process.cpu_times()[:2]) - used)
    await database.close()
    assert answers == [202] * haiku
    return took


async def _ask(client: httpx.AsyncClient, token: str) -> int:
    body = {"topic": "autumn rain", "illustrate": True}
    return (await client.post("/api/haiku", json=body, headers={"Authorization": f"Bearer {token}"})).status_code


@contextmanager
def _collector() -> Iterator[str]:
    """The page of traces, which takes what a collector takes."""
    ports = choose_ports(0)
    with serving(make_traces(ports.traces, {})):
        yield ports.traces_url


@contextmanager
def _house(folder: Path, issuer: Issuer, **telling: str) -> Iterator[House]:
    home, port = Home(folder / "valkey"), choose_ports(0).valkey
    home.make()
    with migrated_database(folder / "postgres", *FAST) as database, serving(make_valkey(home, port)):
        environment = _environment(folder, issuer, database, redis_url(home, port)) | telling
        command = [sys.executable, "-m", "tests.benchmarks.house"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            yield House(process.stdout.readline().strip(), database, process.pid)
            process.terminate()


def _environment(folder: Path, issuer: Issuer, database: str, redis: str) -> dict[str, str]:
    usual = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "KOTONOHA_"))}
    return {
        **usual,
        "NO_PROXY": "127.0.0.1",
        "KOTONOHA_DATABASE_URL": database,
        "KOTONOHA_REDIS_URL": redis,
        "KOTONOHA_PUBLIC_URL": "http://127.0.0.1",
        "KOTONOHA_MEDIA_DIR": str(folder / "media"),
        "KOTONOHA_LINK_SECRET": "a secret of this bench",
        "KOTONOHA_ISSUER": ISSUER,
        "KOTONOHA_JWKS_URL": issuer.jwks_url,
        "KOTONOHA_CLIENT_IDS": CLIENT,
        "KOTONOHA_SUBMITS_PER_MINUTE": "100000",
        "KOTONOHA_REQUESTS_PER_MINUTE": "100000",
        "KOTONOHA_OPEN_PER_OWNER": "10000",
        "KOTONOHA_SLOTS_PER_QUEUE": "16",
        "KOTONOHA_RUNNING_PER_OWNER": "16",
    }
