"""How often a learner may ask: counted in Redis by all processes together. While it is away, each allows its share."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.contracts.ids import UserId
from core.errors import Quota, TooMany

ANSWER_SECONDS = 1.0
"""Longest wait for Redis. Not shorter: a process that is merely busy must not take it for a Redis that is away."""

AWAY = timedelta(seconds=5)
"""How long a Redis that did not answer is not asked again."""

Window = FixedWindowRateLimiter
"""Fixed windows, because Redis alone keeps their time: processes whose clocks differ still share them exactly, and the end
of one is known to the second. At the turn of two windows a learner may use both."""


class Limits:
    """One for the process. It lends its connections from `redis` and closes none."""

    def __init__(self, redis: Redis, processes: int, away: timedelta = AWAY) -> None:
        self._shared = Window(
            RedisStorage(
                "redis://",
                implementation="redispy",
                key_prefix="kotonoha:limits",
                connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # documented, and typed as a plain option
            )
        )
        self._alone = Window(MemoryStorage())
        self._processes = processes
        self._away_seconds = away.total_seconds()
        self._silent_until = float("-inf")

    async def take(self, quota: Quota, owner: UserId) -> None:
        """Use one up. Raises TooMany, which says when there is more."""

        async def use(window: Window, item: RateLimitItem) -> float:
            return 0 if await window.hit(item, owner) else await _left(window, item, owner)

        _refuse(quota, await self._ask(quota, use))

    async def check(self, quota: Quota, owner: UserId) -> None:
        """Use none up. Raises TooMany when there is none left."""

        async def look(window: Window, item: RateLimitItem) -> float:
            return 0 if await window.test(item, owner) else await _left(window, item, owner)

        _refuse(quota, await self._ask(quota, look))

    async def _ask(self, quota: Quota, question: Callable[[Window, RateLimitItem], Awaitable[float]]) -> float:
        if time.monotonic() >= self._silent_until:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await question(self._shared, _item(quota, quota.most))
            except (RedisError, OSError, TimeoutError):
                self._silent_until = time.monotonic() + self._away_seconds
        return await question(self._alone, _item(quota, max(1, quota.most // self._processes)))


def _item(quota: Quota, most: int) -> RateLimitItem:
    return RateLimitItemPerSecond(most, quota.seconds, namespace=quota.name)


async def _left(window: Window, item: RateLimitItem, owner: UserId) -> float:
    """Seconds until the window ends."""
    # Redis tells whole seconds, rounded: one more, or whoever comes back on time would come too early.
    return (await window.get_window_stats(item, owner)).reset_time - time.time() + 1


def _refuse(quota: Quota, wait_seconds: float) -> None:
    if wait_seconds > 0:
        wait = min(math.ceil(wait_seconds), quota.seconds)
        message = f"That is more than {quota.most} {quota.name} in {quota.seconds} seconds; come back in {wait} seconds."
        raise TooMany(message, timedelta(seconds=wait), quota)
