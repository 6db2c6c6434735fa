"""The identity provider's public keys, by kid: fetched when an unknown one turns up, kept when it cannot be reached."""

import asyncio
import time
from typing import Any

import httpx
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from core.errors import TooLarge, Unavailable
from core.read_at_most import read_at_most

ANSWER_SECONDS = 3.0
"""Longest wait for the provider."""

LARGEST_BYTES = 256 * 1024
"""Some five hundred keys; Cognito has two."""

COOL_DOWN_SECONDS = 10.0
"""However many tokens name unknown keys, the provider is asked this seldom."""

EMPTY_COOL_DOWN_SECONDS = 0.5
"""Without any key nobody can be let in, so the wait is shorter."""


class Keys:
    """An async JWKS cache. One fetch at a time, whoever waits for it."""

    def __init__(self, url: str, cool_down_seconds: float = COOL_DOWN_SECONDS) -> None:
        self._url = url
        self._cool_down_seconds = cool_down_seconds
        self._keys: dict[str, RSAKey] = {}
        self._asked_at = self._answered_at = float("-inf")
        self._asking = asyncio.Lock()
        # Proxies of the environment have no business between us and who says who is who.
        self._client = httpx.AsyncClient(timeout=httpx.Timeout(ANSWER_SECONDS, connect=2), trust_env=False)

    async def find(self, kid: str) -> RSAKey | None:
        """None for a kid the provider does not know. Raises Unavailable when it cannot be asked and no key is held at all."""
        if kid not in self._keys:
            came_at = time.monotonic()
            async with self._asking:
                if kid not in self._keys and self._may_ask(came_at):
                    await self._ask()
        if not self._keys:
            raise Unavailable("The identity provider cannot be reached; try again shortly.")
        return self._keys.get(kid)

    async def close(self) -> None:
        await self._client.aclose()

    def _may_ask(self, came_at: float) -> bool:
        # Who waited for an answer takes it: behind a provider that says nothing, each would wait once more for its own.
        if self._answered_at >= came_at:
            return False
        wait = self._cool_down_seconds if self._keys else min(self._cool_down_seconds, EMPTY_COOL_DOWN_SECONDS)
        return time.monotonic() - self._asked_at >= wait

    async def _ask(self) -> None:
        self._asked_at = time.monotonic()
        try:
            keys = _read_keys(msgspec.json.decode(await self._fetch()))
        except (httpx.HTTPError, TimeoutError, TooLarge, msgspec.DecodeError, JoseError, ValueError, TypeError, KeyError):
            return  # Old keys beat none: a provider that is away must not sign everybody out.
        finally:
            self._answered_at = time.monotonic()
        self._keys = keys or self._keys

    async def _fetch(self) -> bytes:
        """Raises TooLarge for more than any provider has to say."""
        async with asyncio.timeout(ANSWER_SECONDS), self._client.stream("GET", self._url) as answer:
            answer.raise_for_status()
            return await read_at_most(LARGEST_BYTES, answer.aiter_bytes(8192))


def _read_keys(document: dict[str, list[dict[str, Any]]]) -> dict[str, RSAKey]:
    """Signing keys only. Raises one of several errors for what is no JWKS (RFC 7517)."""
    return {
        key["kid"]: RSAKey.import_key(key)
        for key in document["keys"]
        if key.get("kty") == "RSA" and key.get("use", "sig") == "sig" and "kid" in key
    }
