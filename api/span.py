"""The span around each HTTP request: the first of the trace that follows it through the queue."""

from typing import Any

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.types import Message, Receive, Scope, Send
from litestar.utils import normalize_path

from api.head import as_get, without_content
from api.last_words import last_words
from api.send_problem import deny
from core.errors import NotFound
from telemetry.trace import fail_span, span


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
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = str(scope["method"])  # type: ignore[typeddict-item]  # only HTTP scopes come here
        with span(method, "server", attributes={"http.request.method": method}) as opened:
            async with last_words(scope, watch) as answer:
                await super().__call__(scope, receive, answer)
            route = scope.get("path_template")
            if route:
                opened.update_name(f"{method} {route}")
                opened.set_attribute("http.route", str(route))
            opened.set_attribute("http.response.status_code", status)
            if status >= 500:
                fail_span(str(status))
