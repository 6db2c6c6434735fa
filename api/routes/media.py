"""Pictures and recordings behind signed links, from the folder of this machine. On AWS the links lead to S3 instead."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from litestar import Request, Response, get
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from api.errors import PROBLEM_JSON, NoSuchPart, describe_problem
from api.etag import SEEN, UNCHANGED, matches
from api.provide import Given
from core.contracts.ids import ArtifactId
from core.db.artifacts import find_file
from core.db.pool import Pool, connected
from core.errors import NotFound, Unavailable
from core.storage.files import Files

CHUNK_BYTES = 64 * 1024

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_EXPIRES = re.compile(r"[1-9][0-9]{0,11}")


class Media(Struct, frozen=True):
    """A file somebody holds a good link to."""

    path: Path
    size: int
    headers: dict[str, str]


class Part(Struct, frozen=True):
    """Which bytes are asked for: 200 for all, 206 for some, 416 for some that are not there."""

    status: int
    start: int
    length: int


@get(
    "/media/{artifact:str}",
    operation_id="getMedia",
    summary="Fetch a picture or a recording",
    description="By a link that a haiku gave; it lasts a quarter of an hour at most. Byte ranges are served.",
    tags=["media"],
    media_type="application/octet-stream",
    responses={
        304: UNCHANGED,
        206: ResponseSpec(bytes, media_type="application/octet-stream", description="A part", generate_examples=False),
    },
    opt={"refuses": [NotFound, NoSuchPart, Unavailable]},
)
async def fetch(
    request: Request[Any, Any, Any],
    artifact: FromPath[str],
    pool: Given[Pool],
    files: Given[Files],
    expires: FromQuery[str] = "",
    signature: FromQuery[str] = "",
    if_none_match: SEEN = None,
) -> Response[Any] | Stream:
    # One link is one address: what was added to it, or said twice, was not signed.
    if sorted(name for name, _ in request.query_params.multi_items()) != ["expires", "signature"]:
        raise NotFound
    media = await _open(ArtifactId(artifact), expires, signature, pool, files)
    if matches(if_none_match, media.headers["ETag"]):
        return Response(b"", status_code=304, headers=media.headers)
    part = choose_part(_wanted(request, media), media.size)
    if part.status == 416:
        return _refuse_part(request, media.size)
    headers = media.headers | _part_headers(part, media.size)
    return Stream(_read(media.path, part), status_code=part.status, headers=headers, media_type=headers["Content-Type"])


media_routes: list[ControllerRouterHandler] = [fetch]


async def _open(artifact: ArtifactId, expires: str, signature: str, pool: Pool, files: Files) -> Media:
    """Raises NotFound for a link that is forged, altered or expired, and for a file that was deleted: all look the same."""
    if not _EXPIRES.fullmatch(expires):
        raise NotFound
    now = datetime.now(UTC)
    files.verify(artifact, int(expires), signature, now)
    async with connected(pool) as db:
        stored = await find_file(db, artifact)
    if stored is None:
        raise NotFound
    path = files.path(stored.key)
    return Media(
        path, await asyncio.to_thread(_size, path), _headers(artifact, stored.media_type, int(expires) - now.timestamp())
    )


def _headers(artifact: ArtifactId, media_type: str, lasts_seconds: float) -> dict[str, str]:
    return {
        "Content-Type": media_type,
        "Content-Disposition": "inline",
        "Cache-Control": f"private, max-age={int(lasts_seconds)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        # The link is the permission, no cookie is looked at: pages of the other apps, on their own origins, may show it.
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Accept-Ranges": "bytes",
        # An artifact is named by the hash of what it was made from and never changes.
        "ETag": f'"{artifact}"',
    }


def _wanted(request: Request[Any, Any, Any], media: Media) -> str | None:
    """The Range header, unless If-Range names another version."""
    if request.headers.get("if-range", media.headers["ETag"]) != media.headers["ETag"]:
        return None
    return request.headers.get("range")


def choose_part(header: str | None, size: int) -> Part:
    """RFC 9110, section 14: one byte range. Several, or another unit, are answered with everything, as it allows."""
    match = _RANGE.fullmatch(header.replace(" ", "")) if header else None
    if match is None or not (match[1] or match[2]):
        return Part(200, 0, size)
    if match[1]:
        start, end = int(match[1]), min(int(match[2] or size - 1), size - 1)
        backwards = bool(match[2]) and int(match[2]) < start
    else:
        start, end, backwards = max(size - int(match[2]), 0), size - 1, False
    if backwards:
        return Part(200, 0, size)
    return Part(206, start, end - start + 1) if start <= end else Part(416, 0, 0)


def _refuse_part(request: Request[Any, Any, Any], size: int) -> Response[Any]:
    problem = describe_problem(NoSuchPart(f"The file has {size} bytes."), request.scope["path"])
    return Response(problem, status_code=416, media_type=PROBLEM_JSON, headers={"Content-Range": f"bytes */{size}"})


def _part_headers(part: Part, size: int) -> dict[str, str]:
    length = {"Content-Length": str(part.length)}
    if part.status == 206:
        return length | {"Content-Range": f"bytes {part.start}-{part.start + part.length - 1}/{size}"}
    return length


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError as error:
        raise NotFound from error


async def _read(path: Path, part: Part) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        left = part.length
        await asyncio.to_thread(file.seek, part.start)
        while left > 0 and (chunk := await asyncio.to_thread(_chunk, file, left)):
            left -= len(chunk)
            yield chunk


def _chunk(file: BinaryIO, left: int) -> bytes:
    return file.read(min(left, CHUNK_BYTES))
