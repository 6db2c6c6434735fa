"""The ways a state is looked at: two widths, two themes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Page


@dataclass(frozen=True)
class Look:
    """One of them."""

    width: int
    theme: Literal["light", "dark"]

    @property
    def name(self) -> str:
        return f"{self.width}-{self.theme}"


LOOKS = (Look(1280, "light"), Look(1280, "dark"), Look(375, "dark"), Look(375, "light"))


async def each_look(page: Page) -> AsyncIterator[Look]:
    for look in LOOKS:
        await page.set_viewport_size({"width": look.width, "height": 900 if look.width > 600 else 720})
        await page.emulate_media(color_scheme=look.theme)
        yield look
