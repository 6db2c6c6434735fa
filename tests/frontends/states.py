"""Every state a learner can see, one after the other in one window: for the axe, and for the camera."""

from collections.abc import AsyncIterator

from playwright.async_api import expect

from tests.frontends.obstacles import obstruct
from tests.frontends.tokens import spoil_tokens
from tests.frontends.window import FINISHED_MS, Window
from tests.frontends.workers import resting


async def walk(window: Window) -> AsyncIterator[str]:
    """The name of each state while it lasts."""
    for part in (_beginning, _making, _failure, _list, _ends):
        async for name in part(window):
            yield name


async def _beginning(window: Window) -> AsyncIterator[str]:
    await window.open()
    await expect(window.button("Continue as the demo learner")).to_be_visible()
    yield "sign-in"
    await window.pass_sign_in()
    await expect(window.page.get_by_text("Your haiku will hang here.")).to_be_visible()
    yield "home-empty"
    await window.topic.fill("autumn rain on the temple roof, and somebody who has forgotten an umbrella")
    yield "home-typed"
    await window.page.context.set_offline(True)
    await window.button("Compose").click()
    await expect(window.page.get_by_text("This waits until you are back.")).to_be_visible()
    yield "home-offline"
    # Or it would be sent as soon as the line is back.
    await window.topic.fill("")
    await window.page.context.set_offline(False)


async def _making(window: Window) -> AsyncIterator[str]:
    with resting(window.platform):
        await window.compose("autumn rain")
        await expect(window.page.get_by_text("The poet is looking for words …")).to_be_visible()
        yield "composing"
    await expect(window.page.locator(".leaf")).to_have_count(3)
    with resting(window.platform):
        yield "illustrating"
    await window.finish()
    yield "finished"
    await window.page.locator(".making summary").click()
    yield "finished-how"
    await window.page.locator(".making summary").click()
    await window.page.locator(".painting").first.click()
    yield "large"
    await window.button("Close").click()
    await window.button("Delete this haiku").click()
    yield "confirm"
    await window.button("Keep it").click()


async def _failure(window: Window) -> AsyncIterator[str]:
    await window.open()
    await window.compose("a heron in the reeds")
    await obstruct(window, line=2)
    await expect(window.status).to_have_text("Something failed", timeout=FINISHED_MS)
    await expect(window.page.get_by_text("The picture did not work out.")).to_be_visible()
    yield "failed-picture"


async def _list(window: Window) -> AsyncIterator[str]:
    async with await window.api() as learner:
        await learner.post("/api/haiku", json={"topic": "雪の終電", "illustrate": False})
    await window.open()
    await expect(window.page.locator(".card")).to_have_count(3)
    await expect(window.page.get_by_text("Words only")).to_be_visible()
    yield "home-list"
    await window.page.locator(".card").filter(has_text="Words only").locator("a").click()
    await expect(window.button("Paint and record it")).to_be_visible()
    yield "words-only"
    await window.open()
    await window.button("Delete “autumn rain”").click()
    await window.button("Delete").click()
    yield "home-undo"
    await window.button("Undo").click()


async def _ends(window: Window) -> AsyncIterator[str]:
    await window.open("/haiku/0192f0c0-5e1f-7a3b-8c4d-2f6b9a1e7d05")
    await expect(window.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    yield "not-found"
    await spoil_tokens(await window.page.context.new_page(), window)
    await window.page.reload()
    await expect(window.button("Sign in again")).to_be_visible()
    yield "session-ended"
    await window.page.route("**/config.json", lambda route: route.abort())
    await window.page.reload()
    await expect(window.button("Try again")).to_be_visible()
    yield "unreached"
    await window.page.unroute("**/config.json")
    await window.open()
    await window.button("Sign out").click()
    await expect(window.page.get_by_role("heading", name="You are signed out")).to_be_visible()
    yield "signed-out"
