"""A haiku as its owner sees it: its fold, with links that expire."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from api.fold_haiku import Haiku, LineMedia, Said, Status
from api.page import Page
from api.present import request_path
from core.contracts.haiku import Line, Season
from core.contracts.ids import ArtifactId, HaikuId, JobId, StorageKey
from core.contracts.image import Picture
from core.contracts.job import Job, JobStatus, Problem
from core.contracts.speech import Mark, Recording
from core.kana import count_morae, romaji
from core.storage import SignedLink, Storage


class PictureView(Struct, frozen=True):
    """A picture and where to fetch it until `expires_at`."""

    url: str
    width: int
    height: int
    alt: str
    alt_japanese: str
    painted_by: str
    expires_at: datetime


class VoiceView(Struct, frozen=True):
    """A recording and where to fetch it until `expires_at`."""

    url: str
    duration_seconds: float
    spoken_by: str
    marks: tuple[Mark, ...]
    expires_at: datetime


class JobStanding(Struct, frozen=True):
    """How the newest job for a part stands, so that a page can offer its retry."""

    id: JobId
    status: JobStatus
    error: Problem | None


class LineView(Struct, frozen=True):
    """One of three lines; what is not there yet is null."""

    number: int
    english: str | None = None
    japanese: str | None = None
    reading: str | None = None
    romaji: str | None = None
    morae: int | None = None
    scene: str | None = None
    picture: PictureView | None = None
    voice: VoiceView | None = None
    picture_job: JobStanding | None = None
    voice_job: JobStanding | None = None


class HaikuView(Struct, frozen=True):
    """A haiku and the conversation it grew out of. `request` is the path of the newest request made for it."""

    id: HaikuId
    topic: str
    status: Status
    season: Season | None
    season_word: str | None
    season_word_english: str | None
    composed_by: str | None
    request: str | None
    lines: tuple[LineView, LineView, LineView]
    messages: tuple[Said, ...]
    created_at: datetime


class HaikuPage(Page, frozen=True):
    """Haiku."""

    items: tuple[HaikuView, ...]


class Linker:
    """Links to artifacts of one learner: `keys` were looked up with their owner."""

    def __init__(self, links: Mapping[ArtifactId, SignedLink]) -> None:
        self._links = links

    @staticmethod
    async def sign(storage: Storage, keys: Mapping[ArtifactId, StorageKey], lasts: timedelta) -> "Linker":
        return Linker({artifact: await storage.link(key, artifact, lasts) for artifact, key in keys.items()})

    def link(self, artifact: ArtifactId) -> SignedLink | None:
        """None when the artifact is gone."""
        return self._links.get(artifact)


def present_haiku(haiku: Haiku, linker: Linker) -> HaikuView:
    poem = haiku.draft.poem if haiku.draft else None
    first, second, third = poem.lines if poem else (None, None, None)
    return HaikuView(
        id=haiku.id,
        topic=haiku.topic,
        status=haiku.status,
        season=poem.season if poem else None,
        season_word=poem.season_word if poem else None,
        season_word_english=poem.season_word_english if poem else None,
        composed_by=haiku.draft.composed_by if haiku.draft else None,
        request=request_path(haiku.newest_request) if haiku.newest_request else None,
        lines=(
            _line(1, first, haiku.media[0], linker),
            _line(2, second, haiku.media[1], linker),
            _line(3, third, haiku.media[2], linker),
        ),
        messages=haiku.messages,
        created_at=haiku.created_at,
    )


def _line(number: int, line: Line | None, media: LineMedia, linker: Linker) -> LineView:
    if line is None:
        return LineView(number)
    return LineView(
        number=number,
        english=line.english,
        japanese=line.japanese,
        reading=line.reading,
        romaji=romaji(line.pronunciation),
        morae=count_morae(line.reading),
        scene=media.scene.description if media.scene else None,
        picture=_picture(*media.picture, linker) if media.picture else None,
        voice=_voice(*media.voice, linker) if media.voice else None,
        picture_job=_standing(media.picture_job),
        voice_job=_standing(media.voice_job),
    )


def _picture(picture: Picture, artifact: ArtifactId, linker: Linker) -> PictureView | None:
    link = linker.link(artifact)
    if link is None:
        return None
    return PictureView(
        url=link.url,
        width=picture.width,
        height=picture.height,
        alt=picture.alt,
        alt_japanese=picture.alt_japanese,
        painted_by=picture.painted_by,
        expires_at=link.expires_at,
    )


def _voice(recording: Recording, artifact: ArtifactId, linker: Linker) -> VoiceView | None:
    link = linker.link(artifact)
    if link is None:
        return None
    return VoiceView(
        url=link.url,
        duration_seconds=recording.duration_seconds,
        spoken_by=recording.spoken_by,
        marks=recording.marks,
        expires_at=link.expires_at,
    )


def _standing(job: Job | None) -> JobStanding | None:
    return JobStanding(job.id, job.status, job.error) if job else None
