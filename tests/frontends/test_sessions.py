"""Whose page it is: links that lead through sign-in, tabs that share a session, and learners who share a browser."""

import asyncio

import pytest
from playwright.async_api import BrowserContext, expect

from tests.frontends.window import Window

pytestmark = pytest.mark.timeout(300)

# A window that was beside another one: it was visible all the time.
COME_BACK = "dispatchEvent(new Event('focus'))"


async def test_two_tabs_show_the_same_story(window: Window, context: BrowserContext) -> None:
    await window.sign_in()
    await window.compose("two crows")
    second = Window(await context.new_page(), window.platform, window.name)
    # No second sign-in: the session is shared.
    await second.open(f"/haiku/{window.haiku_id}")

    await asyncio.gather(window.finish(), second.finish())
    await expect(second.pictures).to_have_count(3)
    assert second.complaints == []


async def test_what_was_asked_for_elsewhere_is_there_when_one_comes_back(window: Window) -> None:
    await window.sign_in()
    await expect(window.page.get_by_text("Your haiku will hang here.")).to_be_visible()
    haiku = await window.ask("two herons")
    await window.page.evaluate(COME_BACK)
    await expect(window.page.locator(".card")).to_have_count(1)
    await window.page.locator(".card a").click()
    await expect(window.status).to_have_text("Words only")
    async with await window.api() as learner:
        await learner.post(f"/api{haiku}/messages", json={"text": "Three herons, please.", "illustrate": False})
    await window.page.evaluate(COME_BACK)

    await expect(window.page.locator(".messages")).to_contain_text("Three herons, please.")


async def test_a_link_leads_through_sign_in_to_where_it_pointed(window: Window) -> None:
    haiku = await window.ask("a deep well")
    await window.sign_in(haiku)

    await expect(window.page.get_by_role("heading", name="a deep well", level=1)).to_be_visible()
    assert window.page.url == f"{window.platform.haiku}{haiku}"


async def test_another_learners_link_shows_nothing(window: Window) -> None:
    other = Window(window.page, window.platform, "somebody else")
    haiku = await other.ask("a secret garden")
    await window.sign_in(haiku)

    await expect(window.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    await expect(window.page.get_by_text("a secret garden")).to_have_count(0)


async def test_who_signs_out_in_one_tab_is_signed_out_in_all_and_loses_no_word(window: Window, context: BrowserContext) -> None:
    haiku = await window.ask("a low door")
    await window.sign_in(haiku)
    await window.message.fill("half a thou")
    second = Window(await context.new_page(), window.platform, window.name)
    await second.open()
    await second.button("Sign out").click()
    await expect(second.page.get_by_role("heading", name="You are signed out")).to_be_visible()
    await expect(window.page.get_by_role("heading", name="You are signed out")).to_be_visible()
    await window.button("Sign in").click()
    await window.pass_sign_in()

    await expect(window.message).to_have_value("half a thou")
    assert window.page.url == f"{window.platform.haiku}{haiku}"
    # Who signed in again elsewhere is signed in here, too.
    await expect(second.topic).to_be_visible()
    assert second.page.url == f"{window.platform.haiku}/"
    assert second.complaints == []


async def test_whoever_signs_in_next_finds_nothing_of_the_last(window: Window, context: BrowserContext) -> None:
    await window.ask("an open diary")
    await window.sign_in()
    await expect(window.page.get_by_role("heading", name="an open diary")).to_be_visible()
    await window.topic.fill("a secret")
    second = Window(await context.new_page(), window.platform, f"{window.name}'s sister")
    await second.open()
    await second.button("Sign out").click()
    await second.button("Sign in").click()
    await second.pass_sign_in()

    await expect(window.page.get_by_text("Your haiku will hang here.")).to_be_visible()
    await expect(window.page.get_by_role("heading", name="an open diary")).to_have_count(0)
    await expect(window.topic).to_have_value("")
