"""How fast a model may be asked: a ceiling that all processes share in Redis and that gives way when the provider says so.

A bucket fills with requests and with tokens; a call is let through while neither is empty, and what it takes may be owed. Being
throttled halves the flow, every success gives a little back: additive increase, multiplicative decrease (Chiu and Jain,
"Analysis of the Increase and Decrease Algorithms", 1989). While Redis is away each process keeps its own share.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from redis.asyncio import Redis
from redis.exceptions import RedisError, WatchError

ANSWER_SECONDS = 1.0
AWAY = timedelta(seconds=5)
KEPT_SECONDS = 3600
RIVALS = 20
"""How often others may come between reading and writing before this process goes by its own share."""

BURST_SECONDS = 10.0
"""How much of a minute's flow a rested bucket holds."""
LEAST = 1 / 32
STEP = 1 / 64
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
CUT_SECONDS = 2.0
"""Throttles this close together tell of the same moment, and count once."""


class Ceiling(Struct, frozen=True):
    """What the account allows in a minute. 0 tokens: nobody counts them."""

    requests: int
    tokens: int = 0


class Bucket(Struct, frozen=True):
    """What is left of the ceiling at a moment. `share` is how much of the ceiling flows in."""

    at: float
    requests: float
    tokens: float
    share: float = 1.0
    cut_at: float = 0.0

    def filled(self, ceiling: Ceiling, now: float) -> "Bucket":
        """A clock that went back fills nothing."""
        minutes = max(0.0, now - self.at) / 60 * self.share
        burst = BURST_SECONDS / 60 * self.share
        requests = min(self.requests + ceiling.requests * minutes, max(1.0, ceiling.requests * burst))
        tokens = min(self.tokens + ceiling.tokens * minutes, max(1.0, ceiling.tokens * burst))
        return replace(self, at=now, requests=requests, tokens=tokens)

    def wait(self, ceiling: Ceiling) -> float:
        """Seconds until a call may go, 0 when one may now."""
        owed = [(-self.requests, ceiling.requests)] + ([(-self.tokens, ceiling.tokens)] if ceiling.tokens else [])
        return max((0.01 + debt) * 60 / (flow * self.share) if debt >= 0 else 0.0 for debt, flow in owed)

    def less(self, requests: int, tokens: int) -> "Bucket":
        return replace(self, requests=self.requests - requests, tokens=self.tokens - tokens)

    def slower(self, ceiling: Ceiling, now: float, pause: float) -> "Bucket":
        """Nobody calls for `pause` seconds: what would flow in meanwhile is owed."""
        fresh_cut = now - self.cut_at >= CUT_SECONDS
        share = max(LEAST, self.share / 2) if fresh_cut else self.share
        owed = -ceiling.requests * share * pause / 60
        return replace(self, share=share, cut_at=now if fresh_cut else self.cut_at, requests=min(self.requests, owed))

    def faster(self) -> "Bucket":
        return replace(self, share=min(1.0, self.share + STEP))


def fresh(ceiling: Ceiling, now: float) -> Bucket:
    return Bucket(now, 0.0, 0.0).filled(ceiling, now + BURST_SECONDS)


Change = Callable[[Bucket, float], Bucket]


class Pace:
    """One a model and process. It lends its connections from `redis`, and closes none."""

    def __init__(self, redis: Redis, model: str, ceiling: Ceiling, processes: int, away: timedelta = AWAY) -> None:
        self._redis = redis
        self._key = f"kotonoha:pace:{model}"
        self._ceiling = ceiling
        part = max(1, processes)
        self._own_ceiling = Ceiling(max(1, ceiling.requests // part), ceiling.tokens and max(1, ceiling.tokens // part))
        self._own: Bucket | None = None
        self._away_seconds = away.total_seconds()
        self._silent_until = float("-inf")

    async def take(self, tokens: int = 0, requests: int = 1) -> float:
        """Leave for calls that belong together, taken when the answer is 0. Otherwise nothing is taken: ask again after so
        many seconds."""
        waits: list[float] = []

        def ask(ceiling: Ceiling) -> Change:
            def change(bucket: Bucket, _: float) -> Bucket:
                waits.append(bucket.wait(ceiling))
                return bucket if waits[-1] else bucket.less(requests, tokens)

            return change

        await self._change(ask)
        return waits[-1]

    async def settle(self, tokens: int = 0, requests: int = 0) -> None:
        """All went well, and took so many more than leave was taken for (or fewer, below 0)."""
        await self._change(lambda _: lambda bucket, _: bucket.less(requests, tokens).faster())

    async def give_back(self, tokens: int, requests: int) -> None:
        """What leave was taken for and what nobody used."""
        await self._change(lambda _: lambda bucket, _: bucket.less(-requests, -tokens))

    async def slow_down(self, pause: float | None = None) -> None:
        """The provider said: too much, and perhaps for how many seconds."""
        seconds = PAUSE_SECONDS if pause is None else min(pause, LONGEST_PAUSE_SECONDS)
        await self._change(lambda ceiling: lambda bucket, now: bucket.slower(ceiling, now, seconds))

    async def _change(self, change: Callable[[Ceiling], Change]) -> None:
        if time.monotonic() >= self._silent_until:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    if await self._change_shared(change(self._ceiling)):
                        return
            except (RedisError, OSError, TimeoutError):
                self._silent_until = time.monotonic() + self._away_seconds
        now = time.monotonic()
        bucket = self._own or fresh(self._own_ceiling, now)
        self._own = change(self._own_ceiling)(bucket.filled(self._own_ceiling, now), now)

    async def _change_shared(self, change: Change) -> bool:
        """Redis alone tells the time, so that processes whose clocks differ share one bucket."""
        async with self._redis.pipeline() as pipe:
            for _ in range(RIVALS):
                try:
                    await pipe.watch(self._key)
                    stored = await pipe.get(self._key)
                    seconds, micros = await pipe.time()
                    now = seconds + micros / 1_000_000
                    bucket = msgspec.json.decode(stored, type=Bucket) if stored else fresh(self._ceiling, now)
                    changed = change(bucket.filled(self._ceiling, now), now)
                    pipe.multi()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
                    pipe.set(self._key, msgspec.json.encode(changed), ex=KEPT_SECONDS)
                    await pipe.execute()
                except WatchError:
                    continue
                return True
        return False
