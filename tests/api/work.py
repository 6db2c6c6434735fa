"""A worker in a few lines: claims what is due and ends it with answers that are always the same."""

import hashlib
from datetime import timedelta

import msgspec

from core.contracts.events import Event
from core.contracts.haiku import Compose, Describe, Draft, Line, Message, Poem, Scene, Scenes
from core.contracts.ids import ArtifactId, RequestId, UserId, new_id
from core.contracts.image import Paint, Picture
from core.contracts.job import QUEUES, Ask, ClaimedJob, Paid, Problem
from core.contracts.kinds import ASKS, decode_ask
from core.contracts.request import Submission
from core.contracts.speech import Recording, Say
from core.contracts.upload import Check, Checked
from core.db.artifacts import Artifact
from core.db.claim import claim_jobs
from core.db.end import Ending, end_job
from core.db.pool import Pool
from core.db.submit import submit_request
from core.storage import Storage, artifact_key

MEI = UserId("mei")

PAID = Paid("test", "test-1", {"tokens": 7}, 120)

POEM = Poem(
    lines=(
        Line("古池や", "ふるいけや", "フルイケ ヤ", "An old pond:"),
        Line("蛙飛びこむ", "かわずとびこむ", "カワズ トビコム", "a frog leaps in,"),
        Line("水の音", "みずのおと", "ミズ ノ オト", "the sound of water."),
    ),
    season="spring",
    season_word="蛙",
    season_word_english="frog",
)


THANKS = "Thank you."


def poem_after(ask: Compose) -> Poem:
    """Thanks leave the poem as it is."""
    return ask.poem if ask.poem and ask.conversation[-1].text == THANKS else poem_of(ask.conversation[-1].text)


def poem_of(topic: str) -> Poem:
    """A poem nobody else has."""
    first = msgspec.structs.replace(POEM.lines[0], english=f"{topic}:")
    return msgspec.structs.replace(POEM, lines=(first, *POEM.lines[1:]))


def scene_of(number: int) -> Scene:
    return Scene(number, f"description {number}", f"alt {number}", f"代替{number}")


def scenes_of() -> Scenes:
    return Scenes((scene_of(1), scene_of(2), scene_of(3)))


def followers(ask: Ask) -> tuple[Ask, ...]:
    match ask:
        case Compose():
            poem = poem_after(ask)
            return illustrations(poem, ask.seed) if (ask.interrupted if poem == ask.poem else ask.illustrate) else ()
        case Describe():
            return tuple(Paint(scene, "spring", ("古池や",), ask.seed) for scene in scenes_of().scenes)
        case _:
            return ()


def illustrations(poem: Poem, seed: int) -> tuple[Ask, ...]:
    sayings = (Say(number, line.japanese, line.pronunciation) for number, line in enumerate(poem.lines, 1))
    return Describe(poem, seed), *sayings


def answer(ask: Ask) -> msgspec.Struct:
    match ask:
        case Compose():
            return Draft(f"How about this, on {ask.conversation[-1].text}?", poem_after(ask), "test")
        case Describe():
            return scenes_of()
        case Paint():
            return Picture(ask.scene.number, 768, 768, ask.scene.alt, ask.scene.alt_japanese, "test")
        case Say():
            return Recording(ask.number, 1.5, "test")
        case Check():
            return Checked(60, 40, "image/png")
        case _:
            raise AssertionError(ask)


async def submit(pool: Pool, owner: UserId = MEI) -> RequestId:
    """A request with one job that is followed by nothing, and its first event."""
    ask = Compose("rain", (Message("learner", "rain"),), None, 1, illustrate=False)
    submission = Submission(owner, "haiku", new_id(), {}, (ask,))
    async with pool.acquire() as db:
        request_id, _ = await submit_request(db, submission, timedelta(minutes=5), 3)
    return request_id


async def claim(pool: Pool) -> list[ClaimedJob]:
    async with pool.acquire() as db:
        claims = [await claim_jobs(db, queue, list(ASKS), 20, "test", timedelta(seconds=30), 20) for queue in QUEUES]
    return [job for claim in claims for job in claim.jobs]


async def succeed(pool: Pool, storage: Storage, job: ClaimedJob) -> None:
    ask = decode_ask(job.kind, job.input)
    artifact = await store(storage, job, ask) if isinstance(ask, Paint | Say | Check) else None
    result = msgspec.Raw(msgspec.json.encode(answer(ask)))
    ending = Ending("succeeded", result=result, artifact=artifact, paid=PAID, then=followers(ask))
    async with pool.acquire() as db:
        await end_job(db, job.id, job.epoch, ending, max_attempts=3)


async def store(storage: Storage, job: ClaimedJob, ask: Ask) -> Artifact:
    content = f"{job.owner} {job.input}".encode() * 40
    digest = hashlib.sha256(content).hexdigest()
    media_type = {"image.paint": "image/png", "upload.check": "image/jpeg"}.get(ask.kind, "audio/mpeg")
    artifact = ArtifactId(digest)
    key = artifact_key(job.owner, artifact, media_type)
    await storage.put(key, content, media_type)
    result = msgspec.Raw(msgspec.json.encode(answer(ask)))
    return Artifact(artifact, job.owner, key, media_type, len(content), digest, result, PAID)


async def fail(pool: Pool, job: ClaimedJob) -> None:
    ending = Ending("failed", error=Problem("urn:kotonoha:problem:give-up", "It cannot work", "The words were refused."))
    async with pool.acquire() as db:
        await end_job(db, job.id, job.epoch, ending, max_attempts=3)


async def work_off(pool: Pool, storage: Storage) -> None:
    """Until nothing is due."""
    while jobs := await claim(pool):
        for job in jobs:
            await succeed(pool, storage, job)


async def stumble(pool: Pool, times: int = 1) -> list[Event]:
    """Runs of the one job that is due which come to nothing and cost no attempt: two events each."""
    told: list[Event] = []
    for _ in range(times):
        async with pool.acquire() as db:
            claim = await claim_jobs(db, "text", list(ASKS), 1, "test", timedelta(seconds=30), 20)
            (job,) = claim.jobs
            ended = await end_job(db, job.id, job.epoch, Ending("retrying", refund=True), max_attempts=3)
        assert ended is not None
        told += [*claim.events, *ended.events]
    return told


async def end_well(pool: Pool) -> list[Event]:
    """Three events: the one job that is due starts, succeeds, and with it its request."""
    async with pool.acquire() as db:
        claim = await claim_jobs(db, "text", list(ASKS), 1, "test", timedelta(seconds=30), 20)
        (job,) = claim.jobs
        ask = decode_ask(job.kind, job.input)
        ending = Ending("succeeded", result=msgspec.Raw(msgspec.json.encode(answer(ask))), paid=PAID)
        ended = await end_job(db, job.id, job.epoch, ending, max_attempts=3)
    assert ended is not None
    return [*claim.events, *ended.events]
