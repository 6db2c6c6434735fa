"""Bad input gets a problem document and changes nothing."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx
import msgspec

from api.plain_words import plain_words
from core.db.pool import Pool
from core.settings import Settings
from tests.api.conftest import client_of, running
from tests.api.issuer import Issuer
from tests.api.rows import everything_in, files_in

JSON = "application/json"

BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", ""),
    "empty topic": (b'{"topic":""}', "/topic"),
    "blank topic": (b'{"topic":"   "}', "/topic"),
    "10,000 characters": (json.dumps({"topic": "x" * 10_000}).encode(), "/topic"),
    "201 characters": (json.dumps({"topic": "x" * 201}).encode(), "/topic"),
    "control character": (b'{"topic":"rain\\u0007"}', "/topic"),
    "null character": (b'{"topic":"rain\\u0000"}', "/topic"),
    "bidi override": (b'{"topic":"rain\\u202e"}', "/topic"),
    "lone surrogate": (b'{"topic":"\\ud800"}', ""),
    "lone surrogate in raw bytes": (b'{"topic":"\xed\xa0\x80"}', ""),
    "bytes that are no UTF-8": (b'{"topic":"\xff"}', ""),
    "UTF-16": ('{"topic":"rain"}'.encode("utf-16"), ""),
    "a byte order mark": (b'\xef\xbb\xbf{"topic":"rain"}', ""),
    "cut off": (b'{"topic":"rain"', ""),
    "a comma too many": (b'{"topic":"rain",}', ""),
    "two values": (b'{"topic":"rain"}{}', ""),
    "single quotes": (b"{'topic':'rain'}", ""),
    "a raw line break": (b'{"topic":"ra\nin"}', ""),
    "a number": (b"7", ""),
    "a list": (b'["rain"]', ""),
    "null": (b"null", ""),
    "a number for a topic": (b'{"topic":7}', "/topic"),
    "null for a topic": (b'{"topic":null}', "/topic"),
    "a list for a topic": (b'{"topic":["rain"]}', "/topic"),
    "a word for a yes": (b'{"topic":"rain","illustrate":"true"}', "/illustrate"),
    "a number for a yes": (b'{"topic":"rain","illustrate":1}', "/illustrate"),
    "not a number": (b'{"topic":NaN}', ""),
    "no topic": (b"{}", "/topic"),
    "an unknown field": (b'{"topic":"rain","owner":"ken"}', "/owner"),
    "a topic twice": (b'{"topic":"rain","topic":"snow"}', ""),
    "ten thousand brackets": (b"[" * 10_000, ""),
    "ten thousand brackets for a topic": (b'{"topic":' + b"[" * 10_000, "/topic"),
}


async def test_a_bad_body_is_pointed_at_and_changes_nothing(mei: httpx.AsyncClient, pool: Pool, settings: Settings) -> None:
    before = await everything_in(pool)
    pointers = {}
    for name, (body, _) in BODIES.items():
        answer = await mei.post("/api/haiku", content=body, headers={"Content-Type": JSON, "Idempotency-Key": "once"})
        problem = check_problem(answer, 400, "invalid")
        pointers[name] = [error["pointer"] for error in problem["errors"]]

    assert pointers == {name: [pointer] for name, (_, pointer) in BODIES.items()}
    assert await everything_in(pool) == before
    assert await files_in(settings.media_dir) == []


WORDS = {
    b'{"topic":7}': "topic: Expected text, got a whole number.",
    b'{"topic":null}': "topic: Expected text, got null.",
    b'{"topic":["rain"]}': "topic: Expected text, got a list.",
    b'["rain"]': "Expected an object, got a list.",
    b'{"topic":"rain","illustrate":1}': "illustrate: Expected true or false, got a whole number.",
    b"{}": "topic: This field is missing.",
    b'{"topic":"rain","owner":"ken"}': "owner: There is no such field.",
}


async def test_what_is_wrong_is_said_in_words_of_json(mei: httpx.AsyncClient) -> None:
    said = {body: (await mei.post("/api/haiku", content=body, headers={"Content-Type": JSON})).json()["detail"] for body in WORDS}

    assert said == WORDS


def test_bounds_are_said_in_words() -> None:
    assert plain_words("Expected `int` >= 1") == "Expected a whole number of at least 1"
    assert plain_words("Expected `array` of length <= 100") == "Expected a list with a length of at most 100"
    assert plain_words("Expected `float | null`, got `bool`") == "Expected a number or null, got true or false"
    assert plain_words("Invalid UUID") == "Invalid UUID"
    assert plain_words("Invalid RFC3339 encoded datetime") == "This is not a time such as 2026-11-26T09:00:00Z"


async def test_a_body_nobody_reads_is_refused(mei: httpx.AsyncClient, pool: Pool) -> None:
    request = (await mei.post("/api/haiku", json={"topic": "rain"})).json()
    before = await everything_in(pool)
    for path in (request["links"]["cancel"], request["links"]["retry"], f"{request['resource']}/illustrations"):
        check_problem(await mei.post(path, json={"reason": "bored"}), 400, "invalid")
        check_problem(await mei.post(path, content=b"x" * 70_000), 413, "too-large")
    check_problem(await mei.request("DELETE", request["resource"], content=b"{}"), 400, "invalid")

    assert await everything_in(pool) == before


async def test_a_body_that_does_not_say_it_is_json_is_refused(mei: httpx.AsyncClient, pool: Pool) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = await mei.post("/api/haiku", content=b'{"topic":"rain"}', headers={"Content-Type": content_type})
        check_problem(answer, 400, "invalid")

    assert await pool.fetchval("SELECT count(*) FROM street.requests") == 0


async def test_an_oversize_body_is_refused(mei: httpx.AsyncClient, pool: Pool) -> None:
    body = json.dumps({"topic": "x" * 70_000}).encode()
    answer = await mei.post("/api/haiku", content=body, headers={"Content-Type": JSON})

    check_problem(answer, 413, "too-large")
    assert "more than 65536 bytes" in answer.json()["detail"]
    assert await pool.fetchval("SELECT count(*) FROM street.requests") == 0


async def test_an_oversize_body_of_unknown_length_is_refused(mei: httpx.AsyncClient, pool: Pool) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b" " * 8192

    answer = await mei.post("/api/haiku", content=chunks(), headers={"Content-Type": JSON})

    check_problem(answer, 413, "too-large")
    assert "more than 65536 bytes" in answer.json()["detail"]
    assert await pool.fetchval("SELECT count(*) FROM street.requests") == 0


async def test_a_body_that_never_ends_is_given_up(settings: Settings, issuer: Issuer, pool: Pool) -> None:
    async def chunks() -> Any:
        yield b'{"topic":'
        await asyncio.Event().wait()

    async with running(msgspec.structs.replace(settings, body_seconds=0.1)) as app, client_of(app, issuer.token("mei")) as mei:
        answer = await mei.post("/api/haiku", content=chunks(), headers={"Content-Type": JSON})

    check_problem(answer, 408, "too-slow")
    assert answer.headers["connection"] == "close"
    assert await pool.fetchval("SELECT count(*) FROM street.requests") == 0


async def test_a_client_that_leaves_before_its_body_came_is_no_crash(settings: Settings, issuer: Issuer) -> None:
    answers: list[Any] = []

    async def left() -> Any:
        return {"type": "http.disconnect"}

    async def note(message: Any) -> None:
        answers.append(message)

    headers = [(b"authorization", f"Bearer {issuer.token('mei')}".encode()), (b"content-type", JSON.encode())]
    scope: Any = {"type": "http", "method": "POST", "path": "/api/haiku", "query_string": b"", "headers": headers}
    async with running(settings) as app:
        await app(scope, left, note)

    assert answers[0]["status"] == 408


MALFORMED = (
    "nonsense",
    "0",
    "%00",
    "%F0%9F%8D%82",
    "'; DROP TABLE street.jobs; --",
    "0192f0c0-0000-7000-8000-00000000000",
    "{}",
    "x" * 5000,
)


async def test_a_malformed_id_finds_nothing(mei: httpx.AsyncClient) -> None:
    for path in ("/api/haiku/{}", "/api/requests/{}", "/api/requests/{}/events", "/api/jobs/{}"):
        for malformed in MALFORMED:
            check_problem(await mei.get(path.format(malformed)), 404, "not-found")


ROUTES = [
    ("GET", "/api/haiku/{}"),
    ("DELETE", "/api/haiku/{}"),
    ("POST", "/api/haiku/{}/messages"),
    ("POST", "/api/haiku/{}/illustrations"),
    ("GET", "/api/requests/{}"),
    ("GET", "/api/requests/{}/events"),
    ("POST", "/api/requests/{}/cancel"),
    ("POST", "/api/requests/{}/retry"),
    ("GET", "/api/jobs/{}"),
]


async def test_unknown_and_foreign_look_the_same(mei: httpx.AsyncClient, ken: httpx.AsyncClient, pool: Pool) -> None:
    request = (await mei.post("/api/haiku", json={"topic": "rain"})).json()
    own = {"jobs": request["jobs"][0]["id"], "requests": request["id"], "haiku": request["resource"].rpartition("/")[2]}
    before = await everything_in(pool)
    for method, path in ROUTES:
        body = {"text": "winter"} if path.endswith("messages") else None
        foreign = await ken.request(method, path.format(own[path.split("/")[2]]), json=body)
        unknown = await ken.request(method, path.format(uuid4()), json=body)
        details = [check_problem(answer, 404, "not-found")["detail"] for answer in (foreign, unknown)]
        assert details[0] == details[1], path

    assert await everything_in(pool) == before


async def test_an_address_that_leads_nowhere_says_so(mei: httpx.AsyncClient) -> None:
    for path in ("/", "/api", "/api/nothing", "/nothing", "/media", "/health", "/api//nothing", "/%00", "/schema/x"):
        check_problem(await mei.get(path), 404, "not-found")


METHODS = {
    ("PUT", "/api/haiku"): "GET, HEAD, OPTIONS, POST",
    ("PATCH", f"/api/haiku/{uuid4()}"): "DELETE, GET, HEAD, OPTIONS",
    ("DELETE", "/api/requests"): "GET, HEAD, OPTIONS",
    ("GET", "/api/live/tickets"): "OPTIONS, POST",
    ("HEAD", "/api/live/tickets"): "OPTIONS, POST",
    ("POST", "/health/live"): "GET, HEAD, OPTIONS",
    ("PUT", "/media/x"): "GET, HEAD, OPTIONS",
    ("GET", "/live"): "",
}


async def test_a_method_an_address_does_not_know_is_refused_with_those_it_does(mei: httpx.AsyncClient) -> None:
    for (method, path), allowed in METHODS.items():
        refused = await mei.request(method, path)
        if method != "HEAD":
            check_problem(refused, 405, "wrong-method")
        assert (refused.status_code, refused.headers["allow"]) == (405, allowed), (method, path)
        asked = await mei.options(path)
        assert asked.headers["allow"] == allowed, path


async def test_a_bad_query_is_pointed_at(mei: httpx.AsyncClient) -> None:
    for query in ("limit=0", "limit=101", "limit=x", "limit=-1", "cursor=x", "product=poems", "status=done"):
        problem = check_problem(await mei.get(f"/api/requests?{query}"), 400, "invalid")
        assert [error["pointer"] for error in problem["errors"]] == [f"/{query.partition('=')[0]}"]


async def test_a_filter_nobody_knows_is_refused(mei: httpx.AsyncClient) -> None:
    for path in ("/api/requests?limit=5&state=failed", "/api/haiku?state=failed", "/api/live/tickets?state=failed"):
        method = "POST" if "tickets" in path else "GET"
        problem = check_problem(await mei.request(method, path), 400, "invalid")
        assert [error["pointer"] for error in problem["errors"]] == ["/state"], path


async def test_a_crash_says_nothing_of_the_inside(mei: httpx.AsyncClient, pool: Pool) -> None:
    await mei.post("/api/haiku", json={"topic": "rain"})
    await pool.execute("ALTER TABLE street.requests RENAME COLUMN input TO secret_column")
    answer = await mei.get("/api/requests")

    problem = check_problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert "column" not in answer.text
    assert problem["detail"] == "Something went wrong."


def check_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert set(problem) == {"type", "title", "status", "detail", "instance", "trace_id", "errors"}
    assert problem["status"] == status
    assert problem["type"] == f"urn:kotonoha:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    return problem
