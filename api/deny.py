"""Refuse a WebSocket before it opens, with a problem document like everywhere else (ASGI's WebSocket Denial Response)."""

from typing import Any

import msgspec
from litestar import WebSocket

from api.errors import PROBLEM_JSON, STATUS, describe_problem, problem_headers
from core.errors import KotonohaError


async def deny(socket: WebSocket[Any, Any, Any], error: KotonohaError) -> None:
    await socket.receive()
    headers = {"Content-Type": PROBLEM_JSON, "Cache-Control": "no-store", **problem_headers(error)}
    start: Any = {
        "type": "websocket.http.response.start",
        "status": STATUS.get(type(error), 500),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    body: Any = {
        "type": "websocket.http.response.body",
        "body": msgspec.json.encode(describe_problem(error, socket.scope["path"])),
        "more_body": False,
    }
    await socket.send(start)
    await socket.send(body)
