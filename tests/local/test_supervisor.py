"""A platform starts in order, stays alive, tells the truth about itself and leaves nobody behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Conflict, Unavailable
from core.scaling import Load, Rule
from local.crew import Look, Workforce
from local.home import Home
from local.keeper import Keeper
from local.layout import Layout
from local.logs import log_path
from local.part import Part
from local.pids import is_alive, is_done
from local.ports import Ports, choose_ports
from local.probes import answers_http
from local.state import Running, State, find_running, find_state
from local.supervisor import PROGRAMS_GRACE_SECONDS, SERVICES_GRACE_SECONDS, LayOut, running
from tests.local.small_parts import deaf, mother, part, server
from tests.until import until

MIGRATIONS = part("migrations", "pass")


def platform_of(*programs: Part, services: Sequence[Part] = (), migrations: Part = MIGRATIONS) -> LayOut:
    async def lay_out(_: Home, __: Ports) -> Layout:
        return Layout(tuple(services), migrations, programs)

    return lay_out


@asynccontextmanager
async def blind() -> AsyncIterator[Look]:
    async def look() -> None:
        return None

    yield look


def crew_of(
    make: Callable[[int], Part],
    rule: Rule,
    grace_seconds: float,
    looking: Callable[[], AbstractAsyncContextManager[Look]] = blind,
) -> LayOut:
    async def lay_out(_: Home, __: Ports) -> Layout:
        return Layout((), MIGRATIONS, (), Workforce(make, rule, looking, grace_seconds))

    return lay_out


def silence(_: str, __: float) -> None:
    """Nobody listens."""


async def never(_: int) -> bool:
    return False


def recorded(home: Home) -> State:
    state = find_state(home)
    assert state is not None
    return state


def named(home: Home, name: str) -> Running:
    return next(one for one in recorded(home).parts if one.name == name)


async def test_services_are_ready_before_migrations_run_and_programs_follow(own_home: Home) -> None:
    told: list[str] = []
    lay_out = platform_of(part("worker-1"), services=[part("postgres")])

    async with running(own_home, 0, lay_out, lambda label, _: told.append(label)):
        assert told == ["Postgres", "Migrations", "Worker-1"]


async def test_state_names_what_lives_and_is_gone_after_stopping(own_home: Home) -> None:
    async with running(own_home, 0, platform_of(part("api"), part("worker-1")), silence):
        state = find_running(own_home)
        assert state is not None
        assert state.pid == os.getpid()
        assert [one.name for one in state.parts] == ["api", "worker-1"]
        assert all(is_alive(one.pid, one.started) for one in state.parts)

    assert all(is_done(one.pid, one.started) for one in state.parts)
    assert find_state(own_home) is None


async def test_state_tells_how_many_workers_there_may_be_also_while_there_are_none(own_home: Home) -> None:
    async with running(own_home, 0, crew_of(lambda _: part("worker-1"), Rule(0, 3, 4), grace_seconds=1), silence):
        state = recorded(own_home)

    assert (state.parts, state.most_workers) == ((), 3)


async def test_what_dies_comes_back_on_its_port_and_is_recorded_anew(own_home: Home) -> None:
    port = choose_ports(0).api
    asks, said = answers_http(port, "/"), list[str]()

    async with running(own_home, 0, platform_of(server(port)), silence, said.append):
        dead = named(own_home, "server")
        os.kill(dead.pid, signal.SIGKILL)

        async def is_back() -> bool:
            return await asks(0) and named(own_home, "server").pid != dead.pid

        await until(is_back, within_seconds=20)
        assert named(own_home, "server").port == port
    assert b"supervisor: Server ended (Killed) and is started again." in log_path(own_home, "server").read_bytes()
    # And nothing of the end it was told to come to.
    assert said == ["Server ended (Killed) and is started again."]


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


async def test_a_crash_of_what_counts_the_workers_is_told_and_it_goes_on(own_home: Home) -> None:
    looks, words = 0, "of a secret"

    @asynccontextmanager
    async def looking() -> AsyncIterator[Look]:
        async def look() -> Load:
            nonlocal looks
            looks += 1
            if looks == 1:
                raise LookupError(words)
            return Load(100, 0, 0)

        yield look

    lay_out = crew_of(lambda number: part(f"worker-{number}"), Rule(1, 2, 4), grace_seconds=1, looking=looking)
    async with running(own_home, 0, lay_out, silence):

        async def has_grown() -> bool:
            return [one.name for one in recorded(own_home).parts] == ["worker-1", "worker-2"]

        await until(has_grown, within_seconds=20)

    told = log_path(own_home, "supervisor").read_text()
    assert "the number of workers crashed (LookupError) and is begun again." in told
    assert words not in told


async def test_a_second_platform_is_refused_and_told_where_the_first_is(own_home: Home) -> None:
    async with running(own_home, 0, platform_of(part("api")), silence) as first:
        with pytest.raises(Conflict, match=first.ports.api_url):
            async with running(own_home, 0, platform_of(part("api")), silence):
                pytest.fail("two platforms in one home")


async def test_a_taken_port_is_named_with_who_has_it(own_home: Home) -> None:
    base = choose_ports(0).api
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base + 2))
        taken.listen()

        with pytest.raises(Conflict, match=rf"Port {base + 2}, meant for PostgreSQL, is taken by .*\(pid {os.getpid()}\)"):
            async with running(own_home, base, platform_of(part("api")), silence):
                pytest.fail("the port was taken")


async def test_a_part_that_cannot_live_is_named_with_the_end_of_its_log(own_home: Home) -> None:
    sick = replace(part("sick", "exit('no rice left')"), ready=never)

    with pytest.raises(Unavailable, match=r"(?s)Sick did not become ready.*no rice left"):
        async with running(own_home, 0, platform_of(sick, part("well")), silence):
            pytest.fail("it cannot be ready")

    assert find_state(own_home) is None


async def test_failing_migrations_stop_everything(own_home: Home) -> None:
    lay_out = platform_of(services=[part("postgres")], migrations=part("migrations", "exit('no such table')"))

    with pytest.raises(Unavailable, match=r"(?s)Migrations failed.*no such table"):
        async with running(own_home, 0, lay_out, silence):
            pytest.fail("it cannot be ready")

    assert find_state(own_home) is None


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
