"""Refuse what nobody reads: a client that believes it filtered, or told us something, is worse off than one that is told."""

from collections import Counter
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute

from api.access import is_open
from api.body import pointer
from core.errors import Flaw, Invalid

_KNOWN = "known_parameters"


class KnowParameters(ReceiveRoutePlugin):
    """Notes which query parameters each handler reads, its own and those of what it depends on."""

    def receive_route(self, route: BaseRoute) -> None:
        if isinstance(route, HTTPRoute):
            for handler, model in route.route_handler_map.values():
                handler.opt[_KNOWN] = frozenset(parameter.field_alias for parameter in model.expected_query_params)


async def refuse_surplus(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard on every route that is not open, after the one that says who asks. Raises Invalid, TooLarge."""
    if is_open(str(connection.scope["path_template"])):
        return
    known: frozenset[str] = handler.opt.get(_KNOWN, frozenset())
    given = Counter(name for name, _ in connection.query_params.multi_items())
    if flaws := [Flaw(pointer(name), "There is no such parameter.") for name in given if name not in known]:
        raise Invalid(f"There is no parameter {flaws[0].pointer[1:]} here.", flaws)
    if flaws := [Flaw(pointer(name), "Give this parameter once.") for name, times in given.items() if times > 1]:
        raise Invalid(f"The parameter {flaws[0].pointer[1:]} is given twice; give it once.", flaws)
    if isinstance(connection, Request) and "data" not in handler.parsed_fn_signature.parameters and await connection.body():
        raise Invalid("Nothing is read from a body here; send none.", [Flaw("", "Nothing is read from a body here.")])
