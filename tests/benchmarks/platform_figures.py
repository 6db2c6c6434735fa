"""The platform as a learner feels it: how soon it is up, how much it takes, how long a haiku lasts."""

import asyncio
import time
from datetime import datetime
from pathlib import Path

import httpx
import psutil

from tests.benchmarks.figures import Figure
from tests.journeys.platform import Platform, up
from tests.journeys.steps import ask, finish

TOPICS = ("autumn rain", "first snow", "a cat asleep", "the last train", "plum blossom")
STARTS, FIRST_STEPS = 5, 10


async def measure_platform(home: Path) -> list[Figure]:
    async with up(home) as platform, await platform.learner() as learner:
        await finish(learner, await ask(learner))
    starts = [await _start(home) for _ in range(STARTS)]
    async with up(home) as platform, await platform.learner() as learner:
        await _settle(platform)
        memory = _pss_megabytes(platform.pid)
        await finish(learner, await ask(learner))
        steps = [await _first_step(learner) for _ in range(FIRST_STEPS)]
        haiku = [await _whole_haiku(learner, topic) for topic in TOPICS]
    return [
        Figure("`kotonoha up` to ready, existing home", "s", tuple(starts), 8),
        Figure("memory of the idle platform, one worker (summed PSS)", "MB", (memory,), 900),
        Figure("POST to the first job.started", "ms", tuple(steps), 100),
        Figure("POST to the last picture or recording, warm", "s", tuple(haiku), 4),
    ]


async def _start(home: Path) -> float:
    before = time.monotonic()
    async with up(home):
        return time.monotonic() - before


async def _settle(platform: Platform) -> None:
    """Until nobody uses the processor: imports and first looks are over."""
    family = [psutil.Process(platform.pid), *psutil.Process(platform.pid).children(recursive=True)]
    used = -1.0
    while (now := sum(sum(process.cpu_times()[:2]) for process in family)) - used > 0.05:
        used = now
        await asyncio.sleep(1)


def _pss_megabytes(pid: int) -> float:
    """Of a process and all below it; PSS counts shared pages once for all who share them (proc(5), smaps_rollup)."""
    family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    return sum(_pss_kilobytes(member) for member in family) / 1024


def _pss_kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


async def _first_step(learner: httpx.AsyncClient) -> float:
    """By the database's clock, which writes both moments."""
    events = await finish(learner, await ask(learner, illustrate=False))
    accepted, started = (datetime.fromisoformat(event["at"]) for event in events[:2])
    return (started - accepted).total_seconds() * 1000


async def _whole_haiku(learner: httpx.AsyncClient, topic: str) -> float:
    before = time.monotonic()
    await finish(learner, await ask(learner, topic))
    return time.monotonic() - before
