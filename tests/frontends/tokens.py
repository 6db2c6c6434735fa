"""Sessions that have ended, as far as the servers are concerned."""

from playwright.async_api import Page

from tests.frontends.window import Window


async def spoil_tokens(other_tab: Page, window: Window, *names: str) -> None:
    """From another tab, which tells this one: tokens nobody accepts any more."""
    await other_tab.goto(f"{window.platform.haiku}/theme.js")
    await other_tab.evaluate(
        """(names) => {
            const key = Object.keys(localStorage).find((one) => one.startsWith("oidc.user:"));
            const user = JSON.parse(localStorage[key]);
            for (const name of names) user[name] = user[name].slice(0, -8) + "spoiled!";
            localStorage[key] = JSON.stringify(user);
        }""",
        list(names) or ["access_token", "refresh_token"],
    )
    await other_tab.close()
