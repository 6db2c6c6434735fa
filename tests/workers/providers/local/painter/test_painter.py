"""The local painter: what it answers, whom it refuses, and how its processes come and go."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import psutil
import pytest

from core.contracts.image import Picture
from core.contracts.job import Paid
from core.errors import GiveUp, TryAgain
from tests.workers.providers.local.painter.asks import ask_for, pixels
from workers.providers.local.painter import LocalPainter
from workers.providers.local.painter.easels import HAND
from workers.tools import Painter


@pytest.fixture
async def painter() -> AsyncIterator[LocalPainter]:
    painter = LocalPainter()
    yield painter
    await painter.close()


def hands(parent: int | None = None) -> list[psutil.Process]:
    """The painting processes of this test run, or of another process."""
    return [child for child in psutil.Process(parent).children() if HAND in child.cmdline()]


async def test_a_picture_says_who_painted_it_and_what_it_cost(painter: Painter) -> None:
    ask = ask_for(number=2)

    answer = await painter.paint(ask)

    assert answer.value == Picture(2, 256, 256, ask.scene.alt, ask.scene.alt_japanese, answer.value.painted_by)
    assert "program" in answer.value.painted_by
    assert "on this machine" in answer.value.painted_by
    assert answer.paid == Paid("local", "sumi-e-brush", {"images": 1}, 0)
    assert answer.file is not None
    assert answer.file.media_type == "image/png"
    assert pixels(answer.file.content).shape == (256, 256, 3)


async def test_every_process_paints_the_same_picture(painter: Painter) -> None:
    first, second, third = await asyncio.gather(*(painter.paint(ask_for()) for _ in range(3)))

    assert first == second == third


@pytest.mark.parametrize("side", [-1, 0, 255, 2049])
async def test_a_picture_too_small_or_too_large_is_given_up(painter: Painter, side: int) -> None:
    with pytest.raises(GiveUp, match="sides are 256 to 2048"):
        await painter.paint(ask_for(side=side))


async def test_a_negative_seed_is_given_up(painter: Painter) -> None:
    with pytest.raises(GiveUp, match="seed"):
        await painter.paint(ask_for(seed=-1))


async def test_a_novel_in_calligraphy_is_given_up(painter: Painter) -> None:
    with pytest.raises(GiveUp, match="characters"):
        await painter.paint(ask_for(calligraphy=("あ" * 61,)))


async def test_no_process_runs_before_the_first_picture() -> None:
    painter = LocalPainter()

    assert hands() == []
    await painter.close()


async def test_a_process_killed_at_its_work_is_tried_again_and_the_next_picture_works(painter: Painter) -> None:
    before = await painter.paint(ask_for())
    (hand,) = hands()
    hand.suspend()
    waiting = asyncio.create_task(painter.paint(ask_for()))
    hand.kill()

    with pytest.raises(TryAgain):
        await waiting
    assert await painter.paint(ask_for()) == before


async def test_a_process_that_died_while_idle_is_replaced_by_the_next_ask(painter: Painter) -> None:
    before = await painter.paint(ask_for())
    (hand,) = hands()
    hand.kill()
    await asyncio.to_thread(psutil.wait_procs, [hand])

    try:
        after = await painter.paint(ask_for())
    except TryAgain:
        after = await painter.paint(ask_for())

    assert after == before


async def test_a_picture_nobody_waits_for_any_more_leaves_nothing_broken(painter: Painter) -> None:
    before = await painter.paint(ask_for())
    (hand,) = hands()
    hand.suspend()
    waiting = asyncio.create_task(painter.paint(ask_for(seed=8)))
    await asyncio.wait([waiting], timeout=0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await painter.paint(ask_for()) == before


async def test_an_idle_process_leaves() -> None:
    painter = LocalPainter(idle=timedelta(0))
    await painter.paint(ask_for())
    here = hands()

    _, alive = await asyncio.to_thread(psutil.wait_procs, here, timeout=20)

    assert alive == []
    await painter.close()


async def test_closing_ends_every_process() -> None:
    painter = LocalPainter()
    await asyncio.gather(painter.paint(ask_for()), painter.paint(ask_for(seed=8)))
    assert hands()

    await painter.close()

    assert hands() == []


PAINT_ONCE = """
import asyncio, sys
from tests.workers.providers.local.painter.asks import ask_for
from workers.providers.local.painter import LocalPainter

async def main():
    painter = LocalPainter()
    await painter.paint(ask_for())
    print("painted", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_killed_worker_leaves_no_painting_process_behind() -> None:
    worker = subprocess.Popen([sys.executable, "-c", PAINT_ONCE], stdout=subprocess.PIPE, text=True)
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "painted\n"
        orphans = hands(worker.pid)
        assert orphans

        os.kill(worker.pid, signal.SIGKILL)

        _, alive = psutil.wait_procs(orphans, timeout=20)
        assert alive == []
