"""Stopped and started again: everything is still there."""

from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.platform import PROVIDERS, up
from tests.journeys.steps import ask, finish, read


@pytest.mark.parametrize("providers", PROVIDERS)
async def test_every_haiku_picture_and_recording_survives_a_stop(tmp_path: Path, providers: str) -> None:
    start = partial(up, tmp_path / "home", "--providers", providers)
    async with start() as first, await first.learner() as learner:
        request = await ask(learner, "autumn rain")
        await finish(learner, request)
        before = await kept(learner, request)
    async with start() as again, await again.learner() as learner:
        after = await kept(learner, request)
        events = await learner.get(request["links"]["events"], params={"after": 0})

    assert after == before
    assert events.text.count("data:") == len(before["events"])


async def kept(learner: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
    """Everything but the links, which are made anew each time somebody looks."""
    haiku = await read(learner, request["resource"])
    files = [await fetch(line[part]["url"]) for line in haiku["lines"] for part in ("picture", "voice")]
    events = await finish(learner, request)
    return {"lines": [line["japanese"] for line in haiku["lines"]], "files": files, "events": events}


async def fetch(url: str) -> bytes:
    async with httpx.AsyncClient(trust_env=False) as anybody:
        return (await anybody.get(url)).content
