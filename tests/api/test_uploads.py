"""Uploads: one form for one picture of one learner, and nothing of it is shown before it was checked."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from msgspec.structs import replace

from api.routes.post_form import FIELDS_MAX_BYTES
from core.contracts.ids import UploadId, UserId
from core.contracts.upload import UPLOAD_MAX_BYTES
from core.db.pool import Pool
from core.litter import clear_litter
from core.settings import Settings
from core.storage import quarantine_key
from core.storage.files import Files
from tests.api.conftest import client_of, running
from tests.api.issuer import Issuer
from tests.api.rows import everything_in, files_in
from tests.api.work import claim, fail, work_off

PICTURE = b"the bytes of a picture"


async def start(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/api/uploads", json={"media_type": "image/jpeg"})
    assert answer.status_code == 201, answer.text
    form: dict[str, Any] = answer.json()
    return form


async def send(client: httpx.AsyncClient, form: dict[str, Any], content: bytes = PICTURE, **fields: str) -> httpx.Response:
    file = {"file": ("photo.jpg", content, "image/jpeg")}
    return await client.post(form["url"], data=form["fields"] | fields, files=file)


async def uploaded(client: httpx.AsyncClient) -> str:
    form = await start(client)
    assert (await send(client, form)).status_code == 204
    return f"/api/uploads/{form['id']}"


async def test_a_picture_is_uploaded_checked_and_shown(
    mei: httpx.AsyncClient, nobody: httpx.AsyncClient, pool: Pool, files: Files
) -> None:
    form = await start(mei)
    sent = await send(nobody, form)
    path = f"/api/uploads/{form['id']}"
    waiting = (await mei.get(path)).json()
    asked = await mei.post(f"{path}/check")
    checking = (await mei.get(path)).json()
    await work_off(pool, files)
    accepted = (await mei.get(path)).json()
    picture = await nobody.get(accepted["picture"]["url"])

    assert sent.status_code == 204
    assert (waiting["status"], waiting["picture"], waiting["request"]) == ("waiting", None, None)
    assert asked.status_code == 202
    assert asked.json()["resource"] == path
    assert (checking["status"], checking["picture"]) == ("checking", None)
    assert (accepted["status"], accepted["picture"]["width"]) == ("accepted", 60)
    assert accepted["request"] == asked.headers["location"]
    assert picture.headers["content-type"] == "image/jpeg"
    # What came in is never what is shown.
    assert PICTURE not in picture.content


async def test_what_was_refused_says_why_and_may_be_checked_again(mei: httpx.AsyncClient, pool: Pool) -> None:
    path = await uploaded(mei)
    await mei.post(f"{path}/check")
    (job,) = await claim(pool)
    await fail(pool, job)
    refused = (await mei.get(path)).json()

    assert refused["status"] == "refused"
    assert refused["error"]["detail"] == "The words were refused."
    assert (await mei.post(f"{path}/check")).status_code == 202


async def test_an_upload_is_checked_once(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    path = await uploaded(mei)
    first = await mei.post(f"{path}/check", headers={"Idempotency-Key": "once"})
    again = await mei.post(f"{path}/check", headers={"Idempotency-Key": "once"})
    during = await mei.post(f"{path}/check")
    await work_off(pool, files)

    assert again.json()["id"] == first.json()["id"]
    assert (during.status_code, (await mei.post(f"{path}/check")).status_code) == (409, 409)


async def test_an_upload_of_somebody_else_is_not_there(mei: httpx.AsyncClient, ken: httpx.AsyncClient, pool: Pool) -> None:
    path = await uploaded(mei)
    before = await everything_in(pool)
    answers = [await ken.get(path), await ken.post(f"{path}/check"), await ken.delete(path)]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert await everything_in(pool) == before


FORGED = {
    "another key": {"key": "artifacts/ab/abcd.png"},
    "another type": {"Content-Type": "text/html"},
    "another signature": {"signature": "AAAA"},
    "another policy": {"policy": "e30="},
    "no policy": {"policy": ""},
}


async def test_a_form_is_good_for_what_it_was_signed_for_alone(mei: httpx.AsyncClient, settings: Settings) -> None:
    form = await start(mei)
    answers = {name: await send(mei, form, PICTURE, **fields) for name, fields in FORGED.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(FORGED, 403)
    assert await files_in(settings.media_dir) == []


async def test_what_is_too_large_empty_or_no_form_is_refused(mei: httpx.AsyncClient, settings: Settings) -> None:
    form = await start(mei)
    answers = [
        await send(mei, form, bytes(UPLOAD_MAX_BYTES + 1)),
        await send(mei, form, bytes(UPLOAD_MAX_BYTES + 64 * 1024)),
        await send(mei, form, b""),
        await mei.post(form["url"], data=form["fields"], files={"another": ("a", b"a")}),
        await mei.post(form["url"], content=b"--x", headers={"Content-Type": "multipart/form-data"}),
    ]

    assert [answer.status_code for answer in answers] == [413, 413, 400, 400, 400]
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert await files_in(settings.media_dir) == []


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
async def test_a_form_too_large_is_told_how_much_a_form_may_have(mei: httpx.AsyncClient, content_type: str) -> None:
    form = await start(mei)
    answer = await mei.post(form["url"], content=bytes(9 * 1024 * 1024), headers={"Content-Type": content_type})

    assert answer.status_code == 413
    assert f"more than {UPLOAD_MAX_BYTES + FIELDS_MAX_BYTES} bytes" in answer.json()["detail"]


async def test_a_type_nobody_reads_is_refused(mei: httpx.AsyncClient) -> None:
    answer = await mei.post("/api/uploads", json={"media_type": "image/svg+xml"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/media_type"


async def test_more_uploads_than_an_hour_allows_are_refused(settings: Settings, issuer: Issuer) -> None:
    few = replace(settings, uploads_per_hour=2)
    async with running(few) as app, client_of(app, issuer.token("mei")) as mei:
        answers = [await mei.post("/api/uploads", json={"media_type": "image/png"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 3600


async def test_what_was_uploaded_goes_by_itself(mei: httpx.AsyncClient, pool: Pool, files: Files) -> None:
    path = await uploaded(mei)
    key = quarantine_key(UserId("mei"), UploadId(UUID(path.rpartition("/")[2])))
    early, there = await clear_litter(pool, files), await files.exists(key)
    await pool.execute("UPDATE street.litter SET due_at = due_at - interval '1 hour'")
    await clear_litter(pool, files)

    assert (early, there) == (0, True)
    assert not await files.exists(key)


async def test_a_deleted_upload_takes_its_picture_along(
    mei: httpx.AsyncClient, pool: Pool, files: Files, settings: Settings
) -> None:
    path = await uploaded(mei)
    await mei.post(f"{path}/check")
    await work_off(pool, files)
    url = (await mei.get(path)).json()["picture"]["url"]
    deleted = await mei.delete(path)
    await clear_litter(pool, files)

    assert deleted.status_code == 204
    assert (await mei.get(path)).status_code == 404
    assert (await mei.get(url)).status_code == 404
    assert not [file for file in await files_in(settings.media_dir) if file.suffix == ".jpg"]


async def test_an_erased_learner_has_no_leave_to_upload(mei: httpx.AsyncClient, pool: Pool) -> None:
    await start(mei)
    await mei.delete("/api/me")

    assert await pool.fetchval("SELECT count(*) FROM street.uploads") == 0
