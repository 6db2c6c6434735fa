"""Without a line: what is asked for waits for it, and is done once when it is back."""

import pytest
from playwright.async_api import BrowserContext, Route, WebSocketRoute, expect

from tests.frontends.window import Window

pytestmark = pytest.mark.timeout(300)


async def test_without_a_line_words_are_kept_and_sent_when_it_is_back(window: Window, context: BrowserContext) -> None:
    await window.sign_in()
    await window.topic.fill("a letter that waits")
    await context.set_offline(True)
    await expect(window.page.get_by_text("You are offline.")).to_be_visible()
    await window.button("Compose").click()
    await expect(window.page.get_by_text("This waits until you are back.")).to_be_visible()
    await expect(window.alert).to_have_count(0)
    await expect(window.topic).to_have_value("a letter that waits")
    await context.set_offline(False)

    await expect(window.page.get_by_text("You are offline.")).to_have_count(0)
    await expect(window.page.get_by_role("heading", name="a letter that waits", level=1)).to_be_visible()
    await window.page.go_back()
    await expect(window.page.locator(".card")).to_have_count(1)


async def test_words_that_are_changed_without_a_line_wait_for_their_writer(window: Window, context: BrowserContext) -> None:
    sent: list[str] = []
    window.page.on("request", lambda request: sent.append(request.method))
    await window.sign_in()
    await window.topic.fill("a letter")
    await context.set_offline(True)
    await window.button("Compose").click()
    await expect(window.page.get_by_text("This waits until you are back.")).to_be_visible()
    await window.topic.fill("a letter to my")
    sent.clear()
    await context.set_offline(False)
    await expect(window.page.get_by_text("You are offline.")).to_have_count(0)

    await expect(window.topic).to_have_value("a letter to my")
    assert "POST" not in sent


async def test_what_needs_a_line_says_so_until_there_is_one(reading: Window, context: BrowserContext) -> None:
    await context.set_offline(True)
    for name in ("Share as picture", "Download"):
        await reading.button(name).click()
        await expect(reading.page.get_by_text("This needs a connection.")).to_be_visible()
    await expect(reading.alert).to_have_count(0)
    await context.set_offline(False)

    await expect(reading.page.get_by_text("This needs a connection.")).to_have_count(0)
    async with reading.page.expect_download():
        await reading.button("Download").click()


async def test_a_line_lost_in_the_middle_is_taken_up_again(window: Window, context: BrowserContext) -> None:
    await window.sign_in()
    await window.compose("a lighthouse")
    await expect(window.page.locator(".leaf")).to_have_count(3)
    await context.set_offline(True)
    await expect(window.page.get_by_text("You are offline.")).to_be_visible()
    await context.set_offline(False)

    await window.finish()


async def test_what_arrived_before_the_line_was_lost_is_made_once(window: Window, context: BrowserContext) -> None:
    keys: list[str | None] = []
    sockets: list[WebSocketRoute] = []

    async def lose(route: Route) -> None:
        keys.append(await route.request.header_value("idempotency-key"))
        if len(keys) > 1:
            await route.continue_()
            return
        # A socket that is open outlives `set_offline`, and would tell how it went on.
        for socket in sockets:
            await socket.close()
        await context.set_offline(True)
        await route.fetch()
        await route.abort()

    async def live(socket: WebSocketRoute) -> None:
        if len(keys) == 1:
            await socket.close()
        else:
            socket.connect_to_server()
            sockets.append(socket)

    await window.page.route_web_socket("**/live", live)
    await window.sign_in(await window.ask("a ferry"))
    await window.page.route("**/illustrations", lose)
    await window.button("Paint and record it").click()
    await expect(window.page.get_by_text("This waits until you are back.")).to_be_visible()
    await context.set_offline(False)
    await window.finish()

    await expect(window.alert).to_have_count(0)
    assert len(keys) == 2
    assert None not in keys
    assert len(set(keys)) == 1


async def test_a_deletion_that_arrived_before_the_line_was_lost_is_done(window: Window, context: BrowserContext) -> None:
    answers: list[int] = []

    async def lose(route: Route) -> None:
        if route.request.method != "DELETE":
            await route.fallback()
            return
        answer = await route.fetch()
        answers.append(answer.status)
        if len(answers) == 1:
            await context.set_offline(True)
            await route.abort()
        else:
            await route.fulfill(response=answer)

    await window.ask("moths")
    await window.page.clock.install()
    await window.sign_in()
    await window.page.route("**/api/haiku/*", lose)
    await window.button("Delete “moths”").click()
    await window.button("Delete").click()
    await window.page.clock.run_for(9_000)
    await expect(window.page.get_by_text("This waits until you are back.")).to_be_visible()
    async with window.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        await context.set_offline(False)

    await expect(window.page.get_by_text("Your haiku will hang here.")).to_be_visible()
    await expect(window.page.get_by_text("This waits until you are back.")).to_have_count(0)
    await expect(window.alert).to_have_count(0)
    assert answers == [204, 404]
