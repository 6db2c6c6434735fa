"""Workers come when there is work and leave when there is none, without dropping what they hold."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.scaling import Load, Rule
from local.crew import Crew, Look, Workforce
from local.home import Home
from local.keeper import Keeper
from local.part import Part
from tests.until import until

# Is here once it can hear, works until it is told to stop, and then until a file of its name appears.
BUSY = """
import pathlib, signal, sys, time
told = []
signal.signal(signal.SIGTERM, lambda *_: told.append(1))
pathlib.Path(sys.argv[1] + ".here").touch()
while not told:
    time.sleep(0.01)
pathlib.Path(sys.argv[1] + ".told").touch()
while not pathlib.Path(sys.argv[1] + ".done").exists():
    time.sleep(0.01)
pathlib.Path(sys.argv[1] + ".left").touch()
"""
IDLE, FULL = Load(0, 0, 0), Load(100, 0, 0)


class Street:
    """How full the queues are, as the test says."""

    def __init__(self) -> None:
        self.load: Load | None = IDLE
        self.looks = 0

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Look]:
        async def look() -> Load | None:
            self.looks += 1
            return self.load

        yield look


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
async def crew(own_home: Home, street: Street) -> AsyncIterator[Crew]:
    def make(number: int) -> Part:
        return Part(f"worker-{number}", f"Worker {number}", (sys.executable, "-c", BUSY, str(own_home.path / str(number))))

    force = Workforce(make, Rule(1, 3, 4, calm_seconds=0), street.looking, grace_seconds=60, look_every_seconds=0.05)
    crew = Crew(force, own_home, lambda: None)
    keeping = asyncio.create_task(crew.keep_size(), name="count")
    yield crew
    keeping.cancel()
    await asyncio.wait({keeping})
    for number in range(1, 9):
        (own_home.path / f"{number}.done").touch()
    await asyncio.gather(*(keeper.stop(10) for keeper in crew.keepers))


def names(crew: Crew) -> list[str]:
    return [keeper.part.name for keeper in crew.keepers if keeper.running]


def can_hear(keeper: Keeper) -> bool:
    return Path(f"{keeper.part.command[-1]}.here").exists()


async def there_are(crew: Crew, *expected: str) -> None:
    async def so() -> bool:
        return names(crew) == list(expected) and await asyncio.to_thread(all, map(can_hear, crew.keepers))

    await until(so, within_seconds=30)


async def appears(path: Path) -> None:
    async def there() -> bool:
        return await asyncio.to_thread(path.exists)

    await until(there, within_seconds=30)


async def looks_again(street: Street) -> None:
    seen = street.looks

    async def again() -> bool:
        return street.looks > seen + 1

    await until(again, within_seconds=30)


async def test_a_full_street_calls_for_all_and_an_empty_one_keeps_the_first(crew: Crew, street: Street, own_home: Home) -> None:
    street.load = FULL
    await there_are(crew, "worker-1", "worker-2", "worker-3")
    street.load = IDLE
    for number in (2, 3):
        await appears(own_home.path / f"{number}.told")
        (own_home.path / f"{number}.done").touch()
    await there_are(crew, "worker-1")

    assert (own_home.path / "3.left").exists()
    assert not (own_home.path / "1.told").exists()


async def test_whoever_leaves_finishes_first_and_is_not_started_again(crew: Crew, street: Street, own_home: Home) -> None:
    street.load = Load(6, 0, 0)
    await there_are(crew, "worker-1", "worker-2")
    street.load = IDLE
    await appears(own_home.path / "2.told")
    await looks_again(street)
    still = names(crew)
    (own_home.path / "2.done").touch()
    await there_are(crew, "worker-1")
    await looks_again(street)

    assert still == ["worker-1", "worker-2"]
    assert (own_home.path / "2.left").exists()
    assert names(crew) == ["worker-1"]


async def test_work_that_comes_while_somebody_leaves_gets_a_worker_of_another_name(
    crew: Crew, street: Street, own_home: Home
) -> None:
    street.load = Load(6, 0, 0)
    await there_are(crew, "worker-1", "worker-2")
    street.load = IDLE
    await appears(own_home.path / "2.told")
    street.load = Load(6, 0, 0)
    await there_are(crew, "worker-1", "worker-2", "worker-3")


async def test_whoever_was_leaving_when_the_count_broke_off_is_seen_off_by_the_next(
    crew: Crew, street: Street, own_home: Home
) -> None:
    street.load = Load(6, 0, 0)
    await there_are(crew, "worker-1", "worker-2")
    street.load = IDLE
    await appears(own_home.path / "2.told")
    (counting,) = (task for task in asyncio.all_tasks() if task.get_name() == "count")
    counting.cancel()
    await asyncio.wait({counting})
    (own_home.path / "2.done").touch()
    again = asyncio.create_task(crew.keep_size())

    async def one_is_left() -> bool:
        return [keeper.part.name for keeper in crew.keepers] == ["worker-1"]

    await until(one_is_left)
    again.cancel()
    await asyncio.wait({again})


async def test_nothing_changes_while_nobody_can_tell_how_full_the_street_is(crew: Crew, street: Street, own_home: Home) -> None:
    street.load = FULL
    await there_are(crew, "worker-1", "worker-2", "worker-3")
    street.load = None
    await looks_again(street)
    await looks_again(street)

    assert names(crew) == ["worker-1", "worker-2", "worker-3"]
    assert not list(own_home.path.glob("*.told"))
