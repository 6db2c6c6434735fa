"""Nothing a learner says, is or holds stands in any log line or span, at the most talkative level."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import websockets

from tests.journeys.platform import Platform, kotonoha, up
from tests.journeys.steps import ask, finish, read
from tests.until import until

MARKS = {
    "topic": "wisteria-7731",
    "wish": "persimmon-7732",
    "path": "cormorant-7733",
    "query": "plumrain-7734",
    "body": "chrysanthemum-7735",
    "key": "dragonfly-7736",
    "token": "cicada-7737",
    "frame": "firefly-7738",
    "name": "lantern-7739@example.com",
    "cookie": "heron-7740",
    "reason": "maple-7741",
    "topic with nul": "gourd-7742",
    "sign-in": "mulberry-7743",
    "method": "KINGFISHER7744",
}


@pytest.fixture
def talkative() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KOTONOHA_LOG_LEVEL", "DEBUG")
        environment.setenv("KOTONOHA_BACKOFF_BASE_SECONDS", "0.05")
        yield


async def speak_everywhere(learner: httpx.AsyncClient, platform: Platform) -> list[str]:
    """Returns the links it was handed."""
    request = await ask(learner, MARKS["topic"])
    await finish(learner, request)
    haiku = await read(learner, request["resource"])
    links = [line[what]["url"] for line in haiku["lines"] for what in ("picture", "voice")]
    for link in links[:2]:
        await learner.get(link)
    said = await learner.post(f"{request['resource']}/messages", json={"text": MARKS["wish"], "illustrate": False})
    await finish(learner, said.json())
    await learner.get(f"/api/requests/{MARKS['path']}")
    await learner.get(f"/{MARKS['path']}/{MARKS['path']}")
    await learner.get("/api/haiku", params={MARKS["query"]: MARKS["query"], "cursor": MARKS["query"]})
    await learner.post("/api/haiku", content=f'{{"topic": "{MARKS["body"]}", '.encode())
    await learner.post("/api/haiku", json={"topic": MARKS["body"], MARKS["body"]: 1})
    await learner.post("/api/haiku", json={"topic": f"\0{MARKS['topic with nul']}"})
    await learner.post("/api/haiku", json={"topic": MARKS["body"] * 40}, headers={"Idempotency-Key": MARKS["key"]})
    await learner.get("/api/haiku", headers={"Authorization": f"Bearer {MARKS['token']}.x.y"})
    await learner.get("/api/haiku", headers={"Cookie": MARKS["cookie"], "User-Agent": MARKS["cookie"]})
    await learner.request(MARKS["method"], "/api/haiku")
    await learner.post("/api/ops/requests/cancel", json={"reason": MARKS["reason"]})
    await learner.get(f"/media/{MARKS['path']}", params={"signature": MARKS["token"]})
    return links


async def speak_on_the_socket(learner: httpx.AsyncClient) -> None:
    address = f"{learner.base_url}".replace("http", "ws", 1).rstrip("/") + f"/live?{MARKS['query']}={MARKS['query']}"
    headers = {"Authorization": learner.headers["authorization"], "Cookie": MARKS["cookie"]}
    with contextlib.suppress(websockets.ConnectionClosed):
        async with websockets.connect(address, additional_headers=headers, proxy=None) as socket:
            for frame in ({}, {"type": MARKS["frame"]}, {"type": "subscribe", "x": MARKS["frame"]}):
                await socket.send(json.dumps(frame) if frame else MARKS["frame"])
                await socket.recv()
            await socket.recv()
    for refused in ({"Authorization": f"Bearer {MARKS['token']}"}, {"Origin": f"http://{MARKS['path']}.example"}):
        with contextlib.suppress(websockets.InvalidStatus):
            await websockets.connect(address, additional_headers=refused, proxy=None)


async def speak_at_the_door(platform: Platform) -> None:
    issuer = (platform.home / "issuer").read_text()
    async with httpx.AsyncClient(base_url=issuer, trust_env=False) as browser:
        await browser.get("/oauth2/authorize", params={"client_id": MARKS["sign-in"], "state": MARKS["sign-in"]})
        await browser.post("/oauth2/authorize", data={"name": MARKS["sign-in"], "redirect_uri": MARKS["sign-in"]})
        await browser.post("/oauth2/token", data={"code": MARKS["sign-in"]})
        await browser.get(f"/{MARKS['sign-in']}")


async def spans_of(platform: Platform) -> str:
    """All of them, once nothing more is on its way."""
    async with httpx.AsyncClient(base_url=platform.traces, trust_env=False) as page:

        async def is_last_told() -> bool:
            return "/api/me" in (await page.get("/api/traces", params={"find": "/api/me"})).text

        await until(is_last_told, 20)
        return (await page.get("/api/traces")).text


async def test_nothing_a_learner_says_is_told(talkative: None, tmp_path: Path) -> None:
    async with up(tmp_path / "home") as platform:
        token = await kotonoha("token", "--home", str(platform.home), "--user", MARKS["name"])
        async with await platform.learner(MARKS["name"]) as learner:
            links = await speak_everywhere(learner, platform)
            await speak_on_the_socket(learner)
            await speak_at_the_door(platform)
            await learner.delete("/api/me")
        async with asyncio.timeout(30):
            spans = await spans_of(platform)
    logs = {path.name: path.read_text(errors="replace") for path in (platform.home / "logs").iterdir()}
    held = {"access token": token.split(".")[2], **{link: link.split("signature=")[1][:16] for link in links}}
    leaks = [
        f"{what} in {where}"
        for what, words in (MARKS | held).items()
        for where, told in {**logs, "spans": spans}.items()
        if words in told
    ]

    assert leaks == []
    # It did speak: the level is the most talkative, and what was done is told.
    assert '"debug"' in logs["api.log"] or '"level": "debug"' in logs["worker-1.log"]
    assert "process haiku.compose" in spans
    ours = [line for name in ("api.log", "worker-1.log", "identity.log", "traces.log") for line in logs[name].splitlines()]
    assert all(json.loads(line)["event"] for line in ours)
