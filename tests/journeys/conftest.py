"""One platform for all journeys that leave it as they found it."""

from collections.abc import AsyncIterator, Sequence

import httpx
import pytest

from tests.journeys.platform import PROXIED, UP, Platform, up


@pytest.fixture(scope="session")
def way(request: pytest.FixtureRequest) -> Sequence[str]:
    """How platforms are started: by the command, or with PgBouncer in between (--proxied)."""
    return PROXIED if request.config.getoption("--proxied") else UP


@pytest.fixture(scope="session")
async def platform(tmp_path_factory: pytest.TempPathFactory, way: Sequence[str]) -> AsyncIterator[Platform]:
    async with up(tmp_path_factory.mktemp("platform") / "home", by=way) as platform:
        yield platform


@pytest.fixture
async def mei(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with await platform.learner("mei") as client:
        yield client


@pytest.fixture
async def ken(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with await platform.learner("ken") as client:
        yield client
