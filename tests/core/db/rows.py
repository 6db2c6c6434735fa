"""Rows in a few words: submit a request, claim its jobs, end them, read what became of it."""

import asyncio
import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.contracts.haiku import Compose, Message, Scene
from core.contracts.ids import ArtifactId, RequestId, StorageKey, UserId, new_id
from core.contracts.image import Paint
from core.contracts.job import Ask, ClaimedJob, Paid, Problem, Queue
from core.contracts.kinds import ASKS
from core.contracts.request import Submission
from core.contracts.speech import Say
from core.db.artifacts import Artifact
from core.db.claim import Claim, claim_jobs
from core.db.end import Ended, Ending, end_job
from core.db.pool import Pool
from core.db.submit import submit_request

MEI, KEN = UserId("mei"), UserId("ken")
MINUTE = timedelta(minutes=1)
PAID = Paid("test", "test-1", {"tokens": 7}, 120)
PROBLEM = Problem("urn:kotonoha:problem:give-up", "It cannot work", "The words were refused.")
RESULT = msgspec.Raw(b'{"said": "done"}')


def compose(topic: str = "rain") -> Compose:
    return Compose(topic, (Message("learner", topic),), None, 1)


def paint(number: int = 1) -> Paint:
    return Paint(Scene(number, "a pond", "a pond", "池"), "spring", (), 1)


def say(number: int = 1) -> Say:
    return Say(number, "古池や", "フルイケ ヤ")


def submission(owner: UserId = MEI, *asks: Ask, key: str | None = None, resource: UUID | None = None) -> Submission:
    hashed = f"hash of {key}" if key else None
    return Submission(owner, "haiku", resource or new_id(), {"text": "rain"}, asks or (compose(),), key, hashed, "00-aa-bb-01")


async def submit(db: Any, owner: UserId = MEI, *asks: Ask, resource: UUID | None = None, lasts: timedelta = MINUTE) -> RequestId:
    request, _ = await submit_request(db, submission(owner, *asks, resource=resource), lasts, max_attempts=3)
    return request


async def claim(
    db: Any, queue: Queue = "text", slots: int = 1, running_per_owner: int = 4, worker: str = "test", lease: timedelta = MINUTE
) -> Claim:
    return await claim_jobs(db, queue, list(ASKS), slots, worker, lease, running_per_owner)


async def claim_one(db: Any, queue: Queue = "text") -> ClaimedJob:
    (job,) = (await claim(db, queue)).jobs
    return job


async def end(db: Any, job: ClaimedJob, ending: Ending) -> Ended | None:
    return await end_job(db, job.id, job.epoch, ending, max_attempts=3)


def success(*then: Ask, artifact: Artifact | None = None, paid: Paid | None = PAID) -> Ending:
    return Ending("succeeded", result=RESULT, artifact=artifact, paid=paid, then=then, traceparent="00-aa-cc-01")


def failure() -> Ending:
    return Ending("failed", error=PROBLEM)


def again(wait: timedelta = timedelta(0), *, refund: bool = False) -> Ending:
    return Ending("retrying", error=PROBLEM, due_in=wait, refund=refund)


def rescue(status: str = "retrying") -> Ending:
    return Ending(status, error=PROBLEM, expired_only=True)  # type: ignore[arg-type]  # the test's own word


def artifact_of(job: ClaimedJob) -> Artifact:
    digest = hashlib.sha256(f"{job.owner}\n{job.input_hash}".encode()).hexdigest()
    key = StorageKey(f"{job.owner}/{digest}.png")
    return Artifact(ArtifactId(digest), job.owner, key, "image/png", 40, digest, RESULT, PAID)


async def lose_lease(db: Any, job: ClaimedJob) -> None:
    await db.execute("UPDATE street.jobs SET lease_until = clock_timestamp() - interval '1 s' WHERE id = $1", job.id)


async def row(db: Any, table: str, key: Any) -> dict[str, Any]:
    found = await db.fetchrow(f"SELECT * FROM street.{table} WHERE id = $1", key)  # noqa: S608  tables of the tests' own
    return dict(found)


async def told(db: Any, request: RequestId) -> list[str]:
    """The types of a request's events in order; that their seqs are 1..n is checked on the way."""
    rows = await db.fetch("SELECT seq, type FROM street.events WHERE request_id = $1 ORDER BY seq", request)
    last_seq = await db.fetchval("SELECT last_seq FROM street.requests WHERE id = $1", request)
    assert [row["seq"] for row in rows] == list(range(1, last_seq + 1))
    return [row["type"] for row in rows]


async def everything(db: Any) -> list[list[str]]:
    """Every row of the street as text, to see that nothing changed."""
    tables = ("requests", "jobs", "events", "artifacts", "provider_calls", "shares")
    return [_texts(await db.fetch(f"SELECT t::text FROM street.{table} t ORDER BY 1")) for table in tables]  # noqa: S608


def _texts(rows: Iterable[Any]) -> list[str]:
    return [row[0] for row in rows]


async def waiting_for_a_lock(pool: Pool) -> None:
    """Returns when somebody in this database waits for somebody else."""
    async with asyncio.timeout(5), pool.acquire() as db:
        while not await db.fetchval(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
        ):
            pass
