"""Who is asking: a bearer access token becomes a Learner, or nobody gets past the door."""

import hashlib
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Meta, Struct, field

from api.keys import Keys
from core.contracts.ids import UserId
from core.errors import Forbidden, NotAllowed

OPEN = frozenset({"health", "version", "media", "schema", "live", "uploads"})
"""First parts of the paths that need no bearer token: media links and upload forms are signed, and the live socket checks who
comes itself."""

SCOPE = "kotonoha/learner"
OPERATORS = "operators"
"""The group of those who may see and stop everybody's requests."""

LEEWAY = timedelta(seconds=60)
TOKEN_MAX_CHARS = 8192
REMEMBERED = 4096


class Learner(Struct, frozen=True):
    """Who is asking, as far as their token says."""

    user_id: UserId
    groups: frozenset[str]
    scopes: frozenset[str]
    expires_at: datetime


class Claims(Struct, frozen=True):
    """What an access token of Amazon Cognito claims; an id token has another `token_use` and no `client_id`."""

    iss: str
    sub: Annotated[str, Meta(min_length=1, max_length=200)]
    token_use: Literal["access"]
    client_id: str
    exp: Annotated[int, Meta(gt=0, lt=253_402_300_800)]
    nbf: float = 0
    scope: str = ""
    groups: list[str] = field(name="cognito:groups", default_factory=list)


class Access:
    """Checks access tokens. Verified ones are remembered by their hash: a signature costs, a look-up does not."""

    def __init__(self, keys: Keys, issuer: str, clients: frozenset[str]) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clients = clients
        self._verified: OrderedDict[bytes, Learner] = OrderedDict()

    async def verify(self, token: str) -> Learner:
        """Raises NotAllowed for a bad token, Forbidden for one without our scope, Unavailable when nobody can tell."""
        remembered = hashlib.sha256(token.encode(errors="replace")).digest()
        learner = self._verified.get(remembered)
        if learner is None:
            learner = self._admit(await self._read(token))
            self._verified[remembered] = learner
            if len(self._verified) > REMEMBERED:
                self._verified.popitem(last=False)
        elif _has_passed(learner.expires_at):
            raise NotAllowed("Your session has ended; sign in again.")
        return learner

    async def _read(self, token: str) -> Claims:
        try:
            return await self._decode(token)
        except (JoseError, msgspec.ValidationError, ValueError, TypeError, KeyError) as error:
            # Why a token fails is of use to a forger alone.
            raise NotAllowed("This access token is not valid here; sign in again.") from error

    async def _decode(self, token: str) -> Claims:
        if len(token) > TOKEN_MAX_CHARS:
            raise ValueError("too long")
        header = jws.extract_compact(token.encode("ascii")).headers()
        kid = header.get("kid")
        # The algorithm is pinned before a key is looked for, so that no header chooses how it is checked.
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise ValueError("not RS256 with a kid")
        key = await self._keys.find(kid)
        if key is None:
            raise KeyError(kid)
        return msgspec.convert(jwt.decode(token, key, algorithms=["RS256"]).claims, Claims)

    def _admit(self, claims: Claims) -> Learner:
        expires_at = datetime.fromtimestamp(claims.exp, UTC)
        if claims.iss != self._issuer or claims.client_id not in self._clients:
            raise NotAllowed("This access token is not valid here; sign in again.")
        if _has_passed(expires_at):
            raise NotAllowed("Your session has ended; sign in again.")
        if claims.nbf > (datetime.now(UTC) + LEEWAY).timestamp():
            raise NotAllowed("This access token is not valid yet.")
        scopes = frozenset(claims.scope.split())
        if SCOPE not in scopes:
            raise Forbidden(f"This needs the scope {SCOPE}.")
        return Learner(UserId(claims.sub), frozenset(claims.groups), scopes, expires_at)


def _has_passed(expires_at: datetime) -> bool:
    return datetime.now(UTC) > expires_at + LEEWAY


async def require_learner(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard on every route: what is not listed in OPEN is closed, also a route nobody has thought of yet."""
    if is_open(str(connection.scope["path_template"])):
        return
    access: Access = connection.app.state.access
    connection.scope["user"] = await access.verify(read_bearer(connection.headers.get("authorization", "")))


async def require_operator(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard for routes of operators; who asks is known by then."""
    learner: Learner = connection.scope["user"]
    if OPERATORS not in learner.groups:
        raise Forbidden("This is for operators: send a token of one, on one machine that of `kotonoha token --operator`.")


def is_open(path_template: str) -> bool:
    return path_template.split("/")[1] in OPEN


def read_bearer(header: str) -> str:
    """The token of an Authorization header (RFC 6750). Raises NotAllowed when there is none."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAllowed("Send an access token: Authorization: Bearer …")
    return token.strip()
