"""The doorbell: ring a queue so that a worker looks at once. The bell names no job, and losing one costs only time."""

import asyncio
from collections.abc import Iterable

import msgspec
from arq.connections import ArqRedis
from redis.asyncio import BlockingConnectionPool, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from core.cancel import within
from core.contracts.job import Queue
from core.wire import PlainWire, SecureWire

Bell = ArqRedis
"""The one Redis client of a process: it rings, and lends its connection to the broadcast."""

BELL = "bell"
"""The one function arq knows; whoever hears it looks into Postgres."""

RING_SECONDS = 0.5
"""Longest wait for Redis before a submit goes on without the bell: the sweeper rings again."""

BELLS_KEPT = 64
"""More bells than this make no worker look sooner."""


def arq_queue(queue: Queue) -> str:
    return f"kotonoha:{queue}"


def wake_list(queue: Queue) -> str:
    """Tokens a worker blocks on, so that it need not poll arq's sorted set many times a second."""
    return f"kotonoha:{queue}:wake"


def connect_bell(redis_url: str) -> Bell:
    """arq's own client on a pool whose sockets time out: the stock pool waits for ever on a stalled Redis."""
    pool: ConnectionPool = BlockingConnectionPool.from_url(
        redis_url,
        max_connections=20,
        timeout=2,
        socket_connect_timeout=1,
        socket_timeout=2,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 1),
    )
    # The address would overrule it as an option.
    pool.connection_class = SecureWire if redis_url.startswith("rediss:") else PlainWire
    # JSON, because arq's default is pickle: code execution for whoever can write to Redis.
    return ArqRedis(
        pool,
        job_serializer=msgspec.json.encode,
        job_deserializer=msgspec.json.decode,
        expires_extra_ms=10_000,
    )


async def ring(bell: Bell, queues: Iterable[Queue]) -> bool:
    """Ring once for every new job, all together within RING_SECONDS. False when Redis did not hear; nothing is raised."""
    heard = True
    try:
        await within(RING_SECONDS, _ring_all(bell, queues))
    except* (RedisError, OSError, TimeoutError):
        heard = False
    return heard


async def _ring_all(bell: Bell, queues: Iterable[Queue]) -> None:
    async with asyncio.TaskGroup() as group:
        for queue in queues:
            group.create_task(_ring_one(bell, queue))


async def _ring_one(bell: Bell, queue: Queue) -> None:
    # A bell nobody heard for ten seconds is worth nothing: by then the sweeper has rung again.
    await bell.enqueue_job(BELL, _queue_name=arq_queue(queue), _expires=10)
    async with bell.pipeline(transaction=False) as pipe:
        pipe.lpush(wake_list(queue), "1")
        pipe.ltrim(wake_list(queue), 0, BELLS_KEPT - 1)
        # The newest have the highest scores; while no worker listens, the others would stay for ever.
        pipe.zremrangebyrank(arq_queue(queue), 0, -BELLS_KEPT - 1)
        await pipe.execute()
