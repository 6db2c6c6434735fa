"""The pages of the compose file, served by the very server they name, before something that says what reached it."""

import os
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from local.pages.front import API, page_headers
from tests.docker.served import free_port, served
from tests.house.tree import ROOT

CADDY = Path(sys.executable).parent / "caddy"
FILE = ROOT / "docker" / "Caddyfile"


class Echo(BaseHTTPRequestHandler):
    """In the api's place: 418 and the path."""

    def do_GET(self) -> None:
        body = self.path.encode()
        self.send_response(418)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the base class calls it
        """Says nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<title>index</title>")
    (folder / "assets" / "app-1a2b.js").write_text("1;")
    address = f"http://127.0.0.1:{free_port()}"
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as api:
        threading.Thread(target=api.serve_forever, daemon=True).start()
        environment = os.environ | {
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "KOTONOHA_HOST": address,
            "KOTONOHA_API": f"127.0.0.1:{api.server_port}",
            "KOTONOHA_PAGES": str(folder),
            "KOTONOHA_ISSUER": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_x",
            "KOTONOHA_CLIENT_ID": "client",
            "KOTONOHA_MEDIA": "https://media.s3.us-east-1.amazonaws.com",
        }
        command = [str(CADDY), "run", "--config", str(FILE), "--adapter", "caddyfile"]
        with served(command, environment, address, folder) as client:
            yield client
        api.shutdown()


@pytest.mark.parametrize("path", ["/api/haiku?limit=2", "/live", "/health/ready", "/schema", "/version"])
def test_calls_reach_the_api_as_they_were_and_its_errors_stay_errors(site: httpx.Client, path: str) -> None:
    answer = site.get(path)

    assert (answer.status_code, answer.text) == (418, path)


@pytest.mark.parametrize("path", ["/", "/haiku/0199", "/signed-in"])
def test_an_address_of_the_app_is_its_page(site: httpx.Client, path: str) -> None:
    answer = site.get(path)

    assert (answer.status_code, answer.text) == (200, "<title>index</title>")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_is_kept_for_ever_and_a_missing_one_is_missing(site: httpx.Client) -> None:
    found, missing = site.get("/assets/app-1a2b.js"), site.get("/assets/app-0000.js")

    assert (found.text, found.headers["Cache-Control"]) == ("1;", "public, max-age=31536000, immutable")
    assert missing.status_code == 404


def test_pages_are_told_where_to_sign_in(site: httpx.Client) -> None:
    answer = site.get("/config.json")

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_x",
        "client_id": "client",
        "scope": "openid kotonoha/learner",
    }


def test_pages_have_the_headers_they_have_on_one_machine(site: httpx.Client) -> None:
    """But for whom they may speak to, which is Cognito here."""
    headers = site.get("/").headers
    wanted = page_headers("https://haiku.example.org", "issuer", "https://media.s3.us-east-1.amazonaws.com")
    policy, other = headers["Content-Security-Policy"], wanted.pop("Content-Security-Policy")

    assert {name: headers[name] for name in wanted} == wanted
    assert _but_connections(policy) == _but_connections(other)
    assert "Server" not in headers


def test_every_part_of_the_api_is_named() -> None:
    (line,) = re.findall(r"@api path (.*)", FILE.read_text())

    # Media are the bucket's own.
    assert {path.split("/")[1] for path in line.split()} == API - {"media"}


def _but_connections(policy: str) -> list[str]:
    return [part for part in policy.split("; ") if not part.startswith("connect-src")]
