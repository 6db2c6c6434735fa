"""Ask ECS to let another task go while this one has jobs: scaling in and deployments wait, an interruption of Spot does not.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
"""

import asyncio
import math
import time
from collections.abc import Callable, Collection

import httpx
import msgspec
from msgspec import Struct, field

from telemetry.logs import get_log

PATH = "/task-protection/v1/state"
LOOK_SECONDS = 1.0
LASTS_MINUTES = 5
"""ECS forgets it by itself after so long: a worker that died protects nothing for ever."""
CALM_SECONDS = 15.0
"""Jobs come in bursts, and ECS limits how often it is told."""
LONGEST_SECONDS = 1200.0
REST_SECONDS = 60.0
"""A worker that always has jobs lets go for a minute every twenty, or no deployment would ever replace it. Whoever is taken then
drains as usual."""
TRY_AGAIN_SECONDS = 10.0
ANSWER_SECONDS = 2.0

log = get_log("worker")


class State(Struct, frozen=True):
    enabled: bool = field(name="ProtectionEnabled")


class Refusal(Struct, frozen=True):
    code: str = field(name="Code", default="")
    reason: str = field(name="Reason", default="")


class Said(Struct, frozen=True):
    """What is so now, or why not: an `error` has a code and is the agent's, a `failure` has a reason and is that of ECS, which
    comes with status 200 as well."""

    protection: State | None = None
    error: Refusal = Refusal()
    failure: Refusal = Refusal()

    @property
    def code(self) -> str:
        return self.error.code or self.failure.reason or "unknown"


class Protection:
    """What ECS should be told, by the clock and by whether there are jobs. Knows no network."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._told_at = self._busy_at = self._rests_until = -math.inf

    def wanted(self, now: float, *, busy: bool) -> bool | None:
        """True to protect or renew, False to let go, None when ECS knows already. What ECS took is `told`."""
        self._busy_at = now if busy else self._busy_at
        if self._since is None:
            return True if busy and now >= self._rests_until else None
        if now - self._busy_at >= CALM_SECONDS or now - self._since >= LONGEST_SECONDS:
            return False
        return True if now - self._told_at >= LASTS_MINUTES * 60 / 2 else None

    def told(self, now: float, *, protect: bool) -> None:
        if protect:
            self._since = now if self._since is None else self._since
            self._told_at = now
        else:
            if self._since is not None and now - self._since >= LONGEST_SECONDS:
                self._rests_until = now + REST_SECONDS
            self._since = None


async def keep_protected(
    runs: Collection[object],
    agent: str,
    clock: Callable[[], float] = time.monotonic,
    try_again_seconds: float = TRY_AGAIN_SECONDS,
) -> None:
    """Until cancelled, while there are `runs`. `agent` is what ECS_AGENT_URI says. Nobody depends on it: a task that could not
    protect itself hands its jobs back when it is stopped."""
    protection = Protection()
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
        while True:
            wanted = protection.wanted(clock(), busy=bool(runs))
            if wanted is None:
                await asyncio.sleep(LOOK_SECONDS)
            elif await _tell(client, agent, protect=wanted):
                protection.told(clock(), protect=wanted)
            else:
                await asyncio.sleep(try_again_seconds)


async def _tell(client: httpx.AsyncClient, agent: str, *, protect: bool) -> bool:
    """Whether ECS took it."""
    asked = {"ProtectionEnabled": True, "ExpiresInMinutes": LASTS_MINUTES} if protect else {"ProtectionEnabled": False}
    try:
        answer = await client.put(agent.rstrip("/") + PATH, json=asked)
        said = msgspec.json.decode(answer.content, type=Said)
    except httpx.HTTPError:
        log.warning("task not protected", status=0, code="no answer")
        return False
    except msgspec.DecodeError:
        log.warning("task not protected", status=answer.status_code, code="unreadable")
        return False
    if said.protection is not None and said.protection.enabled is protect:
        return True
    log.warning("task not protected", status=answer.status_code, code=said.code)
    return False
