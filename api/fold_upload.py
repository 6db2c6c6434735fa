"""An upload is the fold of its requests: whether somebody asked to check it, and what was found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from core.contracts.ids import ArtifactId, RequestId, UploadId
from core.contracts.job import Problem
from core.contracts.request import Request
from core.contracts.upload import Check, Checked
from core.db.uploads import UploadRow

Status = Literal["waiting", "checking", "accepted", "refused"]


class Upload(Struct, frozen=True):
    """An upload as its requests tell it, before a link is made."""

    id: UploadId
    status: Status
    checked: Checked | None
    artifact: ArtifactId | None
    error: Problem | None
    newest_request: RequestId | None
    created_at: datetime


def fold_upload(row: UploadRow, requests: Sequence[Request]) -> Upload:
    """`requests` oldest first, with the results of their jobs."""
    newest = requests[-1] if requests else None
    checks = [job for request in requests for job in request.jobs if job.kind == Check.kind]
    done = next((job for job in reversed(checks) if job.status == "succeeded" and job.result and job.artifact), None)
    if done is not None and done.result:
        status: Status = "accepted"
    elif newest is None:
        status = "waiting"
    else:
        status = "refused" if newest.is_over else "checking"
    return Upload(
        id=row.id,
        status=status,
        checked=msgspec.json.decode(done.result, type=Checked) if done and done.result else None,
        artifact=done.artifact if done else None,
        error=newest.error if newest and status == "refused" else None,
        newest_request=newest.id if newest else None,
        created_at=row.created_at,
    )
