"""What happened is found on the traces page by the id of a job: the whole story, through every process, as one tree."""

import contextlib
from typing import Any

import httpx

from local.fakes.credentials import SETTINGS
from tests.journeys.platform import Platform
from tests.journeys.steps import ask, finish
from tests.journeys.test_uploads import sent
from tests.until import until
from tests.workers.providers.test_uploads import drawing, written
from workers.providers.aws.voice import MODEL as POLLY_NEURAL

OURS = ("fragments-1", "sumi-e-brush", "openjtalk-mei")
AMAZONS = (SETTINGS["text_model"], SETTINGS["image_model"], POLLY_NEURAL)
"""Who writes, who paints, who speaks."""


def outline(spans: list[dict[str, Any]], parent: str = "", depth: int = 0) -> list[str]:
    children = sorted((span for span in spans if span["parent"] == parent), key=lambda span: (span["kind"], span["name"]))
    return [
        line
        for span in children
        for line in (f"{'  ' * depth}{span['service']} {span['name']}", *outline(spans, span["id"], depth + 1))
    ]


async def found(platform: Platform, job: str, spans: int) -> tuple[list[dict[str, Any]], str]:
    """The spans of the one trace that has the job, once there are so many, and the page that shows it."""
    told: list[dict[str, Any]] = []
    async with httpx.AsyncClient(base_url=platform.traces, trust_env=False) as page:

        async def has_come() -> bool:
            items = (await page.get("/api/traces", params={"find": job})).json()["items"]
            told[:] = items[0]["spans"] if items else []
            return len(told) == spans

        # What never comes is told better by the tree there is.
        with contextlib.suppress(TimeoutError):
            await until(has_come, 30)
        return told, (await page.get(f"/traces/{told[0]['trace']}")).text


async def made_at_once(learner: httpx.AsyncClient, topic: str) -> dict[str, Any]:
    """A haiku none of whose jobs was tried again: a later attempt would be a trace of its own."""
    for _ in range(3):
        request = await ask(learner, topic)
        if "job.retrying" not in {event["type"] for event in await finish(learner, request)}:
            return request
    raise AssertionError("Three haiku in a row had a job that was tried again.")


async def test_a_haiku_is_found_by_its_job_as_one_tree(anna: httpx.AsyncClient, anywhere: Platform, platform: Platform) -> None:
    is_ours = anywhere is platform
    poet, painter, voice = OURS if is_ours else AMAZONS
    request = await made_at_once(anna, "wind-in-the-wires")
    # In the account the guardrail reads three lines along and each whole, and a recording is spoken, then marked.
    spans, shown = await found(anywhere, request["jobs"][0]["id"], 24 if is_ours else 24 + 3 + 2 + 3)

    guard = [] if is_ours else [f"apply_guardrail guardrail:{SETTINGS['guardrail_id']}"]
    paint = [
        "        kotonoha-worker process image.paint",
        f"          kotonoha-worker generate_content {painter}",
        "          kotonoha-worker put file",
    ]
    say = [
        "      kotonoha-worker process speech.say",
        *[f"        kotonoha-worker generate_content {voice}"] * (1 if is_ours else 2),
        "        kotonoha-worker put file",
    ]
    assert outline(spans) == [
        "kotonoha-api POST /api/haiku",
        "  kotonoha-api send text",
        "    kotonoha-worker process haiku.compose",
        *(f"      kotonoha-worker {whole}" for whole in guard),
        f"      kotonoha-worker chat {poet}",
        *(f"        kotonoha-worker {line}" for line in guard * 3),
        "      kotonoha-worker process haiku.scenes",
        *(f"        kotonoha-worker {whole}" for whole in guard),
        f"        kotonoha-worker chat {poet}",
        *paint * 3,
        *say * 3,
    ]
    assert "process image.paint" in shown
    assert "wind-in-the-wires" not in shown


async def test_the_check_of_an_upload_is_told_from_the_form_to_the_clean_picture(
    anna: httpx.AsyncClient, stranger: httpx.AsyncClient, anywhere: Platform
) -> None:
    upload = await sent(anna, stranger, written(drawing()))
    request = (await anna.post(f"/api/uploads/{upload['id']}/check")).json()
    await finish(anna, request)
    spans, _ = await found(anywhere, request["jobs"][0]["id"], 5)

    assert outline(spans) == [
        "kotonoha-api POST /api/uploads/{upload_id}/check",
        "  kotonoha-api send image",
        "    kotonoha-worker process upload.check",
        "      kotonoha-worker get file",
        "      kotonoha-worker put file",
    ]
