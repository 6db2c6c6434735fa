"""Tools of the account: on the fakes, and with `-m aws` the account's own."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from core.contracts.job import QUEUES, Queue
from core.queue import Bell, connect_bell
from core.settings import NEEDED, PREFIX, Settings, read_settings
from core.storage.files import Files
from local.fakes.credentials import variables
from tests.fakes import FakeAws
from workers.providers import open_tools
from workers.providers.aws.account import Account
from workers.providers.aws.clients import Clients
from workers.tools import Tools

NOWHERE = Files(Path("unused"), "http://api.test", "unused")
"""No case reads an upload."""

UNUSED = ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "ISSUER", "JWKS_URL", "CLIENT_IDS", "MEDIA_BUCKET")
FAKE_SETTINGS = {
    "AWS_REGION": "us-east-1",
    "TEXT_MODEL": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "GUARDRAIL_ID": "abcdef123456",
    "GUARDRAIL_VERSION": "1",
    "IMAGE_MODEL": "stability.sd3-5-large-v1:0",
    "IMAGE_REGION": "us-west-2",
    "READ_SECONDS": "20",
}


def aws_settings(given: Mapping[str, str]) -> Settings:
    unused = dict.fromkeys(UNUSED, "unused")
    return read_settings({PREFIX + name: value for name, value in {**unused, **given, "PROVIDERS": "aws"}.items()})


@pytest.fixture(scope="session")
def fake_settings() -> Settings:
    return aws_settings(FAKE_SETTINGS)


async def open_fakes(address: str, settings: Settings, stack: AsyncExitStack) -> Clients:
    """Where the fakes are and who may enter is read when a client opens, and not again."""
    clients = Clients(settings, stack)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables(address).items():
            environment.setenv(name, value)
        for region in (settings.aws_region, settings.image_region):
            await clients.open("bedrock-runtime", region)
        await clients.open("polly", settings.aws_region)
    return clients


async def open_all(settings: Settings, clients: Clients, bell: Bell) -> Mapping[Queue, Tools]:
    account = Account(settings, clients, bell, NOWHERE)
    return {queue: await account.open(queue) for queue in QUEUES}


@pytest.fixture(scope="session")
async def fake_clients(served_fakes: str, fake_settings: Settings) -> AsyncIterator[Clients]:
    """Opened once, as a worker does."""
    async with AsyncExitStack() as stack:
        yield await open_fakes(served_fakes, fake_settings, stack)


@pytest.fixture
async def fake_tools(fake_aws: FakeAws, fake_settings: Settings, fake_clients: Clients, bell: Bell) -> Mapping[Queue, Tools]:
    """Without faults, and with nobody throttled or left alone yet."""
    return await open_all(fake_settings, fake_clients, bell)


@pytest.fixture
async def impatient_tools(served_fakes: str, fake_settings: Settings, bell: Bell) -> AsyncIterator[Mapping[Queue, Tools]]:
    """Who do not wait long for a word."""
    settings = replace(fake_settings, read_seconds=0.4)
    async with AsyncExitStack() as stack:
        yield await open_all(settings, await open_fakes(served_fakes, settings, stack), bell)


@pytest.fixture
async def lost_tools(fake_settings: Settings, bell: Bell) -> AsyncIterator[Mapping[Queue, Tools]]:
    """Who find nobody where Amazon should be."""
    async with AsyncExitStack() as stack:
        yield await open_all(fake_settings, await open_fakes("http://127.0.0.1:1", fake_settings, stack), bell)


@pytest.fixture(scope="session")
async def local_tools(fake_settings: Settings, valkey: str) -> AsyncIterator[Mapping[Queue, Tools]]:
    bell = connect_bell(valkey)
    async with open_tools(replace(fake_settings, providers="local"), QUEUES, bell, NOWHERE) as tools:
        yield tools
    await bell.aclose(close_connection_pool=True)


@pytest.fixture(scope="session")
async def account_tools(valkey: str) -> AsyncIterator[Mapping[Queue, Tools]]:
    """What is asked for by name must be there: a missing setting is a failure, never a skip."""
    names = [name.upper() for name in NEEDED["aws"] if name != "media_bucket"]
    missing = [PREFIX + name for name in names if not os.environ.get(PREFIX + name)]
    assert not missing, f"-m aws needs {', '.join(missing)} and credentials in the environment"
    bell = connect_bell(valkey)
    async with open_tools(aws_settings({name: os.environ[PREFIX + name] for name in names}), QUEUES, bell, NOWHERE) as tools:
        yield tools
    await bell.aclose(close_connection_pool=True)
