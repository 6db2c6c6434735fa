"""One HTTP request and its reply, as the fakes see them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BYTES = 25_000_000
"""InvokeModel's body, the largest there is: docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html"""


class HangUp(Exception):
    """The connection closes in the middle of things."""


@dataclass(frozen=True)
class Request:
    """`path` and `query` as they came over the wire, percent signs and all: a signature covers exactly that."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Reply:
    """`body` may come in pieces, as it is made."""

    body: bytes | AsyncIterator[bytes] = field(repr=False)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


async def read_request(scope: Mapping[str, Any], receive: Receive) -> Request:
    """Raises HangUp for whoever goes away, or sends more than Amazon takes: it closes the connection on those, too."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or len(body) > LARGEST_BYTES:
            raise HangUp
        if not message.get("more_body"):
            break
    headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
    return Request(scope["method"], scope["raw_path"].decode(), scope["query_string"].decode(), headers, bytes(body))


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_reply(reply: Reply, send: Send) -> None:
    """Raises HangUp when the reply does, with what came before it sent."""
    whole = reply.body if isinstance(reply.body, bytes) else None
    headers = {**reply.headers, **({"content-length": str(len(whole))} if whole is not None else {})}
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
    if not isinstance(reply.body, bytes):
        async for piece in reply.body:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": whole or b""})
