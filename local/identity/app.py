"""Discovery, keys, sign-in, tokens and sign-out (OpenID Connect Core and Discovery 1.0; RFC 6749; RFC 7636)."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.types import Scope

from core.errors import Invalid
from local.clients import is_loopback
from local.home import Home
from local.identity.documents import Discovery, discover
from local.identity.grants import PARAMETERS, Asked, OAuthError, go_back, read_asked, read_target
from local.identity.page import plain_page, sign_in_page
from local.identity.teller import Teller, Tokens
from telemetry.logs import get_log

log = get_log("identity")

AnyRequest = Request[Any, Any, State]

ANY_LOOPBACK_ORIGIN = r"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?"

PAGE_HEADERS = {
    "Cache-Control": "no-store",
    # No form-action: browsers would hold it against the redirect to the app that follows the form, too.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app(home: Home, issuer: str) -> Litestar:
    teller, discovery = Teller(home, issuer), discover(issuer)
    return Litestar(
        [front, configuration, jwks, authorize, sign_in, exchange, logout],
        dependencies={
            "teller": Provide(lambda: teller, sync_to_thread=False),
            "discovery": Provide(lambda: discovery, sync_to_thread=False),
        },
        exception_handlers={OAuthError: answer_error},
        # A page elsewhere whose name was made to point here (DNS rebinding) is turned away by the name it uses.
        allowed_hosts=AllowedHostsConfig([f"{host}:{urlsplit(issuer).port}" for host in ("127.0.0.1", "localhost")]),
        cors_config=CORSConfig(allow_origins=[], allow_origin_regex=ANY_LOOPBACK_ORIGIN),
        openapi_config=None,
        logging_config=None,
        after_exception=[tell_crash],
        request_max_body_size=64 * 1024,
    )


@get("/", sync_to_thread=False)
def front() -> Response[str]:
    return _page(plain_page("Sign-in", "The apps send you here to sign in. In a terminal, `kotonoha token` does the same."))


@get("/.well-known/openid-configuration", sync_to_thread=False)
def configuration(discovery: Given[Discovery]) -> Discovery:
    return discovery


@get("/.well-known/jwks.json", sync_to_thread=False)
def jwks(teller: Given[Teller]) -> dict[str, Any]:
    return teller.public_keys()


@get("/oauth2/authorize", sync_to_thread=False)
def authorize(request: AnyRequest) -> Response[str] | Redirect:
    query = _known(dict(request.query_params))
    asked = _asked_or_answer(query)
    return asked if isinstance(asked, Response) else _page(sign_in_page(query))


@post("/oauth2/authorize")
async def sign_in(request: AnyRequest, teller: Given[Teller]) -> Response[str] | Redirect:
    form = await _form(request)
    query = _known(form)
    asked = _asked_or_answer(query)
    if isinstance(asked, Response):
        return asked
    try:
        code = teller.welcome(asked, form.get("name", ""))
    except Invalid as error:
        return _page(sign_in_page(query, error.message), status=400)
    return _go(go_back(asked.redirect_uri, asked.state, code=code))


@post("/oauth2/token", status_code=200)
async def exchange(request: AnyRequest, teller: Given[Teller]) -> Response[Tokens]:
    return Response(teller.exchange(await _form(request)), headers={"Cache-Control": "no-store"})


@get("/logout", sync_to_thread=False)
def logout(request: AnyRequest) -> Response[str] | Redirect:
    """Nothing is remembered here, so there is nothing to forget. Cognito says logout_uri, OpenID the longer name."""
    query = dict(request.query_params)
    target = query.get("logout_uri") or query.get("post_logout_redirect_uri", "")
    if is_loopback(target):
        return _go(go_back(target, query.get("state")))
    return _page(plain_page("Signed out", "You are signed out. You can close this page."))


def tell_crash(error: Exception, _: Scope) -> None:
    """Only what nobody foresaw: Litestar answers it with a bare 500."""
    if not isinstance(error, OAuthError | HTTPException):
        log.error("request crashed", exc_info=error)


def answer_error(_: AnyRequest, error: OAuthError) -> Response[dict[str, str]]:
    body = {"error": error.code, "error_description": error.description}
    return Response(body, status_code=400, headers={"Cache-Control": "no-store"})


def _asked_or_answer(query: dict[str, str]) -> Asked | Response[str]:
    """What is wrong goes to the app, unless it is the app's address itself that is wrong."""
    try:
        _, uri = read_target(query)
    except OAuthError as error:
        return _page(plain_page("This sign-in link does not work", error.description), status=400)
    try:
        return read_asked(query)
    except OAuthError as error:
        return _go(go_back(uri, query.get("state"), error=error.code, error_description=error.description))


def _known(given: dict[str, str]) -> dict[str, str]:
    return {name: given[name] for name in PARAMETERS if name in given}


async def _form(request: AnyRequest) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _page(html: str, status: int = 200) -> Response[str]:
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=PAGE_HEADERS)


def _go(url: str) -> Redirect:
    # 303, so that a browser which has just posted the form goes on with GET.
    return Redirect(url, status_code=303, headers={"Cache-Control": "no-store"})
