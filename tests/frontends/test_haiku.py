"""What a learner does with haiku, in a real browser against everything real."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from core.storage import artifact_key, artifact_of
from tests.frontends.rows import count_calls, find_painting
from tests.frontends.window import FINISHED_MS, Window
from tests.frontends.workers import kill_worker, resting
from tests.until import until

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


async def test_a_failed_picture_is_retried_alone(window: Window) -> None:
    await window.sign_in()
    await window.compose("a heron")
    obstacle = await _obstruct(window, line=2)

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
    obstacles = [await _obstruct(window, line) for line in (1, 3)]

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
    obstacle = await _obstruct(window, line=3)
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


async def _obstruct(window: Window, line: int) -> Path:
    """A folder where the file belongs: the picture of this line cannot be stored until it is removed."""
    owner, input_hash = await find_painting(window.platform, window.haiku_id, line)
    obstacle = window.platform.home / "media" / artifact_key(owner, artifact_of(owner, input_hash), "image/png")
    obstacle.mkdir(parents=True)
    return obstacle


async def _all_painted(window: Window) -> bool:
    return bool(await window.page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)"))


async def _requests(window: Window) -> list[object]:
    async with await window.api() as learner:
        return list((await learner.get("/api/requests")).json()["items"])
