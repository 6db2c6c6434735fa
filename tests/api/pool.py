"""A user pool as the account has one, in moto's Cognito: real clients ask it, and it signs with its own key."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from moto.utilities.utils import load_resource

from api.access import OPERATORS, SCOPE
from tests.fakes import amazon_client
from tests.moto import REGION, Moto

PASSWORD = "A-password-of-these-tests-1"  # noqa: S105  it opens nothing


class UserPool:
    """A pool with our resource server and our group of operators. Without managed login, which moto has not."""

    def __init__(self, client: Any, url: str, pool_id: str) -> None:
        self._client = client
        self.pool_id = pool_id
        self.issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{pool_id}"
        # moto's tokens name Amazon's address whatever its own.
        self.jwks_url = f"{url}/{pool_id}/.well-known/jwks.json"

    async def add_client(self, name: str) -> str:
        added = await self._client.create_user_pool_client(
            UserPoolId=self.pool_id,
            ClientName=name,
            ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email", SCOPE],
            AllowedOAuthFlowsUserPoolClient=True,
        )
        return str(added["UserPoolClient"]["ClientId"])

    async def add_learner(self, name: str, groups: Sequence[str] = ()) -> None:
        who = {"UserPoolId": self.pool_id, "Username": f"{name}@example.com"}
        await self._client.admin_create_user(**who, MessageAction="SUPPRESS")
        await self._client.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
        for group in groups:
            await self._client.admin_add_user_to_group(**who, GroupName=group)

    async def sign_in(self, name: str, client_id: str) -> dict[str, str]:
        """AccessToken, IdToken and RefreshToken, as Cognito hands them to a program."""
        asked = {"USERNAME": f"{name}@example.com", "PASSWORD": PASSWORD}
        return await self._authenticate(client_id, "ADMIN_USER_PASSWORD_AUTH", asked)

    async def refresh(self, refresh_token: str, client_id: str) -> dict[str, str]:
        return await self._authenticate(client_id, "REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": refresh_token})

    async def _authenticate(self, client_id: str, flow: str, asked: dict[str, str]) -> dict[str, str]:
        answer = await self._client.admin_initiate_auth(
            UserPoolId=self.pool_id, ClientId=client_id, AuthFlow=flow, AuthParameters=asked
        )
        tokens: dict[str, str] = answer["AuthenticationResult"]
        return tokens


@asynccontextmanager
async def user_pool(moto: Moto) -> AsyncIterator[UserPool]:
    async with amazon_client("cognito-idp", moto.url, region_name=REGION) as client:
        made = await client.create_user_pool(PoolName="learners", UsernameAttributes=["email"])
        pool_id = made["UserPool"]["Id"]
        resource, scope = SCOPE.split("/")
        scopes = [{"ScopeName": scope, "ScopeDescription": "Use the apps"}]
        await client.create_resource_server(UserPoolId=pool_id, Identifier=resource, Name=resource, Scopes=scopes)
        await client.create_group(UserPoolId=pool_id, GroupName=OPERATORS)
        yield UserPool(client, moto.url, pool_id)


def by_managed_login(token: str, **claims: Any) -> str:
    """The same token with what managed login puts in it: the scopes an app's sign-in asked for, which a sign-in by
    password never has (Amazon Cognito, "Scopes, M2M, and resource servers"). Signed again with moto's own key."""
    header, key = jwt.decode(token, _moto_key(), algorithms=["RS256"]).header, _moto_key()
    asked = {"scope": f"openid email {SCOPE}", "version": 2}
    return jwt.encode(header, claims_in(token) | asked | claims, key)


def claims_in(token: str) -> dict[str, Any]:
    """Raises JoseError for what moto did not sign."""
    return dict(jwt.decode(token, _moto_key(), algorithms=["RS256"]).claims)


def _moto_key() -> RSAKey:
    return RSAKey.import_key(load_resource("cognitoidp/resources/jwks-private.json"))
