"""Photograph every state of every page, light and dark, wide and narrow: `python -m tests.frontends [folder]`."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from tests.frontends.chromium import ARGUMENTS, find_chromium
from tests.frontends.looks import each_look
from tests.frontends.states import walk
from tests.frontends.tuning import TUNING
from tests.frontends.window import Window
from tests.journeys.platform import WITH_PAGES, up


async def photograph(folder: Path) -> None:
    chromium = find_chromium()
    with tempfile.TemporaryDirectory() as home:
        async with (
            up(Path(home) / "home", "--workers", "1", by=WITH_PAGES, tuning=TUNING) as platform,
            async_playwright() as play,
        ):
            browser = await play.chromium.launch(
                executable_path=chromium.path, args=list(ARGUMENTS), env={**os.environ, **chromium.environment}
            )
            context = await browser.new_context(reduced_motion="reduce")
            window = Window(await context.new_page(), platform, "demo")
            async for state in walk(window):
                async for look in each_look(window.page):
                    await window.page.evaluate("document.fonts.ready.then(() => null)")
                    await window.page.screenshot(path=folder / f"{state}-{look.name}.png", full_page=True)
                sys.stdout.write(f"{state}\n")
            await browser.close()


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "shots")
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(photograph(target))
