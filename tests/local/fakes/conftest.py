"""A client of each service, as the code of workers has them: one for all tests."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from local.fakes.credentials import IMAGE_REGION
from tests.fakes import FakeAws, amazon_client


@pytest.fixture(scope="session")
async def bedrock_client(served_fakes: str) -> AsyncIterator[Any]:
    async with amazon_client("bedrock-runtime", served_fakes) as client:
        yield client


@pytest.fixture(scope="session")
async def polly_client(served_fakes: str) -> AsyncIterator[Any]:
    async with amazon_client("polly", served_fakes) as client:
        yield client


@pytest.fixture(scope="session")
async def studio_client(served_fakes: str) -> AsyncIterator[Any]:
    async with amazon_client("bedrock-runtime", served_fakes, region_name=IMAGE_REGION) as client:
        yield client


@pytest.fixture
def studio(fake_aws: FakeAws, studio_client: Any) -> Any:
    """Where pictures are painted, which is another region. With no faults before it."""
    return studio_client


@pytest.fixture
def bedrock(fake_aws: FakeAws, bedrock_client: Any) -> Any:
    """With no faults before it."""
    return bedrock_client


@pytest.fixture
def polly(fake_aws: FakeAws, polly_client: Any) -> Any:
    return polly_client
