"""The telemetry of this process, told to a receiver; and a house that is watched: a real api, a real worker, scripted tools."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from core.contracts.job import QUEUES
from core.db.pool import make_pool
from core.queue import Bell
from core.settings import Settings
from core.storage.files import Files
from telemetry.metrics import pool_waited
from telemetry.start import Telemetry
from tests.api.conftest import client_of, make_settings, running
from tests.api.issuer import Issuer, serve_issuer
from tests.api.serve import House, serving
from tests.telemetry.receiver import Receiver, receiving
from tests.until import until
from tests.workers.providers.conftest import fake_clients, fake_settings, fake_tools  # noqa: F401  fixtures, for the account's tools
from tests.workers.scripted import Script, scripted_tools
from workers.main import Worker
from workers.parts import Parts


@pytest.fixture(scope="session")
def collector() -> Iterator[Receiver]:
    with receiving() as collector:
        yield collector


@pytest.fixture(scope="session")
def telemetry(collector: Receiver) -> Iterator[Telemetry]:
    """Once a process: who opened a span or a number keeps the provider that was there."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        environment.setenv("NO_PROXY", "127.0.0.1")
        telemetry = Telemetry("test", 1.0, exported=True)
    yield telemetry
    telemetry.shutdown()


@pytest.fixture
def told(telemetry: Telemetry, collector: Receiver) -> "Ear":
    telemetry.flush()
    collector.forget()
    return Ear(telemetry, collector)


class Ear:
    """What was told since the test began."""

    def __init__(self, telemetry: Telemetry, collector: Receiver) -> None:
        self._telemetry = telemetry
        self._collector = collector

    def listen(self) -> Receiver:
        self._telemetry.flush()
        return self._collector


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


@pytest.fixture
def settings(database: str, valkey_url: str, issuer: Issuer, tmp_path: Path) -> Settings:
    return msgspec.structs.replace(
        make_settings(database, valkey_url, issuer, tmp_path),
        sweep_seconds=0.05,
        heartbeat_seconds=0.05,
        idle_look_seconds=0.05,
        publish_seconds=0.05,
        backoff_base_seconds=0.01,
        drain_seconds=5,
    )


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
async def parts(settings: Settings, bell: Bell, script: Script) -> AsyncIterator[Parts]:
    files = Files(settings.media_dir, settings.public_url, settings.link_secret)
    async with make_pool(settings.database_url, waited=pool_waited) as pool:
        yield Parts(settings, pool, bell, files, scripted_tools(script))


@pytest.fixture
async def mei(settings: Settings, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """A learner at an api that lives as long as the test."""
    async with running(settings) as app, client_of(app, issuer.token("mei")) as client:
        yield client


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    async with serving(settings) as house:
        yield house


@contextlib.asynccontextmanager
async def working(parts: Parts) -> AsyncIterator[None]:
    """A worker of all queues, as `workers.main` starts it, drained at the end."""
    stopping = asyncio.Event()
    task = asyncio.create_task(Worker(parts, QUEUES).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await task


async def ask(learner: httpx.AsyncClient, topic: str = "frogs", **more: Any) -> dict[str, Any]:
    answer = await learner.post("/api/haiku", json={"topic": topic, **more})
    assert answer.status_code == 202, answer.text
    request: dict[str, Any] = answer.json()
    return request


async def over(parts: Parts, request: dict[str, Any]) -> str:
    """How the request ended, once it has."""

    async def is_over() -> bool:
        return bool(await parts.pool.fetchval("SELECT finished_at IS NOT NULL FROM street.requests WHERE id = $1", request["id"]))

    await until(is_over)
    status: str = await parts.pool.fetchval("SELECT status FROM street.requests WHERE id = $1", request["id"])
    return status


def of_traceparent(traceparent: str) -> tuple[str, str]:
    """Trace and span."""
    _, trace, span, _ = traceparent.split("-")
    return trace, span


def brief(parts: Parts, **settings: Any) -> Parts:
    return msgspec.structs.replace(parts, settings=msgspec.structs.replace(parts.settings, **settings))
