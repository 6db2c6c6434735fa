"""What goes wrong between page and platform, and what a learner notices of it: words, no loss, and a page that goes on."""

import asyncio
import contextlib
import os
import re
import signal
import time
from functools import partial

import pytest
from playwright.async_api import BrowserContext, Route, WebSocketRoute, expect

from tests.frontends.tokens import spoil_tokens
from tests.frontends.window import Window
from tests.frontends.workers import resting
from tests.until import until

pytestmark = pytest.mark.timeout(300)

LIVE = re.compile(r"/live$")
EVENTS = re.compile(r"/api/requests/[^/]+/events")
CUTS = 10


async def test_a_socket_that_is_cut_ten_times_tells_everything_once(window: Window) -> None:
    sockets: list[WebSocketRoute] = []
    enough = asyncio.Event()

    def cut(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        server = socket.connect_to_server()

        async def pass_one_on(message: str | bytes) -> None:
            socket.send(message)
            if len(sockets) <= CUTS:
                await socket.close(code=1001)
            else:
                enough.set()

        server.on_message(pass_one_on)

    await window.page.route_web_socket(LIVE, cut)
    await window.sign_in()
    await window.compose("a storm at sea")
    await expect(window.page.locator(".leaf")).to_have_count(3)
    # Ten cuts take longer than three pictures; the worker holds its breath for less than a lease at a time.
    while not enough.is_set():
        with resting(window.platform), contextlib.suppress(TimeoutError):
            await asyncio.wait_for(enough.wait(), 1.5)

    await window.finish()
    await expect(window.pictures).to_have_count(3)
    assert len(sockets) > CUTS


async def test_where_no_socket_gets_through_streams_do(window: Window) -> None:
    await window.page.route_web_socket(LIVE, lambda socket: socket.close(code=1001))
    await window.sign_in()
    with resting(window.platform):
        async with window.page.expect_response(EVENTS) as stream:
            await window.compose("a kite")
        assert (await stream.value).status == 200

    await window.finish()


async def test_where_nothing_stays_open_polls_do(window: Window) -> None:
    await window.page.route_web_socket(LIVE, lambda socket: socket.close(code=1001))
    await window.page.route(EVENTS, lambda route: route.abort())
    await window.sign_in()
    await window.compose("a snail")

    await window.finish()


async def test_a_session_that_ends_costs_a_click_and_no_word(reading: Window, context: BrowserContext) -> None:
    await reading.message.fill("And if it were summer?")
    await spoil_tokens(await context.new_page(), reading)
    await reading.button("Send").click()
    await expect(reading.page.get_by_text("Your session has ended. What you have typed is kept.")).to_be_visible()
    here = reading.page.url
    await reading.button("Sign in again").click()
    await reading.pass_sign_in()

    await expect(reading.message).to_have_value("And if it were summer?")
    assert reading.page.url == here


async def test_an_access_token_that_ends_is_renewed_unseen(reading: Window, context: BrowserContext) -> None:
    await spoil_tokens(await context.new_page(), reading, "access_token")
    await reading.page.get_by_role("link", name="to all of mine").click()

    await expect(reading.page.locator(".card")).not_to_have_count(0)
    await expect(reading.page.get_by_text("Your session has ended")).to_have_count(0)


async def test_a_page_that_cannot_begin_says_so_and_tries_again(window: Window) -> None:
    await window.sign_in()
    await window.topic.fill("a bridge that is up")
    await window.page.route("**/config.json", lambda route: route.abort())
    await window.page.reload()
    await expect(window.page.get_by_role("heading", name="Kotonoha cannot be reached")).to_be_visible()
    await window.page.unroute("**/config.json")
    await window.button("Try again").click()

    await expect(window.topic).to_have_value("a bridge that is up")


async def test_a_database_that_is_away_is_told_in_words_and_keeps_the_draft(window: Window) -> None:
    await window.sign_in()
    await window.topic.fill("a closed shop")
    parts = window.platform.parts()
    os.kill(parts["postgres"], signal.SIGQUIT)
    await window.button("Compose").click()
    again = window.page.locator(".composer").get_by_role("button", name="Try again")
    await expect(again).to_be_visible()
    await expect(window.topic).to_have_value("a closed shop")
    heading = window.page.get_by_role("heading", name="a closed shop", level=1)

    async def is_sent() -> bool:
        if await again.is_visible():
            await again.click()
        return await heading.is_visible()

    await until(is_sent, within_seconds=30)


async def test_too_much_is_refused_with_a_time_and_without_a_loss(window: Window) -> None:
    await window.sign_in()
    await window.topic.fill("one too many")
    await _use_up(window)
    await window.button("Compose").click()

    await expect(window.alert).to_contain_text(re.compile(r"Try again in \d+ seconds\."))
    await window.page.reload()
    await expect(window.topic).to_have_value("one too many")


async def _use_up(window: Window) -> None:
    """All that a learner may ask of the api in a minute."""
    async with await window.api() as learner:
        while (await learner.post("/api/haiku", json={"topic": "again", "illustrate": False})).status_code != 429:
            pass


async def test_links_that_expire_in_an_open_page_are_asked_for_again(window: Window, finished: str) -> None:
    window.name = "reader"
    await window.page.clock.install()
    await window.sign_in(finished)
    before = await window.pictures.first.get_attribute("src")
    assert before is not None
    # Links tell whole seconds: two made within one are the same.
    await until(partial(_is_later_than, int(time.time())))
    await window.page.clock.fast_forward("14:45")

    await expect(window.pictures.first).not_to_have_attribute("src", before)


async def _is_later_than(second: int) -> bool:
    return int(time.time()) > second


async def test_opening_that_takes_long_is_told_in_words(window: Window) -> None:
    await window.sign_in()
    await expect(window.topic).to_be_visible()
    going = asyncio.Event()

    async def dawdle(route: Route) -> None:
        await going.wait()
        await route.continue_()

    await window.page.route("**/config.json", dawdle)
    await window.page.reload()
    await expect(window.page.get_by_text("Kotonoha opens …")).to_be_visible()
    going.set()

    await expect(window.topic).to_be_visible()


async def test_too_many_words_are_kept_and_counted(window: Window) -> None:
    await window.sign_in()
    await window.topic.fill("🍁" * 203)

    await expect(window.page.get_by_text("3 characters too many; 200 fit.")).to_be_visible()
    await expect(window.button("Compose")).to_be_disabled()
    await window.page.reload()
    await expect(window.topic).to_have_value("🍁" * 203)
    await window.topic.fill("🍁" * 200)
    await window.button("Compose").click()
    await expect(window.page.locator(".haiku-page")).to_be_visible()


async def test_pasted_lines_become_one_that_can_be_sent(window: Window) -> None:
    await window.sign_in()
    await window.topic.fill("a bench\nby the lake")
    await expect(window.topic).to_have_value("a bench by the lake")
    await window.button("Compose").click()

    await expect(window.page.get_by_role("heading", name="a bench by the lake", level=1)).to_be_visible()


async def test_what_is_refused_for_good_is_not_offered_again(window: Window) -> None:
    await window.sign_in()
    await window.topic.fill("a hidden\u200b word")
    await window.button("Compose").click()

    await expect(window.alert).to_contain_text("invisible characters")
    await expect(window.button("Try again")).to_have_count(0)


async def test_a_draft_outlives_a_reload(window: Window) -> None:
    await window.sign_in(await window.ask("thoughts"))
    await window.message.fill("half a thou")
    await window.page.reload()

    await expect(window.message).to_have_value("half a thou")
