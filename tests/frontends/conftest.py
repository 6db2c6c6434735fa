"""A platform with pages, a browser, and a window for each test: a learner of its own, and no complaint left in the console."""

import itertools
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from local.apps import APPS
from tests.frontends.chromium import ARGUMENTS, find_chromium
from tests.frontends.tuning import TUNING
from tests.frontends.window import Window
from tests.journeys.platform import WITH_PAGES, Platform, up
from tests.journeys.steps import ask, finish

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
async def pages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    missing = [app.name for app in APPS if not app.is_built]
    assert missing == [], "The pages are not built. Run: make setup"
    home = tmp_path_factory.mktemp("pages") / "home"
    async with up(home, "--workers", "1", by=WITH_PAGES, tuning=TUNING) as platform:
        yield platform


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    async with opened(browser) as context:
        yield context


@pytest.fixture
async def window(pages: Platform, context: BrowserContext) -> AsyncIterator[Window]:
    """One tab, nobody signed in."""
    window = Window(await context.new_page(), pages, f"learner {next(_numbers)}")
    yield window
    assert window.complaints == []
    assert window.strangers == set()


@pytest.fixture(scope="session")
async def finished(pages: Platform) -> str:
    """The path of a finished haiku of the learner "reader", for tests that only look at it."""
    async with await pages.learner("reader") as reader:
        request = await ask(reader, "plum blossom")
        await finish(reader, request)
    return str(request["resource"]).removeprefix("/api")


@pytest.fixture
async def reading(window: Window, finished: str) -> Window:
    """The same learner with that haiku open."""
    window.name = "reader"
    await window.sign_in(finished)
    await window.finish()
    return window


@asynccontextmanager
async def launched(*, without: Sequence[str] = ()) -> AsyncIterator[Browser]:
    """`without` names arguments of Playwright's own."""
    chromium = find_chromium()
    environment: dict[str, str | float | bool] = {**os.environ, **chromium.environment}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.path, args=list(ARGUMENTS), ignore_default_args=list(without), env=environment
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context
    finally:
        await context.close()
