"""Nothing a learner says, is or holds stands in any log line or span, at the most talkative level."""

import asyncio
import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import websockets
from PIL import Image
from websockets.typing import Origin

from tests.journeys.platform import PROVIDERS, WITH_PAGES, Platform, up
from tests.journeys.steps import ask, finish, read
from tests.until import until
from tests.workers.providers.test_uploads import drawing, written

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
    "page": "magnolia-7745",
    "file": "chestnut-7746",
    "place in a picture": "swallow-7747",
}


SIGNING = frozenset({"policy", "signature", "x-amz-signature", "x-amz-credential"})
"""Fields of a form that say by whom it was signed for what."""

TALKATIVE = {"local": {"httpcore", "uvicorn"}, "fake-aws": {"httpcore", "uvicorn", "aiobotocore", "botocore"}}
"""Libraries that must have spoken, or the test would prove nothing. asyncpg, aiohttp and Litestar say nothing at this level of
what we do, and arq is told to be quiet."""


@pytest.fixture
def talkative() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KOTONOHA_LOG_LEVEL", "DEBUG")
        environment.setenv("KOTONOHA_BACKOFF_BASE_SECONDS", "0.05")
        yield


def secret_of(signed: str) -> str:
    """What opens it: the beginning of the signature of a link, or the whole of what has none."""
    found = re.search(r"signature=([\w%-]{16})", signed, re.IGNORECASE)
    return found.group(1) if found else signed


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


async def send_a_picture(learner: httpx.AsyncClient) -> list[str]:
    """Returns what its form was signed with, and the link it was handed."""
    form = (await learner.post("/api/uploads", json={"media_type": "image/jpeg"})).json()
    exif = Image.Exif()
    exif[0x010E] = MARKS["place in a picture"]
    content = written(drawing(), "JPEG", exif=exif)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as browser:
        file = {"file": (f"{MARKS['file']}.jpg", content, "image/jpeg")}
        assert (await browser.post(form["url"], data=form["fields"], files=file)).status_code == 204
        await finish(learner, (await learner.post(f"/api/uploads/{form['id']}/check")).json())
        picture = (await read(learner, f"/api/uploads/{form['id']}"))["picture"]["url"]
        assert (await browser.get(picture)).status_code == 200
    return [picture, *(value for name, value in form["fields"].items() if name.lower() in SIGNING)]


async def come_by_the_pages(learner: httpx.AsyncClient, pages: str) -> list[str]:
    """As a browser does, on the port of an app: returns the ticket it came to the socket with."""
    headers = {"Origin": pages, "Referer": f"{pages}/{MARKS['page']}", "Cookie": MARKS["cookie"]}
    async with httpx.AsyncClient(base_url=pages, headers=dict(learner.headers) | headers, trust_env=False, timeout=30) as browser:
        await browser.get(f"/haiku/{MARKS['page']}", params={"state": MARKS["page"], "code": MARKS["page"]})
        await browser.get(f"/{MARKS['page']}.js")
        await finish(browser, await ask(browser, MARKS["topic"], illustrate=False))
        ticket = (await browser.post("/api/live/tickets")).json()
    socket = pages.replace("http", "ws", 1) + f"/live?{MARKS['page']}"
    async with websockets.connect(socket, subprotocols=ticket["protocols"], origin=Origin(pages), proxy=None) as live:
        await live.send(json.dumps({"type": "ping"}))
        await live.recv()
    return [ticket["ticket"]]


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


@pytest.mark.parametrize("providers", PROVIDERS)
async def test_nothing_a_learner_says_is_told(talkative: None, tmp_path: Path, providers: str) -> None:
    async with up(tmp_path / "home", "--providers", providers, by=WITH_PAGES) as platform:
        async with await platform.learner(MARKS["name"]) as learner:
            links = await speak_everywhere(learner, platform)
            await speak_on_the_socket(learner)
            await speak_at_the_door(platform)
            token = learner.headers["authorization"]
            signed = [*links, *await send_a_picture(learner), *await come_by_the_pages(learner, platform.haiku)]
            await learner.delete("/api/me")
        async with asyncio.timeout(30):
            spans = await spans_of(platform)
    logs = {path.name: path.read_text(errors="replace") for path in (platform.home / "logs").iterdir()}
    held = {"access token": token.split(".")[2]} | {f"secret {number}": secret_of(each) for number, each in enumerate(signed)}
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
    ours = [
        line
        for name in ("api.log", "haiku.log", "worker-1.log", "identity.log", "traces.log")
        for line in logs[name].splitlines()
    ]
    assert all(json.loads(line)["event"] for line in ours)
    assert TALKATIVE[providers] <= {json.loads(line).get("logger", "").partition(".")[0] for line in ours}
