"""A platform starts in order, stays alive and tells the truth about itself."""

import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from core.errors import Conflict, Unavailable
from core.scaling import Load, Rule
from local.crew import Look
from local.home import Home
from local.logs import log_path
from local.pids import is_alive, is_done
from local.ports import choose_ports
from local.probes import answers_http
from local.state import find_running, find_state
from local.supervisor import running
from tests.local.small_parts import part, server
from tests.local.small_platforms import crew_of, named, never, platform_of, recorded, silence
from tests.until import until


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
