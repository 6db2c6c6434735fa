"""A haiku is the fold of its requests: nothing about it is kept but who asked, about what, and the rows of its jobs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from core.contracts.haiku import Compose, Describe, Draft, Message, Poem, Scene, Scenes
from core.contracts.ids import ArtifactId, HaikuId, RequestId
from core.contracts.image import Paint, Picture
from core.contracts.job import Job
from core.contracts.request import Request
from core.contracts.speech import Recording, Say
from core.db.haiku import HaikuRow

Status = Literal["composing", "draft", "illustrating", "succeeded", "failed", "canceled"]
"""`canceled`: the learner stopped the newest request, and something is missing; `draft`: as much as was asked for is there."""

COMPOSING = [Compose.kind]
ILLUSTRATING = [Describe.kind, Paint.kind, Say.kind]
"""Also the kinds whose inputs are folded: which poem, and which line of it."""

_OPEN = frozenset({"queued", "running", "retrying"})

T = TypeVar("T", bound=Struct)


class Said(Struct, frozen=True):
    """One turn of the conversation, and when it was said."""

    role: Literal["learner", "poet"]
    text: str
    at: datetime


class LineMedia(Struct, frozen=True):
    """What was made for one line so far. The jobs are the newest; picture and recording the newest that succeeded."""

    scene: Scene | None = None
    picture_job: Job | None = None
    picture: tuple[Picture, ArtifactId] | None = None
    voice_job: Job | None = None
    voice: tuple[Recording, ArtifactId] | None = None

    @property
    def is_complete(self) -> bool:
        return self.picture is not None and self.voice is not None


class Haiku(Struct, frozen=True):
    """A haiku as its requests tell it, before links are made. `media` has a place for each of three lines, poem or not."""

    id: HaikuId
    topic: str
    status: Status
    draft: Draft | None
    media: tuple[LineMedia, LineMedia, LineMedia]
    messages: tuple[Said, ...]
    newest_request: RequestId | None
    created_at: datetime

    @property
    def conversation(self) -> tuple[Message, ...]:
        return tuple(Message(said.role, said.text) for said in self.messages)

    @property
    def artifacts(self) -> list[ArtifactId]:
        return [made[1] for line in self.media for made in (line.picture, line.voice) if made]


class _Described(Struct):
    poem: Poem


class _Shown(Struct):
    number: int


class _Painted(Struct):
    scene: _Shown
    calligraphy: tuple[str, ...]


class _Spoken(Struct):
    number: int
    text: str


def fold(row: HaikuRow, requests: Sequence[Request]) -> Haiku:
    """`requests` are all that were made for this haiku, oldest first, with the inputs of its ILLUSTRATING jobs."""
    drafts = _newest_drafts(requests)
    jobs = _illustrating(requests, drafts)
    media = (_media(jobs, 1), _media(jobs, 2), _media(jobs, 3))
    return Haiku(
        id=row.id,
        topic=row.topic,
        status=_status(requests, jobs, media, has_poem=bool(drafts)),
        draft=_result(drafts[-1], Draft) if drafts else None,
        media=media,
        messages=tuple(_conversation(requests)),
        newest_request=requests[-1].id if requests else None,
        created_at=row.created_at,
    )


def _status(requests: Sequence[Request], jobs: Sequence[Job], media: Iterable[LineMedia], *, has_poem: bool) -> Status:
    if any(job.kind in COMPOSING and job.status in _OPEN for request in requests for job in request.jobs):
        return "composing"
    if any(job.status in _OPEN for job in jobs):
        return "illustrating"
    last = requests[-1].status if requests else "failed"
    if last == "failed":
        return "failed"
    if all(line.is_complete for line in media):
        return "succeeded"
    if last == "canceled":
        return "canceled"
    return "draft" if has_poem else "failed"


def _newest_drafts(requests: Sequence[Request]) -> list[Job]:
    """The drafts that left the newest poem as it is, oldest first: the one that brought it, and answers since."""
    drafts = (job for request in reversed(requests) for job in reversed(request.jobs) if job.kind in COMPOSING)
    same: list[Job] = []
    for job in drafts:
        if job.status != "succeeded":
            continue
        if same and _poem(job) != _poem(same[0]):
            break
        same.append(job)
    return same[::-1]


def _illustrating(requests: Sequence[Request], drafts: Sequence[Job]) -> list[Job]:
    """The jobs that illustrate the newest poem, oldest first: what followed its drafts, and what was asked for it since."""
    if not drafts:
        return []
    poem, first = _poem(drafts[0]), drafts[0].request_id
    return [job for request in requests if request.id >= first for job in _illustrating_in(request, drafts, poem)]


def _illustrating_in(request: Request, drafts: Sequence[Job], poem: Poem) -> list[Job]:
    if any(_illustrates(job, poem) for job in request.jobs if job.parent is None):
        return list(request.jobs)
    return [job for draft in drafts if draft.request_id == request.id for job in _after(draft, request.jobs)]


def _after(job: Job, siblings: Sequence[Job]) -> list[Job]:
    followers = [other for other in siblings if other.parent == job.id]
    return [found for follower in followers for found in (follower, *_after(follower, siblings))]


def _illustrates(job: Job, poem: Poem) -> bool:
    match job.kind:
        case Describe.kind:
            return _asked(job, _Described).poem == poem
        case Paint.kind:
            painted = _asked(job, _Painted)
            return painted.calligraphy == (poem.lines[painted.scene.number - 1].japanese,)
        case Say.kind:
            spoken = _asked(job, _Spoken)
            return spoken.text == poem.lines[spoken.number - 1].japanese
        case _:
            return False


def _media(jobs: Sequence[Job], number: int) -> LineMedia:
    painting = [job for job in jobs if job.kind == Paint.kind and _asked(job, _Painted).scene.number == number]
    saying = [job for job in jobs if job.kind == Say.kind and _asked(job, _Spoken).number == number]
    return LineMedia(
        scene=_scene([job for job in jobs if job.kind == Describe.kind], number),
        picture_job=painting[-1] if painting else None,
        picture=_newest_file(painting, Picture),
        voice_job=saying[-1] if saying else None,
        voice=_newest_file(saying, Recording),
    )


def _scene(jobs: Sequence[Job], number: int) -> Scene | None:
    described = next((job for job in reversed(jobs) if job.status == "succeeded"), None)
    scenes = _result(described, Scenes).scenes if described else ()
    return next((scene for scene in scenes if scene.number == number), None)


def _newest_file(jobs: Sequence[Job], kind: type[T]) -> tuple[T, ArtifactId] | None:
    for job in reversed(jobs):
        if job.status == "succeeded" and job.artifact is not None:
            return _result(job, kind), job.artifact
    return None


def _conversation(requests: Sequence[Request]) -> Iterator[Said]:
    for request in requests:
        if "text" in request.input:
            yield Said("learner", request.input["text"], request.created_at)
        for job in request.jobs:
            if job.kind in COMPOSING and job.status == "succeeded":
                yield Said("poet", _result(job, Draft).reply, job.finished_at or request.created_at)


def _poem(draft: Job) -> Poem:
    return _result(draft, Draft).poem


def _result(job: Job, kind: type[T]) -> T:
    return msgspec.json.decode(job.result or "null", type=kind)


def _asked(job: Job, kind: type[T]) -> T:
    # Not the ask itself: workers are deployed first and may write fields that this process has not heard of.
    return msgspec.json.decode(job.input or "null", type=kind)
