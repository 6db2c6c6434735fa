"""Uploads: a form for one picture, its check, and the clean picture that comes of it."""

from datetime import datetime, timedelta
from typing import Annotated

from litestar import Response, delete, get, post
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Body, FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from api.fold_upload import Status, Upload, fold_upload
from api.present import RequestView, answer_accepted, request_path
from api.provide import AnyStorage, Given, Learner, Once, Wait
from api.submit import Desk
from core.contracts.ids import UploadId, UserId, new_id
from core.contracts.job import Problem
from core.contracts.request import Submission
from core.contracts.upload import UPLOAD_MAX_BYTES, Check, PictureType
from core.db.artifacts import list_storage_keys
from core.db.litter import note_litter
from core.db.pool import Connection, Pool, connected
from core.db.requests import list_requests_for
from core.db.stop import stop_requests_for
from core.db.uploads import UploadRow, delete_upload, find_upload, insert_upload, lock_upload, mark_asked
from core.errors import Conflict, KeyReused, NotFound, TooMany
from core.limits import Limits
from core.settings import Settings
from core.storage import quarantine_key

FORM_LASTS = timedelta(minutes=5)
WAITS_FOR = timedelta(hours=1)
"""What was uploaded is deleted after that, checked or not: only the clean picture stays."""


class NewUpload(Struct, frozen=True, forbid_unknown_fields=True):
    """What will be sent. What it really is, only the check tells."""

    media_type: PictureType


class NoBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What an Idempotency-Key stands for where nothing is sent."""


class UploadForm(Struct, frozen=True):
    """Where to post the picture: `fields` first, then the file as `file`, in one multipart/form-data. Good until `expires_at`."""

    id: UploadId
    url: str
    fields: dict[str, str]
    most_bytes: int
    expires_at: datetime


class PictureLink(Struct, frozen=True):
    """The clean picture, a JPEG. The link is good until `expires_at`."""

    width: int
    height: int
    url: str
    expires_at: datetime


class UploadView(Struct, frozen=True):
    """An upload. `request` is the path of the newest request to check it, `error` why it was refused."""

    id: UploadId
    status: Status
    picture: PictureLink | None
    error: Problem | None
    request: str | None
    created_at: datetime


DONE_IN_TIME = ResponseSpec(RequestView, description="Over within the time the caller preferred to wait", generate_examples=False)


@post(
    "/api/uploads",
    operation_id="startUpload",
    summary="Get a form to upload a picture with",
    description="Post the picture to `url`, then ask for its check. Nobody sees it before. After an hour it is deleted; "
    "where files are kept in versions, the last of them is destroyed within two days.",
    tags=["uploads"],
    opt={"refuses": [TooMany]},
)
async def start_upload(
    data: Annotated[NewUpload, Body(examples=[Example(summary="A photo", value={"media_type": "image/jpeg"})])],
    learner: Given[Learner],
    pool: Given[Pool],
    storage: Given[AnyStorage],
    settings: Given[Settings],
    limits: Given[Limits],
) -> UploadForm:
    await limits.take(settings.uploads, learner.user_id)
    upload = UploadId(new_id())
    key = quarantine_key(learner.user_id, upload)
    async with connected(pool) as db, db.transaction():
        await insert_upload(db, upload, learner.user_id)
        # Before anybody can put something there.
        await note_litter(db, key, WAITS_FOR)
    form = await storage.form(key, data.media_type, UPLOAD_MAX_BYTES, FORM_LASTS)
    return UploadForm(upload, form.url, form.fields, UPLOAD_MAX_BYTES, form.expires_at)


@post(
    "/api/uploads/{upload_id:uuid}/check",
    status_code=202,
    operation_id="checkUpload",
    summary="Have an uploaded picture checked",
    tags=["uploads"],
    responses={200: DONE_IN_TIME},
    opt={"refuses": [Conflict, KeyReused]},
)
async def check_upload(
    upload_id: FromPath[UploadId], learner: Given[Learner], desk: Given[Desk], once: Given[Once], wait: Given[Wait]
) -> Response[RequestView]:
    owner = learner.user_id
    ask = Check(upload_id, quarantine_key(owner, upload_id))
    submission = Submission(owner, "uploads", upload_id, {}, (ask,), once.key, once.hash(NoBody()))
    async with desk.transaction(owner) as db:
        row = await _lock(db, upload_id, owner)
        accepted = await desk.find_earlier(db, owner, submission.key, submission.hash)
        if accepted is None:
            if (await _fold(db, row, owner)).status in ("checking", "accepted"):
                raise Conflict("This upload is being checked, or was.")
            accepted = await desk.submit(db, submission)
            await mark_asked(db, upload_id)
    await desk.announce(accepted)
    request, waited_seconds = await wait.until_over(accepted.request)
    forecast = await desk.forecaster.foretell(request)
    return answer_accepted(request, forecast, replayed=not accepted.is_new, waited_seconds=waited_seconds)


@get("/api/uploads/{upload_id:uuid}", operation_id="getUpload", summary="Read what came of an upload", tags=["uploads"])
async def get_upload(
    upload_id: FromPath[UploadId],
    learner: Given[Learner],
    pool: Given[Pool],
    storage: Given[AnyStorage],
    settings: Given[Settings],
) -> UploadView:
    owner = learner.user_id
    async with connected(pool) as db:
        row = await find_upload(db, upload_id, owner)
        if row is None:
            raise NotFound("There is no such upload.")
        upload = await _fold(db, row, owner)
        keys = await list_storage_keys(db, [upload.artifact] if upload.artifact else [], owner)
    picture = None
    if upload.checked and upload.artifact in keys:
        link = await storage.link(keys[upload.artifact], upload.artifact, timedelta(seconds=settings.link_seconds))
        picture = PictureLink(upload.checked.width, upload.checked.height, link.url, link.expires_at)
    newest = request_path(upload.newest_request) if upload.newest_request else None
    return UploadView(upload.id, upload.status, picture, upload.error, newest, upload.created_at)


@delete(
    "/api/uploads/{upload_id:uuid}", operation_id="deleteUpload", summary="Delete an upload and its picture", tags=["uploads"]
)
async def remove_upload(upload_id: FromPath[UploadId], learner: Given[Learner], desk: Given[Desk]) -> None:
    async with desk.transaction(learner.user_id) as db:
        await _lock(db, upload_id, learner.user_id)
        events = await stop_requests_for(db, upload_id, learner.user_id)
        await delete_upload(db, upload_id, learner.user_id)
    await desk.tell(events)


uploads_routes: list[ControllerRouterHandler] = [start_upload, check_upload, get_upload, remove_upload]


async def _lock(db: Connection, upload: UploadId, owner: UserId) -> UploadRow:
    row = await lock_upload(db, upload, owner)
    if row is None:
        raise NotFound("There is no such upload.")
    return row


async def _fold(db: Connection, row: UploadRow, owner: UserId) -> Upload:
    return fold_upload(row, await list_requests_for(db, [row.id], owner))
