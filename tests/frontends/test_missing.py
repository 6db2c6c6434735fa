"""What of a haiku failed, or was stopped, and how a learner has it after all."""

import re

import pytest
from playwright.async_api import Route, expect

from tests.frontends.obstacles import obstruct
from tests.frontends.rows import count_calls
from tests.frontends.window import FINISHED_MS, Window
from tests.frontends.workers import resting

pytestmark = pytest.mark.timeout(300)

NOTE_STOP = """
() => {
    const head = document.querySelector(".haiku-head");
    window.said = [];
    const note = () => window.said.push(head.querySelector("button")?.textContent);
    new MutationObserver(note).observe(head, {childList: true, characterData: true, subtree: true});
}
"""

MIDDLES = "(all) => all.map((it) => it.getBoundingClientRect()).map(({top, bottom}) => (top + bottom) / 2)"


async def test_a_failed_picture_is_retried_alone(window: Window) -> None:
    await window.sign_in()
    await window.compose("a heron")
    obstacle = await obstruct(window, line=2)

    broken = window.page.locator(".leaf").nth(1)
    await expect(broken.get_by_text("The picture did not work out.")).to_be_visible(timeout=FINISHED_MS)
    await expect(window.pictures).to_have_count(2)
    await expect(window.page.locator(".leaf").get_by_role("button", name="Listen")).to_have_count(3)
    before = await count_calls(window.platform, window.haiku_id)
    obstacle.rmdir()
    await broken.get_by_role("button", name="Paint it again").click()
    await window.finish()
    await expect(window.pictures).to_have_count(3)
    assert await count_calls(window.platform, window.haiku_id) == before + 1


async def test_two_failed_pictures_come_back_together_and_are_paid_for_once_each(window: Window) -> None:
    await window.sign_in()
    await window.compose("a stork")
    obstacles = [await obstruct(window, line) for line in (1, 3)]

    await expect(window.status).to_have_text("Something failed", timeout=FINISHED_MS)
    # Both buttons do the same, and say so.
    again = window.button("Paint both again")
    await expect(again).to_have_count(2)
    before = await count_calls(window.platform, window.haiku_id)
    for obstacle in obstacles:
        obstacle.rmdir()
    await again.first.click()
    await window.finish()
    await expect(window.pictures).to_have_count(3)
    assert await count_calls(window.platform, window.haiku_id) == before + 2


async def test_what_is_stopped_stays_stopped_until_asked_again(window: Window) -> None:
    await window.sign_in()
    with resting(window.platform):
        await window.compose("thunder")
        await window.button("Stop").click()
        await expect(window.page.get_by_text("This was stopped before there was a poem.")).to_be_visible()
        await expect(window.status).to_have_text("Stopped")
        await expect(window.status).to_have_attribute("data-status", "canceled")
    await window.message.fill("Thunder over the harbour, please.")
    await window.button("Send").click()

    await expect(window.page.locator(".poem ruby").first).to_be_visible()


async def test_that_it_is_stopping_is_told_until_it_has_stopped(window: Window) -> None:
    await window.sign_in()
    await window.compose("a slow boat")
    # Or all of it may be done before a busy machine has shown the button.
    obstacle = await obstruct(window, line=3)
    await expect(window.page.locator(".leaf")).to_have_count(3)
    with resting(window.platform):
        await window.page.evaluate(NOTE_STOP)
        async with window.page.expect_response(re.compile("/cancel$")), window.page.expect_response(re.compile("/api/haiku/")):
            await window.button("Stop").click()
        await expect(window.button("Stopping …")).to_be_visible()
    await expect(window.status).to_have_text("Stopped")

    assert "Stopping …" in await window.page.evaluate("window.said")
    assert "Stop" not in await window.page.evaluate("window.said")
    obstacle.rmdir()
    # How much was made before it stopped is chance.
    await window.page.get_by_role("button", name=re.compile("^(Make the rest|Paint|Record)")).click()
    await window.finish()
    await expect(window.pictures).to_have_count(3)


async def test_what_a_stopped_haiku_lacks_is_told_and_keeps_its_place(reading: Window) -> None:
    async def drop(route: Route) -> None:
        answer = await route.fetch()
        haiku = await answer.json()
        haiku["lines"][1] |= {"picture": None, "picture_job": None}
        await route.fulfill(response=answer, json=haiku | {"status": "canceled"})

    await reading.page.route(re.compile(r"/api/haiku/[^/]+$"), drop)
    await reading.page.reload()

    await expect(reading.page.get_by_text("1 picture is missing.")).to_be_visible()
    await expect(reading.button("Paint it")).to_be_visible()
    await expect(reading.page.locator(".leaf-picture")).to_have_count(3)
    await expect(reading.page.locator(".leaf").nth(1)).to_contain_text("Not painted")
    assert len({round(middle) for middle in await reading.page.locator(".kana").evaluate_all(MIDDLES)}) == 1
    assert len({round(middle) for middle in await reading.page.locator(".tools > button").evaluate_all(MIDDLES)}) == 1
