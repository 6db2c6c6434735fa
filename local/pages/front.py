"""Pages before an api: files that were built are served, addresses of the app get its first page, the rest is the api's."""

import asyncio
import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request
from litestar.enums import ScopeType
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, Receive, Scope, Send

API = frozenset({"api", "live", "media", "health", "version", "schema"})
"""First parts of the paths that are not the app's."""

COMPRESSED = frozenset({".css", ".html", ".js", ".json", ".svg"})

FOR_EVER = "public, max-age=31536000, immutable"
"""For files below assets/: their names change with what is in them."""

mimetypes.add_type("font/woff2", ".woff2")


class Front:
    """Serves one app. `address` is the only one it is opened at: links and sign-in would lead there from any other, too."""

    def __init__(self, api: ASGIApp, folder: Path, address: str, issuer: str, client_id: str, media: str = "") -> None:
        self._api = api
        self._address = address
        self._files = {f"/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*") if path.is_file()}
        self._config = msgspec.json.encode({"issuer": issuer, "client_id": client_id, "scope": "openid kotonoha/learner"})
        self._headers = page_headers(address, issuer, media)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"].split("/")[1] in API:
            await self._api(scope, receive, send)
        else:
            request: Request[Any, Any, Any] = Request(scope)
            answer = await self._find(request) if request.method in {"GET", "HEAD"} else self._say(405, {"Allow": "GET, HEAD"})
            answer.is_head_response = request.method == "HEAD"
            await answer(scope, receive, send)

    async def _find(self, request: Request[Any, Any, Any]) -> ASGIResponse:
        path = request.url.path
        if request.headers.get("host") != urlsplit(self._address).netloc:
            return self._say(307, {"Location": self._address + path})
        if path == "/config.json":
            return self._say(200, {"Content-Type": "application/json", "Cache-Control": "no-store"}, self._config)
        file = self._files.get(path)
        if file is None and "." in path.rpartition("/")[2]:
            return self._say(404, {"Content-Type": "text/plain"}, b"There is no such file.")
        return await self._file(file or self._files["/index.html"], request.headers)

    def _say(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> ASGIResponse:
        return ASGIResponse(body=body, headers={**self._headers, **headers}, status_code=status)

    async def _file(self, path: Path, asked: Mapping[str, str]) -> ASGIResponse:
        zipped = path.suffix in COMPRESSED and "gzip" in asked.get("accept-encoding", "")
        content, etag = await asyncio.to_thread(_read, path, zipped=zipped)
        headers = {
            "Content-Type": _media_type(path),
            "Cache-Control": FOR_EVER if path.parent.name == "assets" else "no-cache",
            "ETag": etag,
            "Vary": "Accept-Encoding",
            **({"Content-Encoding": "gzip"} if zipped else {}),
        }
        return self._say(304, headers) if asked.get("if-none-match") == etag else self._say(200, headers, content)


def page_headers(address: str, issuer: str, media: str = "") -> dict[str, str]:
    """No inline script or style, files from here and `media` alone, and nobody is spoken to but ourselves and the issuer."""
    live = address.replace("http", "ws", 1)
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": f"'self' blob: {media}".rstrip(),
        "media-src": f"'self' blob: {media}".rstrip(),
        "manifest-src": "'self'",
        "connect-src": f"'self' {live} {issuer}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _media_type(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


@lru_cache(maxsize=64)
def _read(path: Path, *, zipped: bool) -> tuple[bytes, str]:
    content = path.read_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}{"-gz" if zipped else ""}"'
    return (gzip.compress(content, mtime=0) if zipped else content), etag
