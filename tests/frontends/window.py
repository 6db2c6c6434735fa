"""A tab as its learner uses it: by what is written on the page. It notes complaints of the console, and strangers asked."""

from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.async_api import ConsoleMessage, Locator, Page, Request, expect

from local.home import Home
from local.state import find_running
from tests.journeys.platform import Platform

Json = dict[str, Any]

# Chromium's own words for answers that are no 2xx, and for what a test cut on purpose.
EXPECTED = ("Failed to load resource", "WebSocket connection to", "net::ERR_")
# No figure: on a machine with nothing else to do it is a tenth of this.
FINISHED_MS = 80_000


class Window:
    """`name` is who signs in here."""

    def __init__(self, page: Page, platform: Platform, name: str) -> None:
        self.page = page
        self.platform = platform
        self.name = name
        self.complaints: list[str] = []
        self.strangers: set[str] = set()
        state = find_running(Home(platform.home))
        assert state is not None
        self._known = {urlsplit(address).netloc for address in (platform.haiku, state.issuer)}
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._see)

    async def open(self, path: str = "/") -> None:
        await self.page.goto(f"{self.platform.haiku}{path}")

    async def sign_in(self, path: str = "/") -> None:
        await self.open(path)
        await self.pass_sign_in()

    async def pass_sign_in(self) -> None:
        await self.page.get_by_label("or as somebody else").fill(self.name)
        await self.page.get_by_role("button", name="Continue", exact=True).click()
        # A route that is laid while the page changes its process may catch nothing.
        await expect(self.button("Sign out")).to_be_visible()

    async def compose(self, topic: str) -> None:
        await self.topic.fill(topic)
        await self.button("Compose").click()
        await expect(self.page.get_by_role("heading", name=topic, level=1)).to_be_visible()

    async def finish(self) -> None:
        await expect(self.status).to_have_text("Finished", timeout=FINISHED_MS)

    async def api(self) -> httpx.AsyncClient:
        """The same learner, without a browser."""
        return await self.platform.learner(self.name)

    async def ask(self, topic: str) -> str:
        """The path of the page of a haiku in words only, asked for without a browser."""
        async with await self.api() as learner:
            answer = await learner.post("/api/haiku", json={"topic": topic, "illustrate": False})
            return str(answer.json()["resource"]).removeprefix("/api")

    @property
    def haiku_id(self) -> str:
        return self.page.url.rpartition("/")[2]

    @property
    def topic(self) -> Locator:
        return self.page.get_by_label("What shall your haiku be about?")

    @property
    def message(self) -> Locator:
        return self.page.get_by_label("Say something to the poet")

    @property
    def status(self) -> Locator:
        return self.page.locator(".haiku-head .status")

    @property
    def pictures(self) -> Locator:
        return self.page.locator(".leaf-picture img")

    @property
    def alert(self) -> Locator:
        return self.page.get_by_role("alert")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(words in message.text for words in EXPECTED):
            self.complaints.append(message.text)

    def _see(self, request: Request) -> None:
        if (host := urlsplit(request.url).netloc) and host not in self._known:
            self.strangers.add(host)
