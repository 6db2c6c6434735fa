"""What ECS is told while a worker has jobs: the real loop, before an agent of a few lines that speaks its endpoint."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Literal

import pytest
import uvicorn

from core.cancel import cancel_until_done
from core.contracts.speech import Say
from tests.until import until
from tests.workers.conftest import submit
from tests.workers.scripted import Script
from tests.workers.test_main import working
from workers.parts import Parts
from workers.protection import (
    CALM_SECONDS,
    LASTS_MINUTES,
    LONGEST_SECONDS,
    PATH,
    REST_SECONDS,
    TRY_AGAIN_SECONDS,
    Protection,
    keep_protected,
)

PROTECT = {"ProtectionEnabled": True, "ExpiresInMinutes": LASTS_MINUTES}
LET_GO = {"ProtectionEnabled": False}


class Agent:
    """The task protection endpoint: says what it was asked, and answers as the agent does. `refuses` is an error's code,
    `fails` the reason of ECS behind it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.refuses = ""
        self.fails = ""
        self.url = ""

    async def __call__(self, scope: Any, receive: Callable[[], Coroutine[Any, Any, Any]], send: Any) -> None:
        if scope["type"] != "http":
            return
        assert (scope["method"], scope["path"]) == ("PUT", f"/api/a1{PATH}")
        body = json.loads((await receive())["body"])
        self.asked.append(body)
        if self.refuses:
            status, said = 400, {"requestID": "r1", "error": {"Arn": "arn", "Code": self.refuses, "Message": "no"}}
        elif self.fails:
            status, said = 200, {"requestID": "r1", "failure": {"Arn": "arn", "Detail": None, "Reason": self.fails}}
        else:
            status, said = 200, {"protection": {"TaskArn": "arn", "ProtectionEnabled": body["ProtectionEnabled"]}}
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": json.dumps(said).encode()})


@pytest.fixture
async def agent() -> AsyncIterator[Agent]:
    agent = Agent()
    server = uvicorn.Server(uvicorn.Config(agent, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())

    async def listens() -> bool:
        return server.started

    await until(listens)
    agent.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/api/a1"
    yield agent
    server.should_exit = True
    await serving


@asynccontextmanager
async def protecting(runs: set[object], url: str, clock: Callable[[], float]) -> AsyncIterator[None]:
    task = asyncio.create_task(keep_protected(runs, url, clock))
    try:
        yield
    finally:
        await cancel_until_done({task})


async def test_a_task_is_protected_while_it_has_jobs_and_let_go_after_them(agent: Agent) -> None:
    runs, now = {object()}, [0.0]

    async def asked(*wanted: dict[str, Any]) -> None:
        async def so() -> bool:
            return agent.asked == list(wanted)

        await until(so)

    async with protecting(runs, agent.url, lambda: now[0]):
        await asked(PROTECT)
        runs.clear()
        now[0] = CALM_SECONDS + 1
        await asked(PROTECT, LET_GO)
        runs.add(object())
        await asked(PROTECT, LET_GO, PROTECT)


async def test_a_worker_that_runs_a_job_says_so_to_the_agent_that_runs_it(agent: Agent, parts: Parts, script: Script) -> None:
    script.hold()
    await submit(parts, Say(1, "古池や", "ふるいけ や"))

    async def protected() -> bool:
        return agent.asked == [PROTECT]

    async with working(parts.settings, script, agent.url) as stop:
        await until(protected)
        await stop()


async def test_an_agent_that_refuses_or_is_away_is_asked_again_later(agent: Agent) -> None:
    agent.refuses = "AccessDeniedException"

    async def refused() -> bool:
        return len(agent.asked) == 1

    # Nobody listens on the second.
    loops = {asyncio.create_task(keep_protected({object()}, url, lambda: 0.0)) for url in (agent.url, "http://127.0.0.1:9")}
    await until(refused)
    done, _ = await asyncio.wait(loops, timeout=1, return_when=asyncio.FIRST_COMPLETED)
    await cancel_until_done(loops)

    assert not done
    assert len(agent.asked) == 1
    assert TRY_AGAIN_SECONDS > 1


@pytest.mark.parametrize(("said", "code"), [("refuses", "AccessDeniedException"), ("fails", "TASK_NOT_VALID")])
async def test_why_a_task_is_not_protected_is_told(
    agent: Agent, capsys: pytest.CaptureFixture[str], said: Literal["refuses", "fails"], code: str
) -> None:
    setattr(agent, said, code)

    async def answered() -> bool:
        return code in "".join(capsys.readouterr())

    async with protecting({object()}, agent.url, lambda: 0.0):
        await until(answered)


async def test_what_was_refused_is_asked_until_it_is_taken(agent: Agent) -> None:
    agent.refuses = "ThrottlingException"

    async def refused() -> bool:
        return len(agent.asked) == 2

    async def taken() -> bool:
        return len(agent.asked) == 3

    task = asyncio.create_task(keep_protected({object()}, agent.url, lambda: 0.0, try_again_seconds=0.05))
    await until(refused)
    agent.refuses = ""
    await until(taken)
    await asyncio.wait({task}, timeout=0.3)
    await cancel_until_done({task})

    assert agent.asked == [PROTECT] * 3


def test_protection_is_renewed_before_it_ends() -> None:
    protection = Protection()
    protection.told(0, protect=True)
    half = LASTS_MINUTES * 30

    assert protection.wanted(half - 1, busy=True) is None
    assert protection.wanted(half, busy=True) is True
    protection.told(half, protect=True)
    assert protection.wanted(half + 1, busy=True) is None


def test_between_two_jobs_of_a_burst_nothing_is_told() -> None:
    protection = Protection()
    assert protection.wanted(0, busy=True) is True
    protection.told(0, protect=True)

    assert protection.wanted(CALM_SECONDS - 1, busy=False) is None
    assert protection.wanted(CALM_SECONDS, busy=False) is False


def test_whoever_always_has_jobs_can_be_replaced_once_in_a_while() -> None:
    """A deployment waits for protected tasks."""
    protection = Protection()
    protection.wanted(0, busy=True)
    protection.told(0, protect=True)
    assert protection.wanted(LONGEST_SECONDS, busy=True) is False
    protection.told(LONGEST_SECONDS, protect=False)

    assert protection.wanted(LONGEST_SECONDS + REST_SECONDS - 1, busy=True) is None
    assert protection.wanted(LONGEST_SECONDS + REST_SECONDS, busy=True) is True
