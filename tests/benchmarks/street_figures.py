"""The statements of the street while 10⁴, 10⁵ and 10⁶ jobs of 20,000 learners wait, and as many are done."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import asyncpg

from core.contracts.haiku import Compose, Message
from core.contracts.ids import RequestId, UserId, new_id
from core.contracts.kinds import ASKS
from core.contracts.request import Submission
from core.db.admission import get_standing, wait_to_ask
from core.db.backlog import get_backlog, list_backlogs
from core.db.claim import claim_jobs
from core.db.pool import Connection, make_pool
from core.db.requests import list_requests
from core.db.retry import retry_request
from core.db.submit import submit_request
from core.db.sweep import list_due_queues, list_lost_jobs, lock_overdue_requests, prune
from tests.benchmarks.figures import Figure
from tests.servers import PATIENT, migrated_database

SIZES = (10_000, 100_000, 1_000_000)
LEARNERS = 20_000
RUNS = 25
MINUTE = timedelta(minutes=1)
SOMEBODY = UserId("learner 7")

FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_wal_size=8GB")
"""Nothing that is measured is committed, so the disk changes no figure; it only makes filling slow."""

Look = Callable[[Connection], Awaitable[object]]

# Triggers and foreign keys sleep while rows are laid down, or a million would take minutes. A transaction may take only seconds.
_QUIET = "SET session_replication_role = replica; SET synchronous_commit = off; SET transaction_timeout = 0"
_FILL = """
WITH request AS (
    INSERT INTO street.requests (id, owner, product, resource_id, input, status, jobs_total, jobs_open, jobs_failed, last_seq,
                                 deadline, finished_at)
    SELECT uuidv7(), 'learner ' || n % $3, 'haiku', uuidv7(), '{}', s.status, 1, s.jobs_open, s.jobs_failed, 4,
           clock_timestamp() + interval '1 hour',
           CASE WHEN s.jobs_open = 0 THEN clock_timestamp() - random() * interval '29 d' END
      FROM generate_series($1::bigint, $2::bigint - 1) AS n
     CROSS JOIN LATERAL (VALUES ('queued', 1, 0), (CASE WHEN n % 100 = 7 THEN 'failed' ELSE 'succeeded' END, 0,
                                                  (n % 100 = 7)::int)) AS s (status, jobs_open, jobs_failed)
    RETURNING id, owner, status, finished_at
)
INSERT INTO street.jobs (id, request_id, owner, kind, queue, input, input_hash, max_attempts, status, result, finished_at)
SELECT uuidv7(), id, owner, 'haiku.compose', 'text', '{}', '', 3, status,
       CASE status WHEN 'succeeded' THEN '{}'::jsonb END, finished_at
  FROM request
"""
_COUNT = """
INSERT INTO street.shares (queue, owner, waiting, served_at)
SELECT 'text', owner, count(*), clock_timestamp() - random() * interval '1 h'
  FROM street.jobs WHERE status = 'queued' GROUP BY owner
ON CONFLICT (queue, owner) DO UPDATE SET waiting = excluded.waiting
"""


def measure_street(sizes: tuple[int, ...] = SIZES) -> list[Figure]:
    """In a PostgreSQL of its own, through the connection the api and the workers use."""
    with tempfile.TemporaryDirectory(prefix="kotonoha-bench-") as folder, migrated_database(Path(folder) / "home", *FAST) as url:
        return [figure for before, after in pairwise((0, *sizes)) for figure in asyncio.run(_measure(url, before, after))]


async def _measure(url: str, before: int, after: int) -> list[Figure]:
    await _fill(url, before, after)
    async with make_pool(url, size=1) as pool, pool.acquire() as db:
        failed = await db.fetch("SELECT id, owner FROM street.requests WHERE status = 'failed' LIMIT $1", RUNS)
        figures = [await _figure(db, name, look, target, after) for name, look, target in _looks(iter(failed))]
        return [*figures, await _claim_in_the_server(db, after)]


async def _fill(url: str, before: int, after: int) -> None:
    connection = await asyncpg.connect(url, command_timeout=600, server_settings=PATIENT)
    try:
        await connection.execute(_QUIET)
        await connection.execute(_FILL, before, after, LEARNERS)
        await connection.execute(_COUNT)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _looks(failed: Iterator[asyncpg.Record]) -> list[tuple[str, Look, float | None]]:
    kinds = list(ASKS)

    async def retry(db: Connection) -> object:
        row = next(failed)
        return await retry_request(db, RequestId(row["id"]), UserId(row["owner"]), MINUTE)

    return [
        ("claim of 4", lambda db: claim_jobs(db, "text", kinds, 4, "bench", MINUTE, 4), 2),
        ("claim of 1", lambda db: claim_jobs(db, "text", kinds, 1, "bench", MINUTE, 4), 2),
        ("claim that finds nothing", lambda db: claim_jobs(db, "image", kinds, 4, "bench", MINUTE, 4), None),
        ("asking before a submit", _ask, 1),
        ("submit", lambda db: submit_request(db, _submission(), MINUTE, 3), None),
        ("retry", retry, None),
        ("backlog of a queue", lambda db: get_backlog(db, "text"), None),
        ("gauge of all queues", lambda db: list_backlogs(db, 4), None),
        ("list of 20 requests", lambda db: list_requests(db, SOMEBODY, 20), None),
        ("sweep that finds nothing lost", list_lost_jobs, None),
        ("sweep that finds nothing overdue", lock_overdue_requests, None),
        ("sweep that looks for lost bells", list_due_queues, None),
        ("prune that finds nothing old", lambda db: prune(db, timedelta(days=30), timedelta(days=1)), None),
    ]


async def _ask(db: Connection) -> None:
    await wait_to_ask(db, SOMEBODY)
    await get_standing(db, SOMEBODY)


async def _figure(db: Connection, name: str, look: Look, target: float | None, rows: int) -> Figure:
    """Each look is taken back, so that the next finds the street as it was. Begin and rollback are not counted."""
    seen = []
    for _ in range(RUNS):
        undo = db.transaction()
        await undo.start()
        before = time.perf_counter()
        await look(db)
        seen.append((time.perf_counter() - before) * 1000)
        await undo.rollback()
    return Figure(f"{name}, {rows:,} waiting", "ms", tuple(seen), target)


async def _claim_in_the_server(db: Connection, rows: int) -> Figure:
    """Without the way there and back, by the server's own clock."""
    seen = []
    for _ in range(RUNS):
        undo = db.transaction()
        await undo.start()
        said = await db.fetch(
            "EXPLAIN (ANALYZE, TIMING OFF) SELECT FROM street.claim_jobs('text', $1, 4, 'bench', interval '1 min', 4)", list(ASKS)
        )
        seen.append(float(said[-1][0].split()[2]))
        await undo.rollback()
    return Figure(f"claim of 4 in the server, {rows:,} waiting", "ms", tuple(seen), 2)


def _submission() -> Submission:
    ask = Compose("rain", (Message("learner", "rain"),), None, 1)
    return Submission(SOMEBODY, "haiku", new_id(), {"text": "rain"}, (ask,), str(new_id()), "hash")
