"""Workers over a real database, a real Valkey and scripted tools."""

from pathlib import Path

import pytest

from core.contracts.ids import RequestId, UserId, new_id
from core.contracts.job import QUEUES, Ask, ClaimedJob
from core.contracts.kinds import ASKS
from core.contracts.request import Submission
from core.db.claim import claim_jobs
from core.db.pool import Pool
from core.db.submit import submit_request
from core.queue import Bell
from core.settings import Settings
from core.storage.files import Files
from tests.workers.scripted import Script, scripted_tools
from workers.parts import Parts

MEI = UserId("mei")


@pytest.fixture
def settings(database: str, valkey_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database,
        redis_url=valkey_url,
        media_dir=tmp_path,
        link_secret="secret",
        public_url="http://api.test",
        issuer="http://identity.test",
        jwks_url="http://identity.test/jwks.json",
        client_ids="web",
        heartbeat_seconds=0.05,
        idle_look_seconds=0.05,
        backoff_base_seconds=0.01,
        drain_seconds=0.05,
    )


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def parts(settings: Settings, pool: Pool, bell: Bell, script: Script) -> Parts:
    files = Files(settings.media_dir, settings.public_url, settings.link_secret)
    return Parts(settings, pool, bell, files, scripted_tools(script))


async def submit(parts: Parts, *asks: Ask, owner: UserId = MEI) -> RequestId:
    submission = Submission(owner, "haiku", new_id(), {"text": "frogs"}, asks)
    async with parts.pool.acquire() as db:
        request_id, _ = await submit_request(db, submission, parts.settings.deadline, parts.settings.max_attempts)
    return request_id


async def claim(parts: Parts) -> list[ClaimedJob]:
    """Everything that is due, in all queues."""
    async with parts.pool.acquire() as db:
        claims = [await claim_jobs(db, queue, list(ASKS), 50, "test", parts.settings.lease, 50) for queue in QUEUES]
    return [job for claim in claims for job in claim.jobs]


async def claim_one(parts: Parts, ask: Ask, owner: UserId = MEI) -> ClaimedJob:
    await submit(parts, ask, owner=owner)
    (job,) = await claim(parts)
    return job
