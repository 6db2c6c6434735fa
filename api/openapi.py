"""OpenAPI says of every route which problem documents it answers with, and that it wants a bearer token."""

import re
from typing import Any

from litestar import Response, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Components, Example, SecurityScheme
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute

from api.access import is_open
from api.errors import PROBLEM_JSON, STATUS, ProblemDocument, describe_problem
from core.errors import Forbidden, Invalid, KotonohaError, NotAllowed, NotFound, TooLarge, TooMany, TooSlow, Unavailable
from core.problems import problem_title

DESCRIPTION = """
A learner's ask becomes a request, a request becomes jobs, and jobs tell their story while they run: submit, then follow the
request's events or read it again until it is over. Errors are problem documents (RFC 9457) with a stable `type`.
"""


SOME_ID = "0192f0c0-5e1f-7a3b-8c4d-2f6b9a1e7d05"
_PARAMETER = re.compile(r"\{[^}]*\}")


def describe_api() -> OpenAPIConfig:
    """JSON and YAML alone: the usual pages for people load their scripts from somebody else's host."""
    return OpenAPIConfig(
        title="Kotonoha",
        version="1",
        description=DESCRIPTION.strip(),
        path="/schema",
        openapi_router=Router("/schema", route_handlers=[], include_in_schema=False, after_request=refuse_page),
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT access token")}
        ),
        render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
    )


def refuse_page(response: Response[Any]) -> Response[Any]:
    """Litestar has a page in HTML for what is not there below /schema; we have one word for that everywhere."""
    if response.status_code == 404:
        raise NotFound
    return response


class DeclareProblems(ReceiveRoutePlugin):
    """Fills in each handler's `responses`. A route adds its own with `opt={"refuses": [Conflict]}`."""

    def receive_route(self, route: BaseRoute) -> None:
        if isinstance(route, HTTPRoute) and not route.path.startswith("/schema"):
            for handler in route.route_handlers:
                _declare(handler, route)


def _declare(handler: HTTPRouteHandler, route: HTTPRoute) -> None:
    refusals = {STATUS[error]: error for error in _refusals(handler, route)} | {500: KotonohaError}
    path = _PARAMETER.sub(SOME_ID, route.path)
    handler.responses = {
        **(handler.responses or {}),
        **{status: _response(refusals[status], path) for status in sorted(refusals)},
    }
    if not is_open(route.path):
        handler.security = [{"bearer": []}]


def _refusals(handler: HTTPRouteHandler, route: HTTPRoute) -> set[type[KotonohaError]]:
    found: set[type[KotonohaError]] = {Invalid, *handler.opt.get("refuses", ())}
    if not is_open(route.path):
        found |= {NotAllowed, Forbidden, TooMany, Unavailable}
    if route.path_parameters:
        found |= {NotFound}
    if "data" in handler.parsed_fn_signature.parameters:
        found |= {TooLarge, TooSlow}
    return found


def _response(error: type[KotonohaError], path: str) -> ResponseSpec:
    title = problem_title(error)
    return ResponseSpec(
        data_container=ProblemDocument,
        generate_examples=False,
        description=title,
        media_type=PROBLEM_JSON,
        examples=[Example(summary=title, value=describe_problem(error(), path))],
    )
