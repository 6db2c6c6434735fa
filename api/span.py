"""The span around each HTTP request: the first of the trace that follows it through the queue."""

import re
import time
from typing import Any

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.types import Message, Receive, Scope, Send
from litestar.utils import normalize_path

from api.head import as_get, without_content
from api.last_words import last_words
from api.send_problem import deny
from core.errors import NotFound
from telemetry.metrics import request_served
from telemetry.trace import fail_span, span

METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
OTHER = "_OTHER"
"""OpenTelemetry's word for methods that RFC 9110 and RFC 5789 do not know."""

_CONVERTER = re.compile(r":\w+}")


class TracedApp(Litestar):
    """Litestar inside a SERVER span. What a caller says about sampling is not listened to: every trace begins here."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and not self._hears(scope["path"]):
            await deny(scope["path"], receive, send, NotFound())
            return
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope, send = as_get(scope), without_content(send)
        if scope["type"] != "http" or scope["path"].startswith("/health"):
            await super().__call__(scope, receive, send)
        else:
            await self._traced(scope, receive, send)

    def _hears(self, path: str) -> bool:
        """Whether a WebSocket leads anywhere: where none does, Litestar closes it without a word."""
        try:
            self.asgi_router.handle_routing(path=normalize_path(path), method=None)
        except HTTPException:
            return False
        return True

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = known_method(str(scope["method"]))  # type: ignore[typeddict-item]  # only HTTP scopes come here
        watched, began = Watched(send), time.perf_counter()
        with span("HTTP" if method == OTHER else method, "server", attributes={"http.request.method": method}) as opened:
            async with last_words(scope, watched) as answer:
                await super().__call__(scope, receive, answer)
            route, status = route_of(scope), watched.status
            if route:
                opened.update_name(f"{method} {route}")
                opened.set_attribute("http.route", route)
            opened.set_attribute("http.response.status_code", status)
            if status >= 500:
                opened.set_attribute("error.type", str(status))
                fail_span(str(status))
        if not watched.is_stream:
            request_served(method, route, status, time.perf_counter() - began)


class Watched:
    """A `send` that remembers how the answer began."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.is_stream = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.is_stream = any(
                name.lower() == b"content-type" and value.startswith(b"text/event-stream") for name, value in message["headers"]
            )
        await self._send(message)


def known_method(method: str) -> str:
    """A caller may invent methods: what they say goes into no span and no metric."""
    return method if method in METHODS else OTHER


def route_of(scope: Scope) -> str | None:
    """The template, never the path: that is made of what callers wrote."""
    template = scope.get("path_template")
    return _CONVERTER.sub("}", str(template)) if template else None
