"""Well or not, and who says so: no token, no telling what is inside."""

import httpx
import msgspec
import pytest
from litestar import Litestar

from core.db.pool import Pool
from core.settings import Settings
from tests.api.conftest import client_of, running
from tests.api.issuer import Issuer
from tests.api.relay import relayed


async def test_a_healthy_api_needs_no_token_to_say_so(nobody: httpx.AsyncClient) -> None:
    live, ready, version = [await nobody.get(path) for path in ("/health/live", "/health/ready", "/version")]

    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"postgres": "ok", "redis": "ok"})
    assert version.json()["products"] == ["haiku"]


async def test_an_api_that_is_told_to_stop_is_ready_for_nobody(app: Litestar, nobody: httpx.AsyncClient) -> None:
    app.state.stopping.set()
    answer = await nobody.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["detail"] == "This server is stopping."


async def test_without_postgres_the_api_lives_says_what_is_away_and_comes_back(
    settings: Settings, database: str, issuer: Issuer
) -> None:
    async with relayed(database) as (relay, url):
        far = msgspec.structs.replace(settings, database_url=url)
        async with running(far) as app, client_of(app, issuer.token("mei")) as mei:
            before = await mei.post("/api/haiku", json={"topic": "rain"})
            await relay.shut()
            live, ready = await mei.get("/health/live"), await mei.get("/health/ready")
            refused = [
                await mei.post("/api/haiku", json={"topic": "rain"}),
                await mei.get("/api/haiku"),
                await mei.get(before.json()["links"]["events"]),
                await mei.post("/api/live/tickets"),
            ]
            await relay.open()
            after = await mei.post("/api/haiku", json={"topic": "rain"})

    assert live.status_code == 200
    assert (ready.status_code, ready.json()["detail"]) == (503, "postgres is away.")
    for answer in refused:
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:kotonoha:problem:unavailable"
    assert (before.status_code, after.status_code) == (202, 202)


async def test_without_redis_everything_works_only_later(settings: Settings, valkey_url: str, issuer: Issuer, pool: Pool) -> None:
    async with relayed(valkey_url) as (relay, url):
        await relay.shut()
        far = msgspec.structs.replace(settings, redis_url=url)
        async with running(far) as app, client_of(app, issuer.token("mei")) as mei:
            ready = await mei.get("/health/ready")
            accepted = await mei.post("/api/haiku", json={"topic": "rain"})

    assert (ready.status_code, ready.json()) == (200, {"postgres": "ok", "redis": "away"})
    assert accepted.status_code == 202
    assert await pool.fetchval("SELECT count(*) FROM street.jobs WHERE status = 'queued'") == 1


@pytest.mark.parametrize("path", ["/health/live", "/api/requests", "/nothing", "/schema/openapi.json"])
async def test_every_answer_tells_browsers_to_be_careful(nobody: httpx.AsyncClient, path: str) -> None:
    headers = (await nobody.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "max-age" in headers["strict-transport-security"]


async def test_only_known_pages_may_ask_from_a_browser(nobody: httpx.AsyncClient, mei: httpx.AsyncClient) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, idempotency-key"}
    known = await nobody.options("/api/haiku", headers=asking | {"Origin": "http://portal.test"})
    strange = await nobody.options("/api/haiku", headers=asking | {"Origin": "http://evil.test"})
    answer = await mei.get("/api/haiku", headers={"Origin": "http://portal.test"})
    refused = await nobody.get("/api/haiku", headers={"Origin": "http://portal.test"})

    assert known.headers["access-control-allow-origin"] == "http://portal.test"
    assert "access-control-allow-origin" not in strange.headers
    assert answer.headers["access-control-allow-origin"] == "http://portal.test"
    assert "access-control-allow-credentials" not in answer.headers
    assert refused.headers["access-control-allow-origin"] == "http://portal.test"
