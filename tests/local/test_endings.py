"""However a platform ends, in time, in haste or killed, it leaves nobody behind."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.scaling import Rule
from local.home import Home
from local.keeper import Keeper
from local.pids import is_done
from local.state import find_running, find_state
from local.supervisor import PROGRAMS_GRACE_SECONDS, SERVICES_GRACE_SECONDS, running
from tests.local.small_parts import deaf, mother, part
from tests.local.small_platforms import crew_of, named, never, platform_of, recorded, silence
from tests.until import until


async def test_children_of_a_part_that_dies_go_with_it(own_home: Home) -> None:
    async with running(own_home, 0, platform_of(mother(own_home)), silence):
        dead = named(own_home, "mother")
        os.kill(dead.pid, signal.SIGKILL)

        async def is_gone() -> bool:
            return is_done(dead.pid, dead.started)

        await until(is_gone)


async def test_a_part_that_does_not_hear_is_killed_in_the_end(own_home: Home) -> None:
    keeper = Keeper(deaf(own_home), own_home, lambda: None)
    await keeper.ready()
    stubborn = keeper.running
    await keeper.stop(grace_seconds=0.2)

    assert stubborn is not None
    assert is_done(stubborn.pid, stubborn.started)


async def test_workers_have_the_time_they_were_promised_and_no_more(own_home: Home) -> None:
    """Less than programs have, so that whoever mixes the two up is late."""
    clock = asyncio.get_running_loop().time
    async with running(own_home, 0, crew_of(lambda _: deaf(own_home), Rule(1, 1, 4), grace_seconds=0.5), silence):
        stubborn, promised = named(own_home, "deaf"), recorded(own_home).grace_seconds
        stopping_at = clock()
    took = clock() - stopping_at

    assert is_done(stubborn.pid, stubborn.started)
    assert 0.5 <= took < PROGRAMS_GRACE_SECONDS
    assert promised == PROGRAMS_GRACE_SECONDS + SERVICES_GRACE_SECONDS


async def test_a_start_that_is_interrupted_leaves_nobody_behind(own_home: Home) -> None:
    async def start() -> None:
        async with running(own_home, 0, platform_of(replace(part("endless"), ready=never)), silence):
            pytest.fail("it is never ready")

    async def is_born() -> bool:
        state = find_state(own_home)
        return state is not None and bool(state.parts)

    starting = asyncio.create_task(start())
    await until(is_born)
    born = named(own_home, "endless")
    starting.cancel()
    await asyncio.wait({starting})

    assert starting.cancelled()
    assert is_done(born.pid, born.started)


async def test_an_impatient_second_ctrl_c_does_not_cut_stopping_short(own_home: Home) -> None:
    async def live() -> None:
        async with running(own_home, 0, platform_of(mother(own_home)), silence):
            ready.set()
            await asyncio.Event().wait()

    ready = asyncio.Event()
    living = asyncio.create_task(live())
    await ready.wait()
    lived = named(own_home, "mother")
    living.cancel()
    # One turn of the loop, after which it is stopping.
    await asyncio.sleep(0)
    living.cancel()
    await asyncio.wait({living})

    assert is_done(lived.pid, lived.started)
    assert find_state(own_home) is None


async def test_killing_the_supervisor_ends_parts_and_their_children(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with _small_platform(home) as supervisor:
        state = find_running(home)
        supervisor.kill()
        supervisor.wait()

    assert state is not None
    assert {one.name for one in state.parts} == {"server", "mother"}

    async def are_gone() -> bool:
        return all(is_done(one.pid, one.started) for one in state.parts) and find_state(home) is None

    await until(are_gone)


async def test_a_supervisor_and_its_guard_killed_together_are_cleaned_up_after(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with _small_platform(home) as supervisor:
        state = recorded(home)
        os.kill(_guard_of(supervisor.pid), signal.SIGKILL)
        supervisor.kill()
        supervisor.wait()

    async with running(home, 0, platform_of(part("api")), silence):
        assert all(is_done(one.pid, one.started) for one in state.parts)
        assert [one.name for one in recorded(home).parts] == ["api"]


def _small_platform(home: Home) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.local.small_parts", str(home.path)]
    supervisor = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "ready\n"
    return supervisor


def _guard_of(supervisor: int) -> int:
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    return next(int(child) for child in children if b"local.guard" in Path(f"/proc/{child}/cmdline").read_bytes())
