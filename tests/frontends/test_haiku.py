"""What a learner does with haiku, in a real browser against everything real."""

import pytest
from playwright.async_api import Route, expect

from tests.frontends.window import FINISHED_MS, Window
from tests.frontends.workers import kill_worker
from tests.until import until

pytestmark = pytest.mark.timeout(300)


async def test_one_click_one_sentence_one_button_make_a_haiku(window: Window) -> None:
    await window.open()
    await window.button("Continue as the demo learner").click()
    await window.compose("autumn rain")

    await window.finish()
    await expect(window.page.locator(".poem ruby").first).to_be_visible()
    await expect(window.page.locator(".poem .morae")).to_have_count(3)
    assert [await morae.get_attribute("aria-label") for morae in await window.page.locator(".morae").all()] == [
        "5 morae",
        "7 morae",
        "5 morae",
    ]
    await expect(window.pictures).to_have_count(3)
    assert all([await picture.get_attribute("alt") for picture in await window.pictures.all()])
    await until(lambda: _all_painted(window))
    await expect(window.page.get_by_text("not by a language model")).to_be_attached()


async def test_a_voice_is_heard_line_by_line(reading: Window) -> None:
    await reading.button("Play all").click()

    await expect(reading.page.locator(".leaf").nth(0)).to_have_attribute("data-heard", "true")
    await expect(reading.page.locator(".leaf").nth(1)).to_have_attribute("data-heard", "true")
    await reading.page.locator(".tools").get_by_role("button", name="Stop").click()
    await expect(reading.page.locator(".leaf[data-heard]")).to_have_count(0)
    await expect(reading.page.get_by_text("cannot be fetched")).to_have_count(0)


async def test_a_haiku_is_shared_as_a_picture_and_kept_as_files(reading: Window) -> None:
    kept = []
    for name in ("Share as picture", "Download"):
        async with reading.page.expect_download() as download:
            await reading.button(name).click()
        kept.append(await (await download.value).path())

    assert kept[0].read_bytes().startswith(b"\x89PNG")
    packed = kept[1].read_bytes()
    names = ["haiku.txt", *(f"line-{number}.{suffix}" for number in (1, 2, 3) for suffix in ("png", "mp3"))]
    assert [name for name in names if name.encode() not in packed] == []


async def test_a_link_that_ends_a_second_time_is_renewed_again(reading: Window) -> None:
    picture = reading.pictures.first
    for _ in range(2):
        await picture.evaluate("image => { image.dataset.ended = 'yes'; image.dispatchEvent(new Event('error')); }")
        # Another image, with another link, has taken its place and told the page that it is there.
        await expect(picture).not_to_have_attribute("data-ended", "yes")
        await picture.evaluate("image => image.decode().then(() => new Promise(requestAnimationFrame))")

    await expect(reading.pictures).to_have_count(3)
    await expect(reading.page.get_by_text("cannot be fetched")).to_have_count(0)


async def test_a_picture_that_cannot_be_fetched_is_said_to_be_there_and_fetched_when_it_can_be(reading: Window) -> None:
    await reading.page.route("**/media/**", lambda route: route.abort())
    await reading.page.reload()

    absent = reading.page.get_by_text("This picture was painted, but it cannot be fetched from where files are kept.")
    await expect(absent).to_have_count(3)
    await reading.button("Download").click()
    await expect(reading.alert).to_contain_text("A picture or a recording cannot be fetched")
    await reading.page.unroute("**/media/**")
    await reading.button("Fetch it again").first.click()
    await expect(reading.pictures).to_have_count(1)
    await until(lambda: _all_painted(reading))


async def test_two_clicks_ask_once(window: Window) -> None:
    sent: list[str] = []
    window.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    await window.sign_in()
    await window.topic.fill("a double knock")
    await window.button("Compose").evaluate("(it) => { it.click(); it.click(); }")
    await expect(window.page.locator(".haiku-page")).to_be_visible()

    assert [url.rpartition("/")[2] for url in sent if "/api/haiku" in url] == ["haiku"]


async def test_talking_changes_the_poem(window: Window) -> None:
    await window.sign_in()
    await window.compose("rain")
    await expect(window.page.locator(".poem ruby").first).to_be_visible()
    await window.message.fill("Winter instead, please.")
    await window.message.press("Enter")

    await expect(window.page.locator(".messages li")).to_have_count(4)
    await expect(window.page.locator(".seal-row")).to_contain_text("winter")
    await expect(window.message).to_have_value("")
    await window.finish()


async def test_reloading_at_any_moment_loses_nothing(window: Window) -> None:
    await window.sign_in()
    moments = (
        window.page.locator(".sheet"),
        window.page.locator(".poem .brush ruby").first,
        window.page.locator(".leaf").nth(2),
        window.pictures.first,
        window.status.get_by_text("Finished"),
    )
    await window.compose("a lantern in the fog")
    for moment in moments:
        await expect(moment).to_be_visible(timeout=FINISHED_MS)
        await window.page.reload()

    await window.finish()
    await expect(window.pictures).to_have_count(3)
    assert len(await _requests(window)) == 1


async def test_what_ends_between_the_two_reads_of_a_reload_is_seen(window: Window) -> None:
    await window.sign_in()
    await window.compose("a kite")
    haiku = f"/haiku/{window.haiku_id}"
    async with await window.api() as client:

        async def is_over() -> bool:
            return bool((await client.get(f"/api{haiku}")).json()["status"] == "succeeded")

        async def hold(route: Route) -> None:
            await until(is_over, within_seconds=FINISHED_MS / 1000)
            await route.continue_()

        await window.page.goto("about:blank")
        await window.page.route("**/api/requests/*", hold)
        # Open, and silent: the last event came to nobody.
        await window.page.route_web_socket("**/live", lambda _: None)
        await window.open(haiku)
        await window.finish()
        # Whoever is still held asks by this client.
        await window.page.unroute_all(behavior="wait")


async def test_a_worker_killed_in_the_middle_costs_time_only(window: Window) -> None:
    await window.sign_in()
    await window.compose("cicadas")
    await expect(window.page.locator(".leaf")).to_have_count(3)
    kill_worker(window.platform)

    await window.finish()
    await expect(window.pictures).to_have_count(3)


async def test_deleting_asks_first_waits_eight_seconds_and_can_be_taken_back(window: Window) -> None:
    sent: list[str] = []
    window.page.on("request", lambda request: sent.append(request.url) if request.method == "DELETE" else None)
    await window.ask("moths")
    await window.page.clock.install()
    await window.sign_in()
    card = window.page.locator(".card")

    await window.button("Delete “moths”").click()
    await window.button("Keep it").click()
    await window.button("Delete “moths”").click()
    await window.button("Delete").click()
    await expect(card).to_have_count(0)
    await window.button("Undo").click()
    await expect(card).to_have_count(1)
    await window.page.clock.run_for(20_000)
    assert sent == []

    await window.button("Delete “moths”").click()
    await window.button("Delete").click()
    await window.page.clock.run_for(7_000)
    assert sent == []
    async with window.page.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
        await window.page.clock.run_for(2_000)
    assert (await answer.value).status == 204
    await window.page.reload()
    await expect(window.page.get_by_text("Your haiku will hang here.")).to_be_visible()


async def _all_painted(window: Window) -> bool:
    return bool(await window.page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)"))


async def _requests(window: Window) -> list[object]:
    async with await window.api() as learner:
        return list((await learner.get("/api/requests")).json()["items"])
