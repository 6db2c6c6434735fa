"""An identity provider in a few lines: keys on loopback, and tokens of any shape a test wants."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

ISSUER = "http://identity.test/kotonoha"
CLIENT = "kotonoha-web"


class Issuer:
    """Signs tokens with keys of its own, and counts how often it was asked for them."""

    def __init__(self) -> None:
        self.keys = {"first": RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})}
        self.asked = 0
        self.is_broken = False
        self.jwks_url = ""

    def add_key(self, kid: str) -> None:
        self.keys[kid] = RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})

    def token(self, sub: Any = "mei", *, kid: str | None = "first", header: dict[str, Any] | None = None, **claims: Any) -> str:
        """An access token good for an hour; a claim given as None is left out."""
        whole = claims_of(sub) | claims
        given = {"alg": "RS256", "kid": kid} | (header or {})
        return jwt.encode(
            {name: value for name, value in given.items() if value is not None},
            {name: value for name, value in whole.items() if value is not None},
            self.keys[kid or "first"],
            algorithms=["RS256"],
        )

    def jwks(self) -> bytes:
        return json.dumps({"keys": [key.as_dict(private=False) for key in self.keys.values()]}).encode()


def claims_of(sub: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": ISSUER,
        "sub": sub,
        "token_use": "access",
        "client_id": CLIENT,
        "scope": "openid kotonoha/learner",
        "iat": now,
        "exp": now + 3600,
    }


@contextlib.contextmanager
def serve_issuer() -> Iterator[Issuer]:
    issuer = Issuer()

    class Answer(BaseHTTPRequestHandler):
        """GET anything: the keys."""

        def do_GET(self) -> None:
            issuer.asked += 1
            self.send_response(500 if issuer.is_broken else 200)
            self.end_headers()
            self.wfile.write(b"{}" if issuer.is_broken else issuer.jwks())

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    issuer.jwks_url = f"http://127.0.0.1:{server.server_port}/jwks.json"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield issuer
    server.shutdown()
    thread.join()
    server.server_close()
