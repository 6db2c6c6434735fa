"""Between the network and moto: after each change the object is read back from the bucket, and kept or dropped."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, unquote

from werkzeug.test import Client

from local.fakes.credentials import ACCESS_KEY, REGION
from local.fakes.s3.scope import refusal_of
from local.fakes.s3.shelf import Shelf

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

_CHANGES = frozenset({"PUT", "POST", "DELETE"})

_SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20000101/{REGION}/s3/aws4_request"}
"""moto asks whether something is signed, not by whom; without it a private object is for nobody."""


class Keeping:
    """A WSGI application around moto's: whatever it was asked, by a form too, the shelf holds what the bucket holds."""

    def __init__(self, app: App, bucket: str, shelf: Shelf) -> None:
        self._app, self._shelf, self._place = app, shelf, f"/{bucket}"
        self._client = Client(app)
        self._client.put(self._place, headers=_SIGNED)
        for kept, body in shelf.all():
            self._client.put(self._path(kept.key), data=body, headers={**kept.headers, **_digest(body), **_SIGNED})

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if refusal := refusal_of(environ):
            start_response("400 Bad Request", [("Content-Type", "application/xml"), ("Content-Length", str(len(refusal)))])
            return [refusal]
        # The whole answer before its first byte: who is told that it was stored can rely on it.
        answer = list(self._app(environ, start_response))
        if environ["REQUEST_METHOD"] in _CHANGES:
            self._keep(unquote(str(environ.get("RAW_URI") or environ["PATH_INFO"]).partition("?")[0]))
        return answer

    def _keep(self, path: str) -> None:
        _, _, key = path.removeprefix("/").partition("/")
        for changed in [key] if key else self._keys():
            found = self._client.get(self._path(changed), headers=_SIGNED)
            if found.status_code == 200:
                self._shelf.put(changed, {name.lower(): value for name, value in found.headers.items()}, found.data)
            else:
                self._shelf.drop(changed)

    def _keys(self) -> set[str]:
        """Of a form, or of many that were deleted at once: only the bucket knows which."""
        listed = self._client.get(f"{self._place}?list-type=2&max-keys=1000", headers=_SIGNED).text
        there = {part.partition("</Key>")[0] for part in listed.split("<Key>")[1:]}
        return there ^ self._shelf.keys()

    def _path(self, key: str) -> str:
        return f"{self._place}/{quote(key)}"


def _digest(body: bytes) -> dict[str, str]:
    """Told by S3 to whoever asks whether a file is the one they have."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return {"x-amz-sdk-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": digest}
