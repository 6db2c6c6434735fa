"""Clients of Amazon's, one for each use and process: no retries of their own, and no wait and no answer without an end."""

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Literal, overload

import aioboto3
from aiobotocore.awsrequest import AioAWSResponse
from aiobotocore.config import AioConfig
from aiobotocore.httpsession import AIOHTTPSession

from core.settings import Settings
from workers.providers.aws.read_at_most import read_at_most

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient
    from types_aiobotocore_polly import PollyClient


LONGEST_BYTES = 1024 * 1024
"""Of what the SDK reads by itself: an answer of Converse, or an error. Pictures, sound and streams are read by who asked."""


class BoundedAnswer(AioAWSResponse):
    """An answer of which only so much is read at once."""

    _content: bytes | None

    async def _content_prop(self) -> bytes:
        if self._content is None:
            # Whatever is left of it, the connection is not used again.
            async with self.raw:
                self._content = await read_at_most(LONGEST_BYTES, self.raw.content)
        return self._content


class BoundedSession(AIOHTTPSession):
    """The SDK's own way to read all of an answer has no bound."""

    async def send(self, request: Any) -> Any:
        is_read_here, request.stream_output = not request.stream_output, True
        # Its types are not those of what comes.
        answer: Any = await super().send(request)
        bounded = BoundedAnswer(answer.url, answer.status_code, answer.headers, answer.raw)
        if is_read_here:
            await bounded._content_prop()
        return bounded


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
    """A connection for each call at once, for waiting for one is not bounded by either timeout: a text slot holds two, a stream
    and the guardrail that reads along, and an image slot one, of the same client where both models are in one region."""
    return AioConfig(
        connect_timeout=settings.connect_seconds,
        read_timeout=settings.read_seconds,
        max_pool_connections=settings.slots_per_queue * 3,
        http_session_cls=BoundedSession,
        retries={"total_max_attempts": 1},
        tcp_keepalive=True,
    )
