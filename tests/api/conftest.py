"""The whole api over a real database and a real Valkey, and a learner with a token."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from api.app import create_app
from core.settings import Settings
from core.storage.files import Files
from tests.api.issuer import CLIENT, ISSUER, Issuer, serve_issuer
from tests.api.serve import House, serving


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


@pytest.fixture
def settings(database: str, valkey_url: str, issuer: Issuer, tmp_path: Path) -> Settings:
    return make_settings(database, valkey_url, issuer, tmp_path)


def make_settings(database: str, valkey_url: str, issuer: Issuer, media: Path) -> Settings:
    return Settings(
        database_url=database,
        redis_url=valkey_url,
        media_dir=media,
        link_secret="a secret of this test",
        public_url="http://api.test",
        issuer=ISSUER,
        jwks_url=issuer.jwks_url,
        client_ids=f"{CLIENT}, kotonoha-cli",
        allowed_origins="http://portal.test",
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    async with running(settings) as app:
        yield app


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Litestar]:
    app = create_app(settings)
    ready, done = asyncio.Event(), asyncio.Event()

    # In one task from beginning to end, as under a server; pytest runs the two halves of a fixture in two.
    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await done.wait()

    task = asyncio.create_task(live())
    await asyncio.wait({task, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield app
    finally:
        done.set()
        await task


def client_of(app: Litestar, token: str | None = None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar's own ASGI types
    return httpx.AsyncClient(transport=transport, base_url="http://api.test", headers=headers)


@pytest.fixture
async def mei(app: Litestar, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """A learner."""
    async with client_of(app, issuer.token("mei")) as client:
        yield client


@pytest.fixture
async def ken(app: Litestar, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """Another learner, to whom nothing of Mei's exists."""
    async with client_of(app, issuer.token("ken")) as client:
        yield client


@pytest.fixture
def files(app: Litestar) -> Files:
    files: Files = app.state.storage
    return files


@pytest.fixture
async def nobody(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """The api behind its real server, for what stays open."""
    async with serving(settings) as house:
        yield house
