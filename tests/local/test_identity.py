"""A browser signs in by the authorization-code flow with PKCE and gets tokens the api lets in; whoever cheats gets none."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from litestar import Litestar

from local.clients import WEB
from local.home import Home
from local.identity.app import create_app
from local.tokens import learner_id

ISSUER = "http://127.0.0.1:8601"
VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
APP = "http://localhost:5173/callback?from=sign-in"
ASK = {
    "client_id": WEB,
    "redirect_uri": APP,
    "response_type": "code",
    "scope": "openid kotonoha/learner",
    "state": "a state & more",
    "nonce": "once",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Of all tests here: making a key takes a moment."""
    home = Home(tmp_path_factory.mktemp("identity"))
    home.make()
    return home


@pytest.fixture
async def browser(one_home: Home) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_of(create_app(one_home, ISSUER)) as browser:
        yield browser


def browser_of(app: Litestar) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar's own ASGI types
    return httpx.AsyncClient(transport=transport, base_url=ISSUER)


async def sign_in(browser: httpx.AsyncClient, name: str = "demo", **ask: str) -> dict[str, str]:
    """What comes back to the app."""
    answer = await browser.post("/oauth2/authorize", data=ASK | ask | {"name": name})
    assert answer.status_code == 303
    return query_of(answer)


async def exchange(browser: httpx.AsyncClient, given: str, **form: str) -> httpx.Response:
    asked = {
        "grant_type": "authorization_code",
        "code": given,
        "client_id": WEB,
        "redirect_uri": APP,
        "code_verifier": VERIFIER,
    }
    return await browser.post("/oauth2/token", data=asked | form)


def query_of(answer: httpx.Response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


async def claims_of(browser: httpx.AsyncClient, token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set((await browser.get("/.well-known/jwks.json")).json())
    return jwt.decode(token, keys, algorithms=["RS256"]).claims


async def test_the_page_offers_the_demo_learner_and_carries_the_question_along(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/oauth2/authorize", params=ASK)

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert 'name="name" value="demo"' in page.text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    assert {name: unescape(value) for name, value in hidden.items()} == ASK


async def test_what_is_asked_cannot_break_out_of_the_page(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/oauth2/authorize", params=ASK | {"state": '"><script>x</script>', "login_hint": '"><b>'})

    assert "<script>" not in page.text
    assert "<b>" not in page.text


async def test_a_code_becomes_tokens_shaped_like_cognitos(browser: httpx.AsyncClient) -> None:
    back = await sign_in(browser, "はな")
    tokens = (await exchange(browser, back["code"])).json()

    assert back == {"from": "sign-in", "state": "a state & more", "code": back["code"]}
    assert tokens["token_type"] == "Bearer"  # noqa: S105  a word of RFC 6750
    access, identity = await claims_of(browser, tokens["access_token"]), await claims_of(browser, tokens["id_token"])
    assert access | {"iss": ISSUER, "token_use": "access", "client_id": WEB, "scope": ASK["scope"], "username": "はな"} == access
    assert access["sub"] == learner_id("はな") == identity["sub"]
    assert access["exp"] - access["iat"] == tokens["expires_in"]
    assert identity | {"iss": ISSUER, "token_use": "id", "aud": WEB, "nonce": "once"} == identity
    assert "aud" not in access


async def test_a_refresh_token_brings_new_tokens_also_after_a_restart(one_home: Home, browser: httpx.AsyncClient) -> None:
    tokens = (await exchange(browser, (await sign_in(browser, "mei"))["code"])).json()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": WEB}
    async with browser_of(create_app(one_home, ISSUER)) as later:
        again = await later.post("/oauth2/token", data=form)
        claims = await claims_of(browser, again.json()["access_token"])

    assert again.status_code == 200
    assert claims["sub"] == learner_id("mei")
    assert again.json()["access_token"] != tokens["access_token"]


async def test_a_code_works_once(browser: httpx.AsyncClient) -> None:
    code = (await sign_in(browser))["code"]
    first, second = await exchange(browser, code), await exchange(browser, code)

    assert first.status_code == 200
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"code_verifier": "another-verifier-that-is-just-as-long-as-that"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code": "made up"}, "invalid_grant"),
        ({"client_id": "kotonoha-cli"}, "invalid_grant"),
        ({"redirect_uri": "http://localhost:5173/elsewhere"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "made up"}, "invalid_grant"),
    ],
)
async def test_a_code_is_bound_to_who_asked_for_it(browser: httpx.AsyncClient, form: dict[str, str], error: str) -> None:
    answer = await exchange(browser, (await sign_in(browser))["code"], **form)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_tokens_of_ours_are_no_refresh_tokens(browser: httpx.AsyncClient) -> None:
    tokens = (await exchange(browser, (await sign_in(browser))["code"])).json()

    for token in (tokens["access_token"], tokens["id_token"]):
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": WEB}
        assert (await browser.post("/oauth2/token", data=form)).status_code == 400


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
    ],
)
async def test_a_wrong_question_is_told_to_the_app(browser: httpx.AsyncClient, ask: dict[str, str], error: str) -> None:
    for answer in (
        await browser.get("/oauth2/authorize", params=ASK | ask),
        await browser.post("/oauth2/authorize", data=ASK | ask | {"name": "demo"}),
    ):
        assert answer.status_code == 303
        assert (query_of(answer)["error"], query_of(answer)["state"]) == (error, ASK["state"])


@pytest.mark.parametrize(
    "ask",
    [
        {"redirect_uri": "https://example.org/callback"},
        {"redirect_uri": "http://127.0.0.1@example.org/"},
        {"redirect_uri": "http://127.0.0.1.example.org/"},
        {"redirect_uri": "//127.0.0.1/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://127.0.0.1/#fragment"},
        {"redirect_uri": "http://127.0.0.1:port/"},
        {"redirect_uri": ""},
        {"client_id": "somebody-else"},
    ],
)
async def test_nobody_is_sent_to_a_place_that_is_not_this_machine(browser: httpx.AsyncClient, ask: dict[str, str]) -> None:
    for answer in (
        await browser.get("/oauth2/authorize", params=ASK | ask),
        await browser.post("/oauth2/authorize", data=ASK | ask | {"name": "demo"}),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\nb"])
async def test_a_name_that_is_none_is_asked_for_again(browser: httpx.AsyncClient, name: str) -> None:
    answer = await browser.post("/oauth2/authorize", data=ASK | {"name": name})

    assert answer.status_code == 400
    assert "printable characters" in answer.text


async def test_signing_out_leads_back_to_the_app_but_nowhere_else(browser: httpx.AsyncClient) -> None:
    home = await browser.get("/logout", params={"client_id": WEB, "logout_uri": "http://localhost:5173/"})
    elsewhere = await browser.get("/logout", params={"client_id": WEB, "logout_uri": "https://example.org/"})

    assert (home.status_code, home.headers["location"]) == (303, "http://localhost:5173/")
    assert elsewhere.status_code == 200
    assert "location" not in elsewhere.headers


async def test_discovery_names_addresses_that_exist(browser: httpx.AsyncClient) -> None:
    document = (await browser.get("/.well-known/openid-configuration")).json()
    token = await browser.post(document["token_endpoint"], data={})

    assert document["issuer"] == ISSUER
    assert token.json()["error"] == "unsupported_grant_type"
    for name in ("authorization_endpoint", "end_session_endpoint", "jwks_uri"):
        assert (await browser.get(document[name])).status_code != 404


async def test_only_a_name_of_this_machine_reaches_it(browser: httpx.AsyncClient) -> None:
    rebound = await browser.get("/oauth2/authorize", params=ASK, headers={"Host": "evil.example:8601"})

    assert rebound.status_code == 400


async def test_apps_on_this_machine_may_ask_for_tokens_and_others_may_not(browser: httpx.AsyncClient) -> None:
    near = await browser.get("/.well-known/jwks.json", headers={"Origin": "http://localhost:5173"})
    far = await browser.get("/.well-known/jwks.json", headers={"Origin": "http://localhost.example.org"})

    assert near.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "access-control-allow-origin" not in far.headers
