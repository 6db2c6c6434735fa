"""What happened is found on the traces page by the id of a job: the whole haiku, through every process, as one tree."""

import asyncio
from typing import Any

import httpx

from tests.journeys.platform import Platform
from tests.journeys.steps import ask, finish
from tests.until import until


def outline(spans: list[dict[str, Any]], parent: str = "", depth: int = 0) -> list[str]:
    children = sorted((span for span in spans if span["parent"] == parent), key=lambda span: (span["kind"], span["name"]))
    return [
        line
        for span in children
        for line in (f"{'  ' * depth}{span['service']} {span['name']}", *outline(spans, span["id"], depth + 1))
    ]


async def test_a_haiku_is_found_by_its_job_as_one_tree(mei: httpx.AsyncClient, platform: Platform) -> None:
    request = await ask(mei, "wind-in-the-wires")
    await finish(mei, request)
    spans: list[dict[str, Any]] = []
    async with httpx.AsyncClient(base_url=platform.traces, trust_env=False) as page:

        async def has_come() -> bool:
            found = (await page.get("/api/traces", params={"find": request["jobs"][0]["id"]})).json()["items"]
            spans[:] = found[0]["spans"] if found else []
            return len(spans) == 18

        async with asyncio.timeout(30):
            await until(has_come, 30)
        shown = (await page.get(f"/traces/{spans[0]['trace']}")).text

    assert outline(spans) == [
        "kotonoha-api POST /api/haiku",
        "  kotonoha-api send text",
        "    kotonoha-worker process haiku.compose",
        "      kotonoha-worker chat fragments-1",
        "      kotonoha-worker process haiku.scenes",
        "        kotonoha-worker chat fragments-1",
        *["        kotonoha-worker process image.paint", "          kotonoha-worker generate_content sumi-e-brush"] * 3,
        *["      kotonoha-worker process speech.say", "        kotonoha-worker generate_content openjtalk-mei"] * 3,
    ]
    assert "process image.paint" in shown
    assert "wind-in-the-wires" not in shown
