"""Who gets in: forged, stale and foreign tokens, and an identity provider that changes its keys or goes away."""

import asyncio
import base64
import contextlib
import hmac
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from litestar import Litestar

from api.access import LEEWAY
from api.keys import ANSWER_SECONDS, LARGEST_BYTES, Keys
from core.errors import Unavailable
from core.settings import Settings
from tests.api.conftest import client_of, running
from tests.api.issuer import Issuer, claims_of
from tests.until import until

NOW = int(time.time())

Forge = Callable[[Issuer], str]


def encode(part: dict[str, Any] | bytes) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(algorithm: str) -> Forge:
    return lambda _: f"{encode({'alg': algorithm, 'kid': 'first'})}.{encode(claims_of('mei'))}."


def claiming(**claims: Any) -> Forge:
    return lambda issuer: issuer.token(**claims)


def signed_by_a_stranger(issuer: Issuer) -> str:
    stranger = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims_of("mei"), stranger)


def signed_with_the_public_key_as_a_secret(issuer: Issuer) -> str:
    signed = f"{encode({'alg': 'HS256', 'kid': 'first'})}.{encode(claims_of('mei'))}"
    secret = issuer.keys["first"].as_pem(private=False)
    return f"{signed}.{encode(hmac.digest(secret, signed.encode(), 'sha256'))}"


def signed_otherwise(algorithm: str) -> Forge:
    def forge(issuer: Issuer) -> str:
        header = {"alg": algorithm, "kid": "first"}
        return jwt.encode(header, claims_of("mei"), issuer.keys["first"], algorithms=[algorithm])

    return forge


def bringing_its_own_key(issuer: Issuer) -> str:
    own = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": "first", "jwk": own.as_dict(private=False)}
    return jwt.encode(header, claims_of("mei"), own)


def with_other_claims(issuer: Issuer) -> str:
    header, _, signature = issuer.token("ken").split(".")
    return f"{header}.{encode(claims_of('mei'))}.{signature}"


def with_another_signature(issuer: Issuer) -> str:
    head, _, signature = issuer.token("mei").rpartition(".")
    other = "A" if signature[0] != "A" else "B"
    return f"{head}.{other}{signature[1:]}"


FORGED: dict[str, Forge] = {
    "no token at all": lambda _: "",
    "a word": lambda _: "token",
    "two dots": lambda _: "..",
    "four parts": lambda issuer: issuer.token("mei") + ".more",
    "no base64": lambda issuer: "***." + issuer.token("mei").split(".", 1)[1],
    "a header that is no object": lambda issuer: f"{encode(b'[]')}." + issuer.token("mei").split(".", 1)[1],
    "letters of no alphabet": lambda issuer: issuer.token("mei") + "é",
    "longer than any token": claiming(filler="x" * 9000),
    "algorithm none": unsigned("none"),
    "algorithm None, spelt otherwise": unsigned("nOnE"),
    "RS256 without a signature": unsigned("RS256"),
    "HS256 with the public key": signed_with_the_public_key_as_a_secret,
    "RS512 by our own key": signed_otherwise("RS512"),
    "PS256 by our own key": signed_otherwise("PS256"),
    "signed by a stranger": signed_by_a_stranger,
    "its own key in the header": bringing_its_own_key,
    "other claims under the signature": with_other_claims,
    "another signature": with_another_signature,
    "no kid": lambda issuer: issuer.token("mei", kid=None),
    "an unknown kid": lambda issuer: issuer.token("mei", header={"kid": "nobody's"}),
    "a kid that is a path": lambda issuer: issuer.token("mei", header={"kid": "../../etc/passwd"}),
    "an id token": claiming(token_use="id", client_id=None, aud="kotonoha-web"),
    "an id token that names a client": claiming(token_use="id"),
    "a refresh token": claiming(token_use="refresh"),
    "an id token that calls itself access": claiming(client_id=None, aud="kotonoha-web"),
    "no use named": claiming(token_use=None),
    "another client": claiming(client_id="somebody-else"),
    "another issuer": claiming(iss="http://evil.test"),
    "an issuer that begins alike": claiming(iss="http://identity.test/kotonoha/../evil"),
    "no issuer": claiming(iss=None),
    "no subject": claiming(sub=None),
    "an empty subject": claiming(sub=""),
    "a subject that is a number": claiming(sub=7),
    "a subject too long for anybody": claiming(sub="x" * 201),
    "expired two minutes ago": claiming(exp=NOW - 120),
    "expired long ago": claiming(exp=1),
    "never expiring": claiming(exp=None),
    "not valid yet": claiming(nbf=NOW + 86_400),
    "valid from a word on": claiming(nbf="now"),
    "expiring in a word": claiming(exp="tomorrow"),
    "expiring beyond all years": claiming(exp=10**18),
}


async def test_who_sends_no_token_is_told_how(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("/api/requests")

    assert answer.json()["detail"] == "Send an access token: Authorization: Bearer …"


async def test_a_forged_token_opens_nothing(nobody: httpx.AsyncClient, issuer: Issuer) -> None:
    answers = {}
    for name, forge in FORGED.items():
        header = b"Bearer " + forge(issuer).encode()
        answers[name] = await nobody.get("/api/requests", headers={b"Authorization": header})

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(FORGED, 401)
    assert {answer.headers["content-type"] for answer in answers.values()} == {"application/problem+json"}
    assert {answer.headers["www-authenticate"] for answer in answers.values()} == {"Bearer"}
    assert {answer.json()["type"] for answer in answers.values()} == {"urn:kotonoha:problem:not-allowed"}


async def test_what_is_no_bearer_token_opens_nothing(nobody: httpx.AsyncClient) -> None:
    headers = ["Basic bWVpOm1laQ==", "Bearer", "Bearer ", "Token x", ""]
    answers = [await nobody.get("/api/requests", headers={"Authorization": header}) for header in headers]
    without = await nobody.get("/api/requests")

    assert [answer.status_code for answer in [*answers, without]] == [401] * 6


async def test_a_token_for_something_else_is_forbidden(nobody: httpx.AsyncClient, issuer: Issuer) -> None:
    without = await nobody.get("/api/requests", headers=bearer(issuer.token("mei", scope="openid")))
    longer = await nobody.get("/api/requests", headers=bearer(issuer.token("mei", scope="kotonoha/learners openid")))

    assert (without.status_code, longer.status_code) == (403, 403)
    assert without.json()["type"] == "urn:kotonoha:problem:forbidden"


async def test_clocks_may_differ_by_less_than_a_minute(nobody: httpx.AsyncClient, issuer: Issuer) -> None:
    token = issuer.token("mei", exp=int(time.time()) - 30)
    early = issuer.token("mei", nbf=time.time() + 30)

    assert (await nobody.get("/api/requests", headers=bearer(token))).status_code == 200
    assert (await nobody.get("/api/requests", headers=bearer(early))).status_code == 200


async def test_the_command_line_client_is_let_in_too(nobody: httpx.AsyncClient, issuer: Issuer) -> None:
    token = issuer.token("mei", client_id="kotonoha-cli")

    assert (await nobody.get("/api/requests", headers=bearer(token))).status_code == 200


async def test_a_remembered_token_still_expires(app: Litestar, issuer: Issuer) -> None:
    token = issuer.token("mei", exp=int(time.time() - LEEWAY.total_seconds()) + 3)
    async with client_of(app, token) as client:
        first = await client.get("/api/requests")

        async def is_refused() -> bool:
            return (await client.get("/api/requests")).status_code == 401

        # Not as often as it can: a learner who asks without end is refused for that.
        await until(is_refused, every_seconds=0.2)

    assert first.status_code == 200


async def test_a_new_key_is_fetched_when_a_token_names_it(app: Litestar, issuer: Issuer, mei: httpx.AsyncClient) -> None:
    keys = Keys(issuer.jwks_url, cool_down_seconds=0)
    await keys.find("first")
    issuer.add_key("second")
    found = await keys.find("second")
    await keys.close()

    assert found is not None


async def test_unknown_keys_are_asked_for_seldom(issuer: Issuer) -> None:
    keys = Keys(issuer.jwks_url)
    await keys.find("first")
    asked = issuer.asked
    found = [await keys.find(f"made up {number}") for number in range(50)]
    await keys.close()

    assert found == [None] * 50
    assert issuer.asked == asked


async def test_a_crowd_that_waits_for_one_key_asks_once(issuer: Issuer) -> None:
    keys = Keys(issuer.jwks_url, cool_down_seconds=0)
    await keys.find("first")
    issuer.add_key("rotated")
    asked = issuer.asked
    found = await asyncio.gather(*(keys.find("rotated") for _ in range(200)))
    await keys.close()

    assert None not in found
    assert issuer.asked == asked + 1


async def test_a_crowd_of_strangers_asks_once_and_keeps_nobody_out(
    app: Litestar, nobody: httpx.AsyncClient, mei: httpx.AsyncClient, issuer: Issuer
) -> None:
    asked = issuer.asked
    strange = [bearer(issuer.token("mei", header={"kid": f"made up {number}"})) for number in range(100)]
    answers = await asyncio.gather(*(nobody.get("/api/requests", headers=header) for header in strange))

    assert {answer.status_code for answer in answers} == {401}
    assert issuer.asked == asked + 1
    assert (await mei.get("/api/requests")).status_code == 200


async def test_a_storm_that_lasts_asks_once_in_a_cool_down(issuer: Issuer) -> None:
    cool_down = 0.05
    keys = Keys(issuer.jwks_url, cool_down)
    began, asked = time.monotonic(), issuer.asked
    while issuer.asked < asked + 5:
        await asyncio.gather(*(keys.find(f"made up {number}") for number in range(50)))
    lasted = time.monotonic() - began
    await keys.close()

    assert lasted >= 4 * cool_down


async def test_behind_a_provider_that_says_nothing_a_crowd_waits_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        keys = Keys(f"http://127.0.0.1:{silent.getsockname()[1]}/jwks.json")
        began = time.monotonic()
        found = await asyncio.gather(*(keys.find("first") for _ in range(20)), return_exceptions=True)
        lasted = time.monotonic() - began
        await keys.close()

    assert {type(each) for each in found} == {Unavailable}
    assert lasted < 2 * ANSWER_SECONDS


async def test_a_provider_that_says_too_much_is_heard_no_further() -> None:
    said = 0

    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal said
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while said < 100 * LARGEST_BYTES:
                writer.write(bytes(65_536))
                said += 65_536
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as talkative:
        keys = Keys(f"http://127.0.0.1:{talkative.sockets[0].getsockname()[1]}/jwks.json")
        with pytest.raises(Unavailable):
            await keys.find("first")
        await keys.close()

    assert said < 100 * LARGEST_BYTES


async def test_known_keys_outlive_an_identity_provider_that_is_away(issuer: Issuer) -> None:
    keys = Keys(issuer.jwks_url, cool_down_seconds=0)
    await keys.find("first")
    issuer.is_broken = True
    try:
        unknown, known = await keys.find("made up"), await keys.find("first")
    finally:
        issuer.is_broken = False
    await keys.close()

    assert unknown is None
    assert known is not None


async def test_without_any_key_nobody_can_tell_and_that_is_said(settings: Settings, issuer: Issuer) -> None:
    away = msgspec.structs.replace(settings, jwks_url="http://127.0.0.1:9/jwks.json")
    async with running(away) as app, client_of(app, issuer.token("mei")) as client:
        answer = await client.get("/api/requests")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1


async def test_an_identity_provider_that_comes_late_is_found(issuer: Issuer) -> None:
    issuer.is_broken = True
    keys = Keys(issuer.jwks_url, cool_down_seconds=0)
    try:
        with pytest.raises(Unavailable):
            await keys.find("first")
    finally:
        issuer.is_broken = False
    found = await keys.find("first")
    await keys.close()

    assert found is not None


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
