"""Answer who has seen this already with 304 and nothing more (RFC 9110, section 13)."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, TypeVar

import msgspec
from litestar import Response
from litestar.openapi import ResponseSpec
from litestar.params import HeaderParameter
from msgspec import Struct

T = TypeVar("T", bound=Struct)

SEEN = Annotated[str | None, HeaderParameter(name="If-None-Match", description="The ETag of what was seen before.")]

UNCHANGED = ResponseSpec(None, description="Nothing has changed", generate_examples=False)


def answer_unless_seen(view: T, seen: str | None, headers: Mapping[str, str]) -> Response[T]:
    """The view with an ETag over everything that is shown; 304 to who has that one."""
    tagged = {"ETag": _etag(view), **headers}
    if matches(seen, tagged["ETag"]):
        return Response(None, status_code=304, headers=tagged)  # type: ignore[arg-type]  # a 304 shows nothing
    return Response(view, headers=tagged)


def matches(if_none_match: str | None, tag: str) -> bool:
    """If-None-Match compares weakly (RFC 9110, section 13.1.2)."""
    given = [part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")]
    return tag in given or "*" in given


def _etag(view: Struct) -> str:
    return f'"{hashlib.sha256(msgspec.json.encode(view)).hexdigest()[:32]}"'
