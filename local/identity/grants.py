"""What a browser asks for, and the codes it carries back: one use, one minute, bound to who asked and to a secret of theirs."""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from msgspec import Struct

from local.clients import CLIENT_IDS, is_loopback
from local.tokens import SCOPES, SignIn

PARAMETERS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
)
CODE_SECONDS = 60
CODES_MAX = 1000
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class OAuthError(Exception):
    """An error of RFC 6749: `code` is one of its words."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


class Asked(Struct, frozen=True):
    """A valid authorization request (RFC 6749, 4.1.1, with PKCE, RFC 7636)."""

    client_id: str
    redirect_uri: str
    scope: str
    challenge: str
    state: str | None = None
    nonce: str | None = None


def read_target(query: Mapping[str, str]) -> tuple[str, str]:
    """Client and redirect URI. Raises OAuthError, to be shown here: nothing may be sent to an address that is not trusted."""
    client, uri = query.get("client_id", ""), query.get("redirect_uri", "")
    if client not in CLIENT_IDS:
        raise OAuthError("invalid_client", f"client_id must be one of: {', '.join(CLIENT_IDS)}.")
    if not is_loopback(uri):
        raise OAuthError("invalid_request", "redirect_uri must be an http(s) address of this machine, without a fragment.")
    return client, uri


def read_asked(query: Mapping[str, str]) -> Asked:
    """Raises OAuthError, which goes to the redirect URI."""
    client, uri = read_target(query)
    if query.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "Only response_type=code is known here.")
    challenge = query.get("code_challenge", "")
    if query.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "PKCE is required: code_challenge and code_challenge_method=S256.")
    scope = query.get("scope") or " ".join(SCOPES)
    if unknown := set(scope.split()) - set(SCOPES):
        raise OAuthError("invalid_scope", f"Unknown here: {' '.join(sorted(unknown))}. Known: {' '.join(SCOPES)}.")
    return Asked(client, uri, scope, challenge, query.get("state"), query.get("nonce"))


class Codes:
    """Codes that were handed out and not yet exchanged. A restart forgets them: the learner signs in once more."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Asked, SignIn]] = {}

    def give(self, asked: Asked, who: SignIn) -> str:
        if len(self._waiting) >= CODES_MAX:
            del self._waiting[next(iter(self._waiting))]
        code = secrets.token_urlsafe(32)
        self._waiting[code] = (asked, who)
        return code

    def take(self, form: Mapping[str, str]) -> SignIn:
        """Raises OAuthError. Whatever comes of it, the code is used up."""
        found = self._waiting.pop(form.get("code", ""), None)
        if found is None or time.time() > found[1].at + CODE_SECONDS:
            raise OAuthError("invalid_grant", "This code is unknown, used or older than a minute.")
        asked, who = found
        if (asked.client_id, asked.redirect_uri) != (form.get("client_id"), form.get("redirect_uri")):
            raise OAuthError("invalid_grant", "This code was given to another client or redirect_uri.")
        if not _answers(form.get("code_verifier", ""), asked.challenge):
            raise OAuthError("invalid_grant", "code_verifier does not answer the code_challenge.")
        return who


def go_back(uri: str, state: str | None, **answer: str) -> str:
    """The app's address with our answer and its own state added to whatever query it has."""
    more = answer if state is None else answer | {"state": state}
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(more))))))


def _answers(verifier: str, challenge: str) -> bool:
    if not VERIFIER.fullmatch(verifier):
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return secrets.compare_digest(digest, challenge)
