"""How soon work begins on an idle worker, and how much longer it takes beside a learner who asks for a thousand things."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from redis.asyncio import Redis

from core.contracts.ids import RequestId, UserId, new_id
from core.contracts.job import Answer, File, Paid
from core.contracts.request import Submission
from core.contracts.speech import Recording, Say
from core.db.pool import close_pool, make_pool
from core.db.submit import submit_request
from core.queue import connect_bell, ring
from core.settings import Settings
from core.storage.files import Files
from local.home import Home
from local.ports import choose_ports
from local.valkey import make_valkey, redis_url
from telemetry.logs import start_logs
from tests.benchmarks.figures import Figure
from tests.benchmarks.settings import settings_of
from tests.servers import migrated_database, serving
from tests.until import until
from workers.main import Worker
from workers.parts import Parts
from workers.tools import DoneHere, SpeechTools

PICKUPS, SINGLES = 200, 10
FLOOD, AT_ONCE = 1_000, 50
CALL_SECONDS = 0.05
MODEST, GREEDY = UserId("modest"), UserId("greedy")
FREE = Paid("bench", "bench-1", {}, 0)


class TimedVoice(DoneHere):
    """Notes when it is asked, and takes as long as it is told."""

    provider, model = FREE.provider, FREE.model

    def __init__(self) -> None:
        self.asked_at: dict[int, asyncio.Future[float]] = {}
        self.seconds = 0.0

    def expect(self, number: int) -> asyncio.Future[float]:
        return self.asked_at.setdefault(number, asyncio.get_running_loop().create_future())

    async def say(self, ask: Say) -> Answer[Recording]:
        if ask.number in self.asked_at:
            self.asked_at[ask.number].set_result(time.perf_counter())
        await asyncio.sleep(self.seconds)
        return Answer(Recording(ask.number, 1.0, "nobody"), FREE, File(f"{ask.number}".encode(), "audio/mpeg"))


def measure_delivery() -> list[Figure]:
    """On a PostgreSQL and a Valkey of its own, with a whole worker in this process and a voice that costs nothing."""
    # Printing two lines for every job would be measured with them.
    start_logs("WARNING", "bench")
    with tempfile.TemporaryDirectory(prefix="kotonoha-bench-") as folder:
        home, port = Home(Path(folder) / "valkey"), choose_ports(0).valkey
        home.make()
        with migrated_database(Path(folder) / "home") as url, serving(make_valkey(home, port)):
            return asyncio.run(_measure(url, redis_url(home, port), Path(folder)))


async def _measure(database: str, valkey: str, media: Path) -> list[Figure]:
    voice = TimedVoice()
    bare = await _bare_pickups(valkey)
    async with _worker(settings_of(database, valkey, media), voice) as parts:
        ours = [await _pickup(parts, voice, number) for number in range(1, PICKUPS + 1)]
        voice.seconds = CALL_SECONDS
        alone = [await _single(parts, 10_000 + number) for number in range(SINGLES)]
        await _flood(parts)
        beside = [await _single(parts, 20_000 + number) for number in range(SINGLES)]
    return [
        Figure("bell to the first line of a job, idle worker", "ms", tuple(ours)),
        Figure("the slowest in a hundred of these", "ms", (_slowest_in_a_hundred(ours),)),
        Figure("push to pop, a bare BRPOP loop", "ms", tuple(bare)),
        Figure("one job beside somebody's 1,000, to the same alone", "×", tuple(_ratios(beside, alone)), 2),
    ]


@contextlib.asynccontextmanager
async def _worker(settings: Settings, voice: TimedVoice) -> AsyncIterator[Parts]:
    bell = connect_bell(settings.redis_url)
    pool = await make_pool(settings.database_url)
    files = Files(settings.media_dir, settings.public_url, settings.link_secret)
    parts = Parts(settings, pool, bell, files, {"speech": SpeechTools(voice)})
    stopping = asyncio.Event()
    work = asyncio.create_task(Worker(parts, ["speech"]).run(stopping))
    try:
        yield parts
    finally:
        stopping.set()
        await work
        await close_pool(pool)
        await bell.aclose(close_connection_pool=True)


async def _pickup(parts: Parts, voice: TimedVoice, number: int) -> float:
    """Milliseconds from the commit that made the job to the call of its tool: bell, claim and intent lie between."""
    asked = voice.expect(number)
    request = await _submit(parts, MODEST, number)
    committed = time.perf_counter()
    await ring(parts.bell, ["speech"])
    began = await asked
    await _done(parts, request)
    return (began - committed) * 1000


async def _single(parts: Parts, number: int) -> float:
    """Seconds from the commit of one job to its end."""
    request = await _submit(parts, MODEST, number)
    committed = time.perf_counter()
    await ring(parts.bell, ["speech"])
    await _done(parts, request)
    return time.perf_counter() - committed


async def _flood(parts: Parts) -> None:
    for first in range(100_000, 100_000 + FLOOD, AT_ONCE):
        await _submit(parts, GREEDY, *range(first, first + AT_ONCE))
    await ring(parts.bell, ["speech"])


async def _submit(parts: Parts, owner: UserId, *numbers: int) -> RequestId:
    asks = tuple(Say(number, f"line {number}", "ふるいけ や") for number in numbers)
    async with parts.pool.acquire() as db, db.transaction():
        request, _ = await submit_request(db, Submission(owner, "haiku", new_id(), {}, asks), parts.settings.deadline, 3)
    return request


async def _done(parts: Parts, request: RequestId) -> None:
    async def over() -> bool:
        return bool(await parts.pool.fetchval("SELECT finished_at IS NOT NULL FROM street.requests WHERE id = $1", request))

    await until(over)


async def _bare_pickups(valkey: str) -> list[float]:
    """What two clients of the same library need for a push and the pop that waits for it."""
    async with Redis.from_url(valkey) as pushing, Redis.from_url(valkey) as popping:
        return [await _bare_pickup(pushing, popping) for _ in range(PICKUPS)]


async def _bare_pickup(pushing: Redis, popping: Redis) -> float:
    async def pop() -> float:
        await popping.brpop(["bare"])  # type: ignore[misc]  # typed for both clients
        return time.perf_counter()

    popped = asyncio.create_task(pop())
    await asyncio.sleep(0.002)
    pushed = time.perf_counter()
    await pushing.lpush("bare", "1")  # type: ignore[misc]  # typed for both clients
    return (await popped - pushed) * 1000


def _slowest_in_a_hundred(seen: list[float]) -> float:
    return sorted(seen)[len(seen) * 99 // 100]


def _ratios(beside: list[float], alone: list[float]) -> list[float]:
    typical = sorted(alone)[len(alone) // 2]
    return [seconds / typical for seconds in beside]
