"""Clients of Amazon's, one for each use and process: no retries of their own, and no wait without an end."""

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Literal, overload

import aioboto3
from aiobotocore.config import AioConfig

from core.settings import Settings

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient
    from types_aiobotocore_polly import PollyClient


class Clients:
    """Opens clients that live until the stack is closed, each once. It takes about 100 ms, so none is opened for a call."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._session = aioboto3.Session()
        self._config = make_config(settings)
        self._stack = stack
        self._opened: dict[tuple[str, str], object] = {}

    @overload
    async def open(self, name: Literal["bedrock-runtime"], region: str) -> "BedrockRuntimeClient": ...
    @overload
    async def open(self, name: Literal["polly"], region: str) -> "PollyClient": ...
    async def open(self, name: Literal["bedrock-runtime", "polly"], region: str) -> object:
        if (name, region) not in self._opened:
            client = self._session.client(name, region_name=region, config=self._config)
            self._opened[name, region] = await self._stack.enter_async_context(client)
        return self._opened[name, region]


def make_config(settings: Settings) -> AioConfig:
    """A connection for each slot and then some: waiting for one is not bounded by either timeout."""
    return AioConfig(
        connect_timeout=settings.connect_seconds,
        read_timeout=settings.read_seconds,
        max_pool_connections=settings.slots_per_queue * 2,
        retries={"total_max_attempts": 1},
        tcp_keepalive=True,
    )
