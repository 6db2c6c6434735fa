"""Cognito's own tokens, through its own key set: which of them open what."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from litestar import Litestar

from api.access import OPERATORS, SCOPE
from core.settings import Settings
from tests.api.conftest import client_of, running
from tests.api.pool import UserPool, by_managed_login, claims_in, user_pool
from tests.api.serve import hear, say, serving
from tests.moto import Moto


@pytest.fixture
async def pool_of_learners(moto: Moto) -> AsyncIterator[UserPool]:
    moto.start_over()
    async with user_pool(moto) as pool:
        await pool.add_learner("mei")
        await pool.add_learner("aya", [OPERATORS])
        yield pool


@pytest.fixture
async def web(pool_of_learners: UserPool) -> str:
    """The id of an app's client."""
    return await pool_of_learners.add_client("haiku")


@pytest.fixture
async def streamlit(pool_of_learners: UserPool) -> str:
    """The id of another app's."""
    return await pool_of_learners.add_client("vocab")


@pytest.fixture
def in_the_account(settings: Settings, pool_of_learners: UserPool, web: str, streamlit: str) -> Settings:
    """As a task of the account is told who signs its tokens."""
    pool = pool_of_learners
    return msgspec.structs.replace(settings, issuer=pool.issuer, jwks_url=pool.jwks_url, client_ids=f"{web},{streamlit}")


@pytest.fixture
async def api(in_the_account: Settings) -> AsyncIterator[Litestar]:
    async with running(in_the_account) as app:
        yield app


async def get(api: Litestar, token: str, path: str = "/api/requests") -> httpx.Response:
    async with client_of(api, token) as client:
        return await client.get(path)


async def test_a_token_of_managed_login_opens_what_is_the_learners(api: Litestar, pool_of_learners: UserPool, web: str) -> None:
    token = by_managed_login((await pool_of_learners.sign_in("mei", web))["AccessToken"])
    async with client_of(api, token) as mei:
        accepted = await mei.post("/api/haiku", json={"topic": "rain", "illustrate": False})
        listed = await mei.get("/api/requests")

    assert accepted.status_code == 202
    assert [request["id"] for request in listed.json()["items"]] == [accepted.json()["id"]]


async def test_a_sign_in_by_password_is_believed_and_lacks_the_scope(api: Litestar, pool_of_learners: UserPool, web: str) -> None:
    """Such a token may change its own user in Cognito, and asks for nothing of ours."""
    token = (await pool_of_learners.sign_in("mei", web))["AccessToken"]
    answer = await get(api, token)

    assert claims_in(token)["scope"] == "aws.cognito.signin.user.admin"
    assert (answer.status_code, answer.json()["detail"]) == (403, f"This needs the scope {SCOPE}.")


async def test_neither_the_id_token_nor_the_refresh_token_opens_anything(
    api: Litestar, pool_of_learners: UserPool, web: str
) -> None:
    tokens = await pool_of_learners.sign_in("aya", web)
    dressed_up = by_managed_login(tokens["IdToken"])
    answers = [await get(api, token) for token in (tokens["IdToken"], tokens["RefreshToken"], dressed_up)]
    operating = await get(api, dressed_up, "/api/ops/queues")

    assert claims_in(tokens["IdToken"])["cognito:groups"] == [OPERATORS]
    assert [answer.status_code for answer in [*answers, operating]] == [401] * 4


async def test_another_client_of_the_pool_is_let_in_only_when_it_is_one_of_ours(
    api: Litestar, pool_of_learners: UserPool, streamlit: str
) -> None:
    stranger = await pool_of_learners.add_client("of somebody else")
    ours, theirs = [
        by_managed_login((await pool_of_learners.sign_in("mei", client))["AccessToken"]) for client in (streamlit, stranger)
    ]

    assert (await get(api, ours)).status_code == 200
    assert (await get(api, theirs)).status_code == 401


async def test_another_pool_opens_nothing_even_under_the_same_key(api: Litestar, moto: Moto, web: str) -> None:
    async with user_pool(moto) as other:
        await other.add_learner("mei")
        token = by_managed_login((await other.sign_in("mei", await other.add_client("haiku")))["AccessToken"], client_id=web)

    assert (await get(api, token)).status_code == 401


async def test_whom_the_pool_counts_among_the_operators_may_operate(api: Litestar, pool_of_learners: UserPool, web: str) -> None:
    aya, mei = [by_managed_login((await pool_of_learners.sign_in(name, web))["AccessToken"]) for name in ("aya", "mei")]

    assert "cognito:groups" not in claims_in(mei)
    assert (await get(api, aya, "/api/ops/queues")).status_code == 200
    assert (await get(api, mei, "/api/ops/queues")).status_code == 403


async def test_a_learner_is_the_same_in_every_app_and_after_a_refresh(
    api: Litestar, pool_of_learners: UserPool, web: str, streamlit: str
) -> None:
    first, elsewhere = [await pool_of_learners.sign_in("mei", client) for client in (web, streamlit)]
    later = await pool_of_learners.refresh(first["RefreshToken"], web)
    async with client_of(api, by_managed_login(first["AccessToken"])) as mei:
        asked = (await mei.post("/api/haiku", json={"topic": "rain", "illustrate": False})).json()
    found = [await get(api, by_managed_login(each["AccessToken"]), asked["links"]["self"]) for each in (elsewhere, later)]
    aya = await get(api, by_managed_login((await pool_of_learners.sign_in("aya", web))["AccessToken"]), asked["links"]["self"])

    assert [answer.status_code for answer in found] == [200, 200]
    assert aya.status_code == 404


async def test_a_ticket_for_such_a_token_opens_the_socket(in_the_account: Settings, pool_of_learners: UserPool, web: str) -> None:
    token = by_managed_login((await pool_of_learners.sign_in("mei", web))["AccessToken"])
    async with serving(in_the_account) as house, house.client(token) as mei:
        ticket = (await mei.post("/api/live/tickets")).json()
        async with house.socket(subprotocols=ticket["protocols"], origin="http://portal.test") as live:
            await say(live, type="ping")
            heard = await hear(live)

    assert heard == {"type": "pong"}
