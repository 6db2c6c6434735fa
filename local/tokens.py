"""Sign tokens of the shapes Amazon Cognito's have, with a key that never leaves the home."""

import time
import unicodedata
import uuid
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey
from msgspec import Struct

from core.errors import Invalid, NotAllowed, NotFound
from local.clients import CLI, WEB
from local.command import command
from local.home import Home, write_once
from local.keyring import SIGNING, refuse_flaw

DEMO = "demo"
SCOPES = ("openid", "kotonoha/learner")
OPERATORS = "operators"

ACCESS_SECONDS = {WEB: 3600, CLI: 12 * 3600}
"""Validity belongs to the app client, as in Cognito. One pasted into a terminal should last the day."""
REFRESH_SECONDS = 30 * 24 * 3600

NAME_MAX_CHARS = 100
LEARNERS = uuid.UUID("9f3c1a52-6f0e-5d0b-9c57-0d9f5a6f7b11")


class SignIn(Struct, frozen=True):
    """Who signed in, when (seconds since the epoch), and for which program."""

    name: str
    client_id: str
    at: int
    scope: str = " ".join(SCOPES)
    groups: tuple[str, ...] = ()
    nonce: str | None = None


def sign_in_now(name: str, client_id: str, groups: tuple[str, ...] = ()) -> SignIn:
    return SignIn(read_name(name), client_id, int(time.time()), groups=groups)


def read_name(given: str) -> str:
    """A learner's name, one spelling for what looks the same (NFC). Raises Invalid for what is no name."""
    name = unicodedata.normalize("NFC", given).strip()
    # Lone surrogates are what Python makes of bytes in a command line that are no UTF-8.
    odd = any(unicodedata.category(character) in {"Cc", "Cs"} for character in name)
    if not name or odd or len(name) > NAME_MAX_CHARS:
        raise Invalid(f"A learner's name is 1 to {NAME_MAX_CHARS} printable characters, in any script.")
    return name


def learner_id(name: str) -> str:
    """The `sub`: plain ASCII whatever the script, the same for a name on every machine."""
    return str(uuid.uuid5(LEARNERS, name))


def make_key(home: Home) -> RSAKey:
    """Made at the first asking, the same ever after; the kid is its thumbprint (RFC 7638). Raises Refused for what is no key."""
    refuse_flaw(home, SIGNING)
    pem = write_once(home.secrets / SIGNING, _new_pem)
    key = RSAKey.import_key(pem, {"use": "sig", "alg": "RS256"})
    key.ensure_kid()
    return key


def token_for(home: Home, name: str, groups: tuple[str, ...] = ()) -> str:
    """An access token for the terminal, also while nothing runs. Raises NotFound before the first start, Invalid for no name."""
    try:
        issuer = home.issuer.read_text()
    except FileNotFoundError as error:
        raise NotFound(f"There is no Kotonoha in {home.path} yet. Start it first: {command(home, 'up')}") from error
    return sign_access(make_key(home), issuer, sign_in_now(name, CLI, groups))


def sign_access(key: RSAKey, issuer: str, who: SignIn) -> str:
    own = {"token_use": "access", "client_id": who.client_id, "scope": who.scope, "username": who.name, "version": 2}
    return _sign(key, _claims(issuer, who) | own | _groups(who))


def sign_id(key: RSAKey, issuer: str, who: SignIn) -> str:
    own = {"token_use": "id", "aud": who.client_id, "cognito:username": who.name, "name": who.name}
    return _sign(key, _claims(issuer, who) | own | _groups(who) | ({"nonce": who.nonce} if who.nonce else {}))


def sign_refresh(secret: str, who: SignIn) -> str:
    """Opaque to everybody but us, and readable after a restart."""
    return jwt.encode({"alg": "HS256"}, msgspec.to_builtins(who), OctKey.import_key(secret))


def read_refresh(secret: str, token: str) -> SignIn:
    """Raises NotAllowed for one that is not ours or has grown too old."""
    try:
        who = msgspec.convert(jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"]).claims, SignIn)
    except (JoseError, ValueError) as error:
        raise NotAllowed("This refresh token is not ours.") from error
    if time.time() > who.at + REFRESH_SECONDS:
        raise NotAllowed("This sign-in is too old; sign in again.")
    return who


def _claims(issuer: str, who: SignIn) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": issuer,
        "sub": learner_id(who.name),
        "auth_time": who.at,
        "iat": now,
        "exp": now + ACCESS_SECONDS[who.client_id],
        "jti": str(uuid.uuid4()),
    }


def _groups(who: SignIn) -> dict[str, list[str]]:
    """Cognito leaves the claim out for those in no group."""
    return {"cognito:groups": list(who.groups)} if who.groups else {}


def _sign(key: RSAKey, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, key)


def _new_pem() -> bytes:
    return RSAKey.generate_key(2048).as_pem(private=True)
