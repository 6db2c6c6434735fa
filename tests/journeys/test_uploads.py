"""A picture goes through quarantine: what a learner sends is checked by a worker, and only what that drew anew is seen."""

import io
from collections.abc import Callable

import httpx
import pytest
from PIL import Image

from core.contracts.ids import UploadId, UserId
from core.storage import quarantine_key
from tests.journeys.platform import Platform
from tests.journeys.steps import Json, finish, read
from tests.workers.providers.test_uploads import PAGE, SECRET, annotated, archived, bomb, placed


def text() -> bytes:
    return b"I am a picture, honestly." * 20


async def sent(learner: httpx.AsyncClient, stranger: httpx.AsyncClient, content: bytes, media_type: str = "image/png") -> Json:
    """An upload that waits in quarantine."""
    answer = await learner.post("/api/uploads", json={"media_type": media_type})
    assert answer.status_code == 201, answer.text
    form: Json = answer.json()
    file = {"file": ("photo.png", content, media_type)}
    posted = await stranger.post(form["url"], data=form["fields"], files=file)
    assert posted.status_code == 204, posted.text
    return await read(learner, f"/api/uploads/{form['id']}")


async def checked(learner: httpx.AsyncClient, upload: Json) -> tuple[str, Json]:
    """How its check ended, and the upload as it is then."""
    asked = await learner.post(f"/api/uploads/{upload['id']}/check")
    assert asked.status_code == 202, asked.text
    story = await finish(learner, asked.json())
    return story[-1]["type"], await read(learner, f"/api/uploads/{upload['id']}")


async def test_a_photo_is_seen_after_its_check_upright_and_without_its_place(
    anna: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    waiting = await sent(anna, stranger, placed(), "image/jpeg")
    ended, accepted = await checked(anna, waiting)
    picture = await stranger.get(accepted["picture"]["url"])
    shown = Image.open(io.BytesIO(picture.content))

    assert (waiting["status"], waiting["picture"]) == ("waiting", None)
    assert (ended, accepted["status"]) == ("request.succeeded", "accepted")
    assert picture.headers["content-type"] == "image/jpeg"
    assert (shown.format, shown.size) == ("JPEG", (40, 60))
    assert SECRET not in picture.content
    assert b"Exif" not in picture.content


@pytest.mark.parametrize("double", [archived, annotated])
async def test_what_is_a_picture_and_a_page_is_seen_as_a_picture_alone(
    anna: httpx.AsyncClient, stranger: httpx.AsyncClient, double: Callable[[], bytes]
) -> None:
    _, accepted = await checked(anna, await sent(anna, stranger, double()))
    picture = await stranger.get(accepted["picture"]["url"])

    assert accepted["status"] == "accepted"
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert PAGE not in picture.content


@pytest.mark.parametrize(("make", "why"), [(bomb, "169 megapixels"), (text, "no picture")])
async def test_what_is_no_picture_or_too_large_a_one_is_refused_with_the_reason(
    anna: httpx.AsyncClient, stranger: httpx.AsyncClient, make: Callable[[], bytes], why: str
) -> None:
    ended, refused = await checked(anna, await sent(anna, stranger, make()))

    assert (ended, refused["status"], refused["picture"]) == ("request.failed", "refused", None)
    assert why in refused["error"]["detail"]


async def test_nobody_reads_what_waits_in_quarantine(
    anywhere: Platform, anna: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    upload = await sent(anna, stranger, placed(), "image/jpeg")
    owner = await anywhere.fetch("SELECT owner FROM street.uploads WHERE id = $1", upload["id"])
    key = quarantine_key(UserId(owner[0]["owner"]), UploadId(upload["id"]))
    form = (await anna.post("/api/uploads", json={"media_type": "image/jpeg"})).json()
    answers = [await stranger.get(address) for address in (f"{form['url']}/{key}", f"{anywhere.api}/media/{key}")]
    async with await anywhere.learner("bela") as other:
        answers += [await other.get(f"/api/uploads/{upload['id']}"), await other.post(f"/api/uploads/{upload['id']}/check")]

    assert {answer.status_code for answer in answers} <= {403, 404, 405}
    assert not [answer for answer in answers if SECRET in answer.content]
