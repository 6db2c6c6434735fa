"""Idempotency-Key: the same ask sent twice is done once (after draft-ietf-httpapi-idempotency-key-header)."""

import hashlib
import re
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import HeaderParameter
from msgspec import Struct

from core.errors import Invalid

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class Once(Struct, frozen=True):
    """The learner's key, when they sent one, and the route it was sent to."""

    key: str | None
    route: str

    def hash(self, body: Struct) -> str | None:
        """What the key stands for. None without a key."""
        if self.key is None:
            return None
        return hashlib.sha256(self.route.encode() + b"\n" + msgspec.json.encode(body)).hexdigest()


async def read_once(
    request: Request[Any, Any, Any],
    idempotency_key: Annotated[
        str | None,
        HeaderParameter(
            name="Idempotency-Key",
            description="1 to 200 visible ASCII characters. The same key and body within a day answer the same request.",
        ),
    ] = None,
) -> Once:
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise Invalid("Idempotency-Key must be 1 to 200 visible ASCII characters.")
    return Once(idempotency_key, f"{request.method} {request.scope['path']}")
