"""The fakes of Amazon's services for tests: one server a session, no faults and no calls when a test begins."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

import httpx
import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

from local.fakes.credentials import ACCESS_KEY, REGION, SECRET_KEY
from local.layout import make_fakes
from local.ports import choose_ports
from tests.servers import serving

Json = dict[str, Any]

ONCE = AioConfig(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=30)


class FakeAws:
    """Where the fakes listen, what shall go wrong there, and who called. `endpoint` is theirs for every service."""

    def __init__(self, endpoint: str, control: httpx.AsyncClient) -> None:
        self.endpoint = endpoint
        self._control = control

    async def fault(self, service: str, kind: str, **more: Any) -> None:
        """Goes wrong at the next call of the service, unless `nth`, `times` or `operation` say otherwise."""
        answer = await self._control.post("/faults", json=[{"service": service, "kind": kind, **more}])
        assert answer.status_code == 200, answer.text

    async def calls(self) -> list[Json]:
        """In order: service, operation, model, outcome."""
        told: list[Json] = (await self._control.get("/calls")).json()["calls"]
        return told

    async def count(self, operation: str) -> int:
        return len([call for call in await self.calls() if call["operation"] == operation])

    async def forget(self) -> None:
        """Faults and calls."""
        await self._control.delete("/faults")
        await self._control.delete("/calls")


@asynccontextmanager
async def amazon_client(service: str, endpoint: str, **more: Any) -> AsyncIterator[Any]:
    """A real client with the keys the fakes know and no retries of its own."""
    keys = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY, "region_name": REGION, "config": ONCE}
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(
            cast("Any", get_session()).create_client(service, endpoint_url=endpoint, **{**keys, **more})
        )


@pytest.fixture(scope="session")
def served_fakes() -> Iterator[str]:
    """The address of the fakes."""
    part = make_fakes(choose_ports(0).api, {})
    with serving(part):
        yield f"http://127.0.0.1:{part.port}"


@pytest.fixture
async def fake_aws(served_fakes: str) -> AsyncIterator[FakeAws]:
    async with httpx.AsyncClient(base_url=served_fakes, trust_env=False) as control:
        fakes = FakeAws(served_fakes, control)
        await fakes.forget()
        yield fakes
