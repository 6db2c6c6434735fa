"""One platform for all journeys that leave it as they found it."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest

from tests.journeys.platform import PROXIED, UP, Platform, up


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever needs a platform first waits for it: seconds on an idle machine, more than a minute on a busy one."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(400))


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


@pytest.fixture(scope="session")
async def on_fakes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """The account's code on the fakes."""
    async with up(tmp_path_factory.mktemp("on_fakes") / "home", "--workers", "2", "--providers", "fake-aws") as platform:
        yield platform


@pytest.fixture(params=["platform", pytest.param("on_fakes", marks=pytest.mark.amazon)])
def anywhere(request: pytest.FixtureRequest) -> Platform:
    """A platform with the tools of this machine, and one with those of the account: nobody may notice a difference."""
    found: Platform = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def anna(anywhere: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with await anywhere.learner("anna") as client:
        yield client


@pytest.fixture
async def stranger() -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a token, as it sends a form and opens a link."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        yield client
