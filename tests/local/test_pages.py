"""Pages before an api: one origin, one policy, and nothing but what was built."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, get

from local.pages.front import Front

ADDRESS, ISSUER = "http://127.0.0.1:8604", "http://127.0.0.1:8601"


@get("/api/haiku", sync_to_thread=False)
def list_haiku() -> dict[str, str]:
    return {"from": "the api"}


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "pages" / "assets").mkdir(parents=True)
    (tmp_path / "pages" / "index.html").write_text("<!doctype html>the first page")
    (tmp_path / "pages" / "assets" / "index-1a2b.js").write_text("1;" * 500)
    (tmp_path / "secret.txt").write_text("nobody's business")
    front: Any = Front(Litestar([list_haiku], openapi_config=None), tmp_path / "pages", ADDRESS, ISSUER, "kotonoha-web")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=front), base_url=ADDRESS) as browser:
        yield browser


@pytest.mark.parametrize("path", ["/", "/haiku/0192f0c0-5e1f-7a3b-8c4d-2f6b9a1e7d05", "/signed-in?code=1&state=2"])
async def test_every_address_of_the_app_gets_its_first_page(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)

    assert (answer.status_code, answer.text) == (200, "<!doctype html>the first page")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_api_answers_on_the_same_origin(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/api/haiku")).json() == {"from": "the api"}


async def test_the_policy_allows_nothing_inline_and_nobody_but_ourselves_and_the_issuer(browser: httpx.AsyncClient) -> None:
    policy = dict(part.strip().split(" ", 1) for part in (await browser.get("/")).headers["content-security-policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["font-src"] == "'self'"
    assert policy["connect-src"] == f"'self' ws://127.0.0.1:8604 {ISSUER}"
    assert "unsafe" not in " ".join(policy.values())


async def test_built_files_are_kept_for_ever_and_sent_small(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "gzip"})
    again = await browser.get("/assets/index-1a2b.js", headers={"If-None-Match": answer.headers["etag"]})

    assert answer.text == "1;" * 500
    assert int(answer.headers["content-length"]) < 100
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/assets/gone.js", "/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"])
async def test_what_was_not_built_is_not_there(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_another_name_for_this_machine_leads_to_the_one_that_works(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/haiku/1", headers={"Host": "localhost:8604"})

    assert (answer.status_code, answer.headers["location"]) == (307, f"{ADDRESS}/haiku/1")


async def test_pages_are_only_read(browser: httpx.AsyncClient) -> None:
    head = await browser.head("/")

    assert (head.status_code, head.content) == (200, b"")
    assert (await browser.post("/")).status_code == 405


async def test_the_app_is_told_where_to_sign_in(browser: httpx.AsyncClient) -> None:
    told = await browser.get("/config.json")

    assert json.loads(told.text) == {"issuer": ISSUER, "client_id": "kotonoha-web", "scope": "openid kotonoha/learner"}
