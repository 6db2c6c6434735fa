"""What the api says of itself is what it does."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute, WebSocketRoute

ROUTES = {
    "DELETE /api/haiku/{haiku_id:uuid}",
    "DELETE /api/me",
    "DELETE /api/uploads/{upload_id:uuid}",
    "GET /api/haiku",
    "GET /api/haiku/{haiku_id:uuid}",
    "GET /api/jobs/{job_id:uuid}",
    "GET /api/ops/audit",
    "GET /api/ops/queues",
    "GET /api/ops/requests",
    "GET /api/ops/requests/{request_id:uuid}",
    "GET /api/requests",
    "GET /api/requests/{request_id:uuid}",
    "GET /api/requests/{request_id:uuid}/events",
    "GET /api/uploads/{upload_id:uuid}",
    "GET /health/live",
    "GET /health/ready",
    "GET /media/{artifact:str}",
    "GET /version",
    "POST /api/haiku",
    "POST /api/haiku/{haiku_id:uuid}/illustrations",
    "POST /api/haiku/{haiku_id:uuid}/messages",
    "POST /api/live/tickets",
    "POST /api/ops/requests/cancel",
    "POST /api/ops/requests/retry",
    "POST /api/requests/{request_id:uuid}/cancel",
    "POST /api/requests/{request_id:uuid}/retry",
    "POST /api/uploads",
    "POST /api/uploads/{upload_id:uuid}/check",
    "POST /uploads",
    "WS /live",
}

UNLISTED = {"POST /uploads"}
"""What S3 does on AWS, by a form that says where."""

OPEN = {"/health/live", "/health/ready", "/version", "/media/{artifact}"}


@pytest.fixture
async def document(nobody: httpx.AsyncClient) -> dict[str, Any]:
    answer = await nobody.get("/schema/openapi.json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


WORDS = {
    "NewHaiku": {"topic", "illustrate"},
    "NewMessage": {"text", "illustrate"},
    "NewUpload": {"media_type"},
    "Bulk": {"cursor", "dry_run", "filter", "limit", "reason"},
    "Filter": {"created_after", "created_before", "failure", "owner", "product", "status"},
}
"""What a body may hold. Think of what the api would fetch before an address comes here."""

PARAMETERS = {
    "path": {"artifact", "haiku_id", "job_id", "request_id", "upload_id"},
    "header": {"Idempotency-Key", "If-None-Match", "Last-Event-ID", "Prefer"},
    "query": {
        *("after", "created_after", "created_before", "cursor", "expires", "failure"),
        *("limit", "owner", "product", "signature", "status"),
    },
}


def test_what_a_learner_may_send_is_listed_and_none_of_it_is_an_address(document: dict[str, Any]) -> None:
    asked = [operation for _, _, operation in operations(document)]
    known = document["components"]["schemas"]
    bodies = [known[name.rpartition("/")[2]] for each in asked for name in references(each.get("requestBody", {}))]
    inside = [known[name.rpartition("/")[2]] for name in references(bodies)]
    schemas = {schema["title"]: schema for schema in (*bodies, *inside) if "properties" in schema}
    parameters = {(each["in"], each["name"]) for operation in asked for each in operation.get("parameters", ())}

    assert {name: set(schema["properties"]) for name, schema in schemas.items()} == WORDS
    assert parameters == {(place, name) for place, names in PARAMETERS.items() for name in names}
    assert '"uri"' not in json.dumps(schemas)


def test_the_routes_are_those_of_the_contract(app: Litestar) -> None:
    http = {
        f"{method} {route.path}"
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith("/schema")
        for method in route.methods - {"OPTIONS"}
    }
    sockets = {f"WS {route.path}" for route in app.routes if isinstance(route, WebSocketRoute)}

    assert http | sockets == ROUTES


def test_every_route_has_its_place_in_the_document(document: dict[str, Any]) -> None:
    listed = {f"{method.upper()} {path}" for method, path, _ in operations(document)}
    wanted = {route for route in ROUTES - UNLISTED if not route.startswith("WS ")}

    assert listed == {route.replace(":uuid", "").replace(":str", "") for route in wanted}


def test_the_document_is_openapi_3_1_and_whole(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"]
    assert len(names) == len(set(names))
    for reference in set(references(document)):
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
    for _, path, operation in operations(document):
        in_path = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"}
        assert in_path == {step[1:-1] for step in path.split("/") if step.startswith("{")}, path
        assert operation["summary"]
        for status, response in operation["responses"].items():
            assert 200 <= int(status) < 600
            assert response["description"], (path, status)


def test_every_problem_is_declared_as_one(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        refusals = {status: response for status, response in operation["responses"].items() if int(status) >= 400}
        wanted = {"400", "500"}
        if path not in OPEN:
            wanted |= {"401", "403", "503"}
        if "{" in path:
            wanted |= {"404"}
        if "requestBody" in operation:
            wanted |= {"413"}

        assert wanted <= set(refusals), path
        for status, response in refusals.items():
            content = response["content"]["application/problem+json"]
            (example,) = content["examples"].values()
            assert content["schema"] == {"$ref": "#/components/schemas/ProblemDocument"}
            assert example["value"]["status"] == int(status)
            assert example["value"]["type"].startswith("urn:kotonoha:problem:")


def test_only_open_routes_want_no_token(document: dict[str, Any]) -> None:
    without = {path for _, path, operation in operations(document) if operation.get("security") != [{"bearer": []}]}

    assert without == OPEN
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


async def test_every_route_that_wants_a_token_refuses_without(nobody: httpx.AsyncClient, document: dict[str, Any]) -> None:
    closed = [(method, path) for method, path, _ in operations(document) if path not in OPEN]
    some_id = "0192f0c0-5e1f-7a3b-8c4d-2f6b9a1e7d05"
    answers = {}
    for method, path in closed:
        filled = "/".join(some_id if step.startswith("{") else step for step in path.split("/"))
        answers[method, path] = (await nobody.request(method, filled)).status_code

    assert answers == dict.fromkeys(closed, 401)


async def test_head_answers_as_get_does_without_content(mei: httpx.AsyncClient, document: dict[str, Any]) -> None:
    request = (await mei.post("/api/haiku", json={"topic": "rain"})).json()
    ids = {"haiku_id": request["resource"].rpartition("/")[2], "request_id": request["id"], "job_id": request["jobs"][0]["id"]}
    ids["upload_id"] = (await mei.post("/api/uploads", json={"media_type": "image/png"})).json()["id"]
    answers = {}
    for method, path, _ in operations(document):
        if method == "get" and "/ops/" not in path and not path.endswith("/events"):
            filled = path.format(artifact="x", **ids)
            head, get = await mei.head(filled), await mei.get(filled)
            answers[path] = (head.status_code, head.headers.get("content-length"), head.content) == (
                *(get.status_code, get.headers.get("content-length")),
                b"",
            )

    assert answers == dict.fromkeys(answers, True)
    assert len(answers) == 10


def test_the_socket_is_described_where_its_ticket_is(document: dict[str, Any]) -> None:
    said = document["paths"]["/api/live/tickets"]["post"]["description"]

    for word in ("subscribe", "unsubscribe", "ping", "Sec-WebSocket-Protocol", "4400", "4401", "4408", "1012"):
        assert word in said


def test_the_events_of_a_stream_have_a_schema(document: dict[str, Any]) -> None:
    answer = document["paths"]["/api/requests/{request_id}/events"]["get"]["responses"]["200"]

    assert answer["content"]["text/event-stream"]["schema"] == {"$ref": "#/components/schemas/Event"}
    assert {"seq", "request_id", "job_id", "type", "at", "data"} == set(document["components"]["schemas"]["Event"]["properties"])
