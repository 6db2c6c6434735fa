"""Whoever should be running and does not, or does not answer, is named."""

import os
import signal

import pytest
from msgspec.structs import replace

from local.apps import APPS
from local.environment import Span
from local.examination import Finding
from local.health import examine_running
from local.home import Home
from local.layout import Layout, lay_out
from local.ports import Ports, choose_ports
from local.state import State, find_state
from local.store import Store
from local.supervisor import running
from tests.local.small_parts import part, server
from tests.until import until

ASKED_OTHERWISE = {"postgres", "valkey"}


async def examined(home: Home) -> dict[str, Finding]:
    state = find_state(home)
    assert state is not None
    return {finding.name: finding for finding in await examine_running(home, state)}


async def beside_a_server(_: Home, ports: Ports) -> Layout:
    return Layout((server(ports.api),), part("migrations", "pass"), (part("worker-1"), part("worker-2", "pass")))


def silence(_: str, __: float) -> None:
    """Nobody listens."""


async def test_everybody_who_has_a_port_is_asked(own_home: Home) -> None:
    layout = await lay_out(own_home, choose_ports(0), Span(1, 1), {}, APPS, Store("fake-aws"))
    servers = {one.name: one for one in (*layout.services, *layout.programs) if one.port}

    assert servers.keys() >= {"traces", "identity", "api", "fakes", "s3", *(app.name for app in APPS)}
    assert {name for name, one in servers.items() if one.health is None} == ASKED_OTHERWISE


@pytest.mark.parametrize(("most", "ok", "advice"), [(0, False, "without --workers: kotonoha up --home"), (4, True, "")])
async def test_no_workers_are_told_as_what_they_are(own_home: Home, most: int, ok: bool, advice: str) -> None:
    (finding,) = await examine_running(own_home, State(1, "", "http://127.0.0.1:1", "http://127.0.0.1:2", most_workers=most))

    assert (finding.name, finding.ok) == ("workers", ok)
    assert advice in (finding.advice or "")


@pytest.mark.parametrize(("falls", "ok"), [(2, True), (4, False)])
async def test_whoever_is_well_again_does_not_keep_dying(own_home: Home, falls: int, ok: bool) -> None:
    async with running(own_home, 0, beside_a_server, silence):
        state = find_state(own_home)
        assert state is not None
        fallen = replace(state, parts=tuple(replace(one, falls=falls) for one in state.parts if one.name == "server"))
        server, *_ = await examine_running(own_home, fallen)

    assert (server.ok, "keeps dying" in server.says) == (ok, not ok)


async def test_whoever_hangs_or_keeps_dying_is_named_also_beside_others_who_live(own_home: Home) -> None:
    async with running(own_home, 0, beside_a_server, silence):
        well = (await examined(own_home))["server"]
        state = find_state(own_home)
        assert state is not None
        pid = next(one.pid for one in state.parts if one.name == "server")
        os.kill(pid, signal.SIGSTOP)
        hanging = (await examined(own_home))["server"]
        os.kill(pid, signal.SIGCONT)
        seen = set()

        async def is_named_dead_and_alive() -> bool:
            worker = (await examined(own_home))["worker-2"]
            assert not worker.ok
            seen.add(worker.says.partition(":")[0])
            return {"is not running", "keeps dying"} <= seen

        await until(is_named_dead_and_alive, within_seconds=40)

    assert well.ok
    assert (hanging.ok, hanging.says) == (False, f"runs (pid {pid}) and does not answer")
    assert str(own_home.logs / "server.log") in (hanging.advice or "")
