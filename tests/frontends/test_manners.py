"""How a page behaves towards whoever reads it: by eye or by ear, with or without a mouse, on any screen."""

import re
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.async_api import expect

from tests.frontends.conftest import launched, opened
from tests.frontends.window import Window
from tests.frontends.workers import resting
from tests.journeys.platform import Platform
from tests.until import until

pytestmark = pytest.mark.timeout(300)

NOTE_ANNOUNCEMENTS = """
() => {
    const voice = document.querySelector("[aria-live=polite]");
    window.told = [];
    const note = () => window.told.push(voice.textContent);
    new MutationObserver(note).observe(voice, {childList: true, characterData: true, subtree: true});
}
"""

BESIDE_THE_SHEET = """
() => {
    const sheet = document.querySelector(".sheet").getBoundingClientRect();
    const parts = [...document.querySelectorAll(".poem .brush, .poem rt, .sheet figcaption span")];
    return parts.filter((part) => {
        const {left, right} = part.getBoundingClientRect();
        return left < sheet.left || right > sheet.right;
    }).map((part) => part.textContent);
}
"""

OUTSIDE_THEIR_CARD = """
[...document.querySelectorAll(".card")].filter((card) => {
    const edge = card.querySelector(".card-link").getBoundingClientRect().bottom;
    return card.querySelector(".card-delete").getBoundingClientRect().bottom > edge;
}).map((card) => card.textContent)
"""

# Where the words of each row begin.
IDEA_ROWS = """
Object.values([...document.querySelector(".ideas").children].reduce((rows, part) => {
    const words = document.createRange();
    words.selectNodeContents(part);
    const middle = (box) => Math.round((box.top + box.bottom) / 2);
    rows[middle(part.getBoundingClientRect())] ??= Math.round(words.getBoundingClientRect().left);
    return rows;
}, {}))
"""

SHAPE = "(it) => { const {borderStyle, borderRadius} = getComputedStyle(it); return [borderStyle, borderRadius]; }"

MOVING = "document.getAnimations().filter((one) => one.playState === 'running').length"


async def test_whoever_listens_is_told_politely_and_once(window: Window) -> None:
    await window.sign_in()
    await expect(window.topic).to_be_visible()
    await window.page.evaluate(NOTE_ANNOUNCEMENTS)
    with resting(window.platform):
        await window.compose("a temple bell")
        await until(lambda: _is_told(window, "The poet is writing."))
    await window.finish()
    await until(lambda: _is_told(window, "Done: 3 of 3 pictures, 3 of 3 voices."))

    told: list[str] = await window.page.evaluate("window.told")
    assert len(told) == len(set(told))
    assert [sentence for sentence in told if sentence.startswith("The poem is there: ")]


async def test_whoever_wants_no_motion_sees_none(window: Window) -> None:
    await window.sign_in()
    with resting(window.platform):
        await window.compose("still water")
        await expect(window.page.locator(".spinner").first).to_be_visible()
        still = await window.page.evaluate(MOVING)
        await window.page.emulate_media(reduced_motion="no-preference")
        moving = await window.page.evaluate(MOVING)

    assert (still, moving > 0) == (0, True)


async def test_waiting_is_told_in_words_within_two_seconds(window: Window) -> None:
    await window.page.clock.install()
    await window.sign_in()
    with resting(window.platform):
        await window.compose("a long night")
        await expect(window.page.locator(".messages .spinner")).to_be_visible()
        await window.page.clock.pause_at(await window.page.evaluate("Date.now()") / 1000 + 2)

        await expect(window.page.locator(".patience:not(:has(.spinner + span))")).to_have_count(0)


async def test_the_poem_stays_on_its_sheet_at_every_width(reading: Window) -> None:
    beside = {}
    for width in (320, 375, 480, 640, 768, 896, 897, 960, 1024, 1100, 1280, 1600):
        await reading.page.set_viewport_size({"width": width, "height": 900})
        beside[width] = await reading.page.evaluate(BESIDE_THE_SHEET)

    assert {width: parts for width, parts in beside.items() if parts} == {}


async def test_readings_stay_beside_their_words_when_the_page_moves(window: Window) -> None:
    await window.page.emulate_media(reduced_motion="no-preference")
    await window.sign_in()
    poem = window.page.locator(".example .poem")
    await expect(poem).to_be_visible()
    await until(lambda: _is_still(window))
    before = await poem.screenshot()
    top = await poem.evaluate("(it) => it.getBoundingClientRect().top")
    # By five lines, and to a pixel: between two of them a reading is painted otherwise.
    await window.topic.evaluate("(it) => { it.style.minHeight = `${it.getBoundingClientRect().height + 136}px`; }")

    assert await poem.evaluate("(it) => it.getBoundingClientRect().top") > top
    assert difference(before, await poem.screenshot()) < 0.1


async def test_what_deletes_differs_by_more_than_its_colour(reading: Window) -> None:
    usual = await reading.button("Play all").evaluate(SHAPE)
    await reading.button("Delete this haiku").click()

    assert await reading.button("Delete").evaluate(SHAPE) != usual


async def test_a_picture_is_shown_large(reading: Window) -> None:
    picture = reading.page.locator(".painting").nth(1)
    await picture.click()
    large = reading.page.get_by_role("dialog").locator("img")
    await expect(large).to_be_visible()
    assert ((await large.bounding_box()) or {"width": 0})["width"] > 500
    await reading.page.keyboard.press("Escape")

    await expect(reading.page.get_by_role("dialog")).to_have_count(0)
    await expect(picture).to_be_focused()


async def test_nothing_stays_bright_beside_a_dialog(pages: Platform, finished: str) -> None:
    async with launched(without=["--hide-scrollbars"]) as browser, opened(browser) as context:
        reading = Window(await context.new_page(), pages, "reader")
        await reading.sign_in(finished)
        await reading.button("Delete this haiku").click()
        await expect(reading.page.get_by_role("dialog")).to_be_visible()
        edge = Image.open(BytesIO(await reading.page.screenshot())).convert("L").crop((1200, 0, 1280, 900)).resize((80, 1))

    assert max(edge.tobytes()) - min(edge.tobytes()) < 60


async def test_a_card_holds_all_that_belongs_to_it(window: Window) -> None:
    await window.ask("snow")
    await window.ask("the first cold morning of the year, when the windows of the bakery are steamed over")
    await window.sign_in()
    await expect(window.page.locator(".card")).to_have_count(2)

    assert await window.page.evaluate(OUTSIDE_THEIR_CARD) == []


async def test_ideas_line_up_where_they_wrap(window: Window) -> None:
    await window.page.set_viewport_size({"width": 390, "height": 720})
    await window.sign_in()
    await expect(window.topic).to_be_visible()
    starts = await window.page.evaluate(IDEA_ROWS)

    assert len(starts) > 1
    assert len(set(starts)) == 1


async def test_everything_can_be_done_without_a_mouse(window: Window) -> None:
    await window.sign_in()
    await expect(window.topic).to_be_visible()
    await window.page.keyboard.press("Tab")
    await expect(window.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("Tab")
    await expect(window.topic).to_be_focused()
    await window.page.keyboard.type("dew on a spider web")
    await window.page.keyboard.press("Enter")
    await expect(window.page.locator(".haiku-page")).to_be_visible()
    await expect(window.page.get_by_role("main")).to_be_focused()
    await expect(window.button("Play all")).to_be_visible()

    await _tab_to(window, "Play all")
    await window.page.keyboard.press("Enter")
    await expect(window.page.locator(".leaf[data-heard]")).to_have_count(1)
    await _tab_to(window, "Delete this haiku")
    await window.page.keyboard.press("Enter")
    await expect(window.button("Keep it")).to_be_focused()
    await window.page.keyboard.press("Escape")
    await expect(window.page.get_by_role("dialog")).to_have_count(0)
    await expect(window.button("Delete this haiku")).to_be_focused()
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("Tab")
    await window.page.keyboard.press("Enter")
    await expect(window.button("Undo")).to_be_focused()
    await window.page.keyboard.press("Enter")
    await expect(window.page.locator(".card")).to_have_count(1)


async def test_furigana_and_theme_are_kept(reading: Window) -> None:
    await reading.page.get_by_role("switch", name="Furigana").click()
    await reading.page.get_by_label("Theme").select_option("dark")
    await reading.page.reload()

    await expect(reading.page.get_by_role("switch", name="Furigana")).not_to_be_checked()
    await expect(reading.page.locator(".poem rt")).to_have_count(0)
    await expect(reading.page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(reading.page.locator("html")).to_have_css("background-color", re.compile("rgb\\(2\\d, 2\\d, 2\\d\\)"))


def difference(one: bytes, other: bytes) -> float:
    """Mean of all pixels, of 255."""
    greys = [Image.open(BytesIO(png)).convert("L") for png in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*greys)).mean[0])


async def _is_still(window: Window) -> bool:
    return bool(await window.page.evaluate(f"document.fonts.status === 'loaded' && {MOVING} === 0"))


async def _is_told(window: Window, sentence: str) -> bool:
    return sentence in await window.page.evaluate("window.told")


async def _tab_to(window: Window, name: str) -> None:
    for _ in range(40):
        await window.page.keyboard.press("Tab")
        if await window.page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name!r} cannot be reached by Tab")
