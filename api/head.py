"""HEAD wherever GET works (RFC 9110, section 9.3.2): the same answer without its content."""

from typing import Any

from litestar.datastructures import MutableScopeHeaders
from litestar.routes import HTTPRoute
from litestar.types import Message, Scope, Send


def as_get(scope: Scope) -> Any:
    """The same as a GET of everything: parts are for who wants content."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
    return {**scope, "method": "GET", "headers": headers}


def without_content(send: Send) -> Send:
    """Ends the answer where its content would begin, so that a stream ends too, as one whose reader has left."""
    ended = False

    async def head_only(message: Message) -> None:
        nonlocal ended
        if message["type"] == "http.response.start":
            await send(message)
        elif not ended:
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return head_only


async def name_methods(message: Message, scope: Scope) -> None:
    """Allow names every method of the address, HEAD beside GET, and nothing that is no method of HTTP."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    if "allow" in headers:
        named = {method for method in headers["allow"].replace(" ", "").split(",") if method.isupper()} | _known(scope)
        headers["allow"] = ", ".join(sorted(named | ({"HEAD"} if "GET" in named else set())))


def _known(scope: Scope) -> set[str]:
    """Litestar's own answer to OPTIONS is made with the first handler of an address and hears of no other."""
    routes = (route for route in scope["litestar_app"].routes if isinstance(route, HTTPRoute))
    return {method for route in routes if route.path_format == scope.get("path_template") for method in route.methods}
