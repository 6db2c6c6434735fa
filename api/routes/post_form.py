"""The form of an upload, posted to the folder of this machine. On AWS it is posted to S3, which keeps the same rules."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from litestar import Request, post
from litestar.datastructures import UploadFile
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import ControllerRouterHandler

from api.body import too_large
from api.provide import Given
from core.contracts.upload import UPLOAD_MAX_BYTES
from core.errors import Forbidden, Invalid, TooLarge, TooSlow
from core.storage.files import Files

FIELDS_MAX_BYTES = 16 * 1024
FORM_SECONDS = 60.0
"""How long the whole of it may take to arrive."""


@post("/uploads", status_code=204, request_max_body_size=UPLOAD_MAX_BYTES + FIELDS_MAX_BYTES, include_in_schema=False)
async def post_form(request: Request[Any, Any, Any], files: Given[Files]) -> None:
    """The signature is the permission: who asked for the form was checked when it was signed."""
    fields = await _read(request)
    permit = files.read_permit(str(fields.get("policy", "")), str(fields.get("signature", "")), datetime.now(UTC))
    if (fields.get("key"), fields.get("Content-Type")) != (permit.key, permit.media_type):
        raise Forbidden("This form was signed for something else.")
    file = fields.get("file")
    if not isinstance(file, UploadFile):
        raise Invalid("There is no file in this form.")
    content = await file.read()
    if not content:
        raise Invalid("The file is empty.")
    if len(content) > permit.most_bytes:
        raise TooLarge("The file is larger than this form allows.")
    await files.put(permit.key, content, permit.media_type)


post_form_routes: list[ControllerRouterHandler] = [post_form]


async def _read(request: Request[Any, Any, Any]) -> Any:
    try:
        async with asyncio.timeout(FORM_SECONDS):
            return await request.form()
    except RequestEntityTooLarge as error:
        raise too_large(request) from error
    except TimeoutError as error:
        raise TooSlow("The form did not come in time.") from error
