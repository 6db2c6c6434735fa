"""Hands out codes and tokens to who asks in due form."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from core.errors import NotAllowed
from local.home import Home
from local.identity.grants import Asked, Codes, OAuthError
from local.tokens import ACCESS_SECONDS, SignIn, make_key, read_refresh, sign_access, sign_id, sign_in_now, sign_refresh


class Tokens(Struct, frozen=True, omit_defaults=True):
    """The answer of the token endpoint. As with Cognito, a refresh brings no new refresh token."""

    access_token: str
    id_token: str
    expires_in: int
    token_type: str = msgspec.field(default_factory=lambda: "Bearer")
    refresh_token: str | None = None


class Teller:
    """Holds the signing key, the secret of refresh tokens, and the codes on their way."""

    def __init__(self, home: Home, issuer: str) -> None:
        self._key = make_key(home)
        self._secret = home.secret("refresh")
        self._issuer = issuer
        self._codes = Codes()

    def public_keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def welcome(self, asked: Asked, name: str) -> str:
        """A code for the app. Raises Invalid for what is no name."""
        who = sign_in_now(name, asked.client_id)
        return self._codes.give(asked, msgspec.structs.replace(who, scope=asked.scope, nonce=asked.nonce))

    def exchange(self, form: Mapping[str, str]) -> Tokens:
        """Raises OAuthError."""
        match form.get("grant_type"):
            case "authorization_code":
                who = self._codes.take(form)
                return self._tokens(who, sign_refresh(self._secret, who))
            case "refresh_token":
                return self._tokens(self._remember(form), None)
            case _:
                raise OAuthError("unsupported_grant_type", "Known: authorization_code and refresh_token.")

    def _remember(self, form: Mapping[str, str]) -> SignIn:
        try:
            who = read_refresh(self._secret, form.get("refresh_token", ""))
        except NotAllowed as error:
            raise OAuthError("invalid_grant", error.message) from error
        if who.client_id != form.get("client_id"):
            raise OAuthError("invalid_grant", "This refresh token was given to another client.")
        return msgspec.structs.replace(who, nonce=None)

    def _tokens(self, who: SignIn, refresh: str | None) -> Tokens:
        access, identity = sign_access(self._key, self._issuer, who), sign_id(self._key, self._issuer, who)
        return Tokens(access, identity, ACCESS_SECONDS[who.client_id], refresh_token=refresh)
