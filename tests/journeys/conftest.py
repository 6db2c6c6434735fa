"""One platform for all journeys that leave it as they found it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.journeys.platform import Platform, up


@pytest.fixture(scope="session")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    async with up(tmp_path_factory.mktemp("platform") / "home") as platform:
        yield platform


@pytest.fixture
async def mei(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with await platform.learner("mei") as client:
        yield client


@pytest.fixture
async def ken(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with await platform.learner("ken") as client:
        yield client
