"""A problem document where no route can answer, in ASGI's own words."""

from typing import Any

import msgspec

from api.errors import PROBLEM_JSON, STATUS, describe_problem, problem_headers
from api.headers import ALWAYS
from core.errors import KotonohaError


async def send_problem(send: Any, path: str, error: KotonohaError, kind: str = "http.response") -> None:
    headers = {**ALWAYS, "Content-Type": PROBLEM_JSON, **problem_headers(error)}
    start = {
        "type": f"{kind}.start",
        "status": STATUS.get(type(error), 500),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await send(start)
    await send({"type": f"{kind}.body", "body": msgspec.json.encode(describe_problem(error, path)), "more_body": False})


async def deny(path: str, receive: Any, send: Any, error: KotonohaError) -> None:
    """Refuse a WebSocket before it opens (ASGI's WebSocket Denial Response)."""
    await receive()
    await send_problem(send, path, error, "websocket.http.response")
