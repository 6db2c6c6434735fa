"""Whoever cannot see well, or has a narrow window, gets on as well: axe in every state, and nothing that scrolls sideways."""

from typing import Any

import pytest
from playwright.async_api import Page

from tests.frontends.looks import each_look
from tests.frontends.states import walk
from tests.frontends.window import Window
from tests.house.tree import ROOT

AXE = (ROOT / "frontends" / "node_modules" / "axe-core" / "axe.min.js").read_text()
NARROWEST = 320

JAPANESE_WITHOUT_A_NAME = """
() => {
    const japanese = /[\\u3041-\\u30ff\\u4e00-\\u9fff]/, found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, holder = node.parentElement;
        const theirs = holder.closest("script, style, textarea");
        if (japanese.test(node.data) && !theirs && !holder.closest("[lang]").lang.startsWith("ja")) found.push(node.data);
    }
    return found;
}
"""

# A title may be clamped: it stands whole on its own page.
CUT_OFF = """
() => [...document.querySelectorAll("body *")]
    .filter((one) => getComputedStyle(one).overflowY === "hidden" && one.scrollHeight > one.clientHeight + 1)
    .filter((one) => !one.matches(".sr-only, .card h3"))
    .map((one) => one.className + ": " + one.textContent)
"""


@pytest.mark.timeout(300)
async def test_every_state_is_for_everybody(window: Window) -> None:
    wrong: list[str] = []
    async for state in walk(window):
        async for look in each_look(window.page):
            wrong += [f"{state} {look.name}: {complaint}" for complaint in await _axe(window.page)]
            wrong += [f"{state} {look.name}: cut off in {place}" for place in await window.page.evaluate(CUT_OFF)]
        wrong += [f"{state}: {text!r} is not said to be Japanese" for text in await window.page.evaluate(JAPANESE_WITHOUT_A_NAME)]
        if await _scrolls_sideways(window.page):
            wrong.append(f"{state} scrolls sideways")

    assert wrong == [], "\n".join(wrong)


async def _axe(page: Page) -> list[str]:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found: list[dict[str, Any]] = await page.evaluate("axe.run({resultTypes: ['violations']}).then((found) => found.violations)")
    return [
        f"{one['id']} at {[node['target'] for node in one['nodes']]}" for one in found if one["impact"] in {"serious", "critical"}
    ]


async def _scrolls_sideways(page: Page) -> bool:
    await page.set_viewport_size({"width": NARROWEST, "height": 640})
    return bool(await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
