"""Pictures and recordings behind signed links: good ones are served in any part, all others lead nowhere."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.routes.media import Part, choose_part
from core.contracts.ids import ArtifactId, StorageKey
from core.db.pool import Pool
from core.settings import Settings
from core.storage.files import Files
from tests.api.rows import files_in
from tests.api.work import work_off


@pytest.fixture
async def picture(mei: httpx.AsyncClient, pool: Pool, files: Files) -> str:
    """A good link to a picture."""
    request = (await mei.post("/api/haiku", json={"topic": "rain"})).json()
    await work_off(pool, files)
    haiku = (await mei.get(request["resource"])).json()
    return str(haiku["lines"][0]["picture"]["url"])


async def test_a_good_link_needs_no_token_and_lasts_a_quarter_of_an_hour(
    nobody: httpx.AsyncClient, picture: str, settings: Settings
) -> None:
    answer = await nobody.get(picture)
    expires_at = datetime.fromtimestamp(int(parse_qs(urlsplit(picture).query)["expires"][0]), UTC)
    stored = [path.read_bytes() for path in await files_in(settings.media_dir)]

    assert answer.status_code == 200
    assert answer.content in stored
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"].startswith("private, max-age=")
    assert timedelta(minutes=14) < expires_at - datetime.now(UTC) <= timedelta(minutes=15)


async def test_a_page_can_look_before_it_fetches(nobody: httpx.AsyncClient, picture: str) -> None:
    whole, head = await nobody.get(picture), await nobody.head(picture)

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["accept-ranges"] == "bytes"


async def test_any_part_can_be_asked_for(nobody: httpx.AsyncClient, picture: str) -> None:
    whole = (await nobody.get(picture)).content
    size = len(whole)
    parts = {"bytes=0-9": (0, 10), "bytes=10-": (10, size), "bytes=-5": (size - 5, size), f"bytes=5-{size * 2}": (5, size)}
    for header, (start, end) in parts.items():
        answer = await nobody.get(picture, headers={"Range": header})

        assert answer.status_code == 206, header
        assert answer.content == whole[start:end], header
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}", header
        assert answer.headers["content-length"] == str(end - start), header


async def test_a_part_that_is_not_there_is_refused(nobody: httpx.AsyncClient, picture: str) -> None:
    size = len((await nobody.get(picture)).content)
    answer = await nobody.get(picture, headers={"Range": f"bytes={size}-"})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:kotonoha:problem:no-such-part"


async def test_a_range_of_another_version_is_answered_with_everything(nobody: httpx.AsyncClient, picture: str) -> None:
    whole = await nobody.get(picture)
    same = await nobody.get(picture, headers={"Range": "bytes=0-9", "If-Range": whole.headers["etag"]})
    other = await nobody.get(picture, headers={"Range": "bytes=0-9", "If-Range": '"other"'})

    assert (same.status_code, len(same.content)) == (206, 10)
    assert (other.status_code, other.content) == (200, whole.content)


async def test_a_picture_that_was_fetched_before_need_not_be_sent_again(nobody: httpx.AsyncClient, picture: str) -> None:
    first = await nobody.get(picture)
    again = await nobody.get(picture, headers={"If-None-Match": first.headers["etag"]})
    other = await nobody.get(picture, headers={"If-None-Match": '"other"'})
    forged = await nobody.get(picture.replace("signature=", "signature=0"), headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert again.headers["cache-control"].startswith("private, max-age=")
    assert (other.status_code, other.content) == (200, first.content)
    assert forged.status_code == 404


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, Part(200, 0, 100)),
        ("bytes=0-0", Part(206, 0, 1)),
        ("bytes=99-", Part(206, 99, 1)),
        ("bytes=100-", Part(416, 0, 0)),
        ("bytes=-0", Part(416, 0, 0)),
        ("bytes=-1000", Part(206, 0, 100)),
        ("bytes=5-4", Part(200, 0, 100)),
        ("bytes=0-1,5-6", Part(200, 0, 100)),
        ("pages=1-2", Part(200, 0, 100)),
        ("bytes=-", Part(200, 0, 100)),
        ("bytes=a-b", Part(200, 0, 100)),
        ("bytes=٣-٤", Part(200, 0, 100)),
        (f"bytes={'9' * 5000}-", Part(200, 0, 100)),
    ],
)
def test_which_part_a_range_means(header: str | None, part: Part) -> None:
    assert choose_part(header, 100) == part


def altered(link: str) -> dict[str, str]:
    parts = urlsplit(link)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    expires, signature = int(query["expires"]), query["signature"]
    flipped = ("0" if signature[0] != "0" else "1") + signature[1:]
    path = parts.path
    other_digits = str(expires).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    return {
        "no signature": f"{path}?expires={expires}",
        "something added": f"{path}?expires={expires}&signature={signature}&x=1",
        "something said twice": f"{path}?expires={expires}&signature={signature}&signature={signature}",
        "no expiry": f"{path}?signature={signature}",
        "nothing": path,
        "a later expiry": f"{path}?expires={expires + 1}&signature={signature}",
        "an expiry spelt otherwise": f"{path}?expires=0{expires}&signature={signature}",
        "an expiry in other digits": f"{path}?expires={other_digits}&signature={signature}",
        "an expiry that is no number": f"{path}?expires=never&signature={signature}",
        "an endless expiry": f"{path}?expires={'9' * 40}&signature={signature}",
        "another signature": f"{path}?expires={expires}&signature={flipped}",
        "an empty signature": f"{path}?expires={expires}&signature=",
        "a cut signature": f"{path}?expires={expires}&signature={signature[:-1]}",
        "a signature that is no ASCII": f"{path}?expires={expires}&signature=署名",
        "another artifact": f"{path[:-1]}{'0' if path[-1] != '0' else '1'}?expires={expires}&signature={signature}",
        "a path that climbs": f"/media/..%2F..%2Fetc%2Fpasswd?expires={expires}&signature={signature}",
        "an artifact with a null": f"/media/%00?expires={expires}&signature={signature}",
    }


async def test_a_forged_or_altered_link_leads_nowhere(nobody: httpx.AsyncClient, picture: str) -> None:
    answers: dict[str, Any] = {name: await nobody.get(link) for name, link in altered(picture).items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert {answer.json()["type"] for answer in answers.values()} == {"urn:kotonoha:problem:not-found"}
    assert len({answer.json()["detail"] for answer in answers.values()}) == 1


async def test_an_expired_link_leads_nowhere(nobody: httpx.AsyncClient, pool: Pool, picture: str, files: Files) -> None:
    key, artifact = await picture_row(pool)
    gone = await files.link(key, artifact, timedelta(seconds=-1))
    good = await files.link(key, artifact, timedelta(seconds=30))

    assert (await nobody.get(gone.url)).status_code == 404
    assert (await nobody.get(good.url)).status_code == 200


async def test_a_link_signed_with_another_secret_leads_nowhere(
    nobody: httpx.AsyncClient, pool: Pool, picture: str, settings: Settings
) -> None:
    key, artifact = await picture_row(pool)
    stranger = Files(settings.media_dir, settings.public_url, "another secret")

    forged = await stranger.link(key, artifact, timedelta(minutes=5))

    assert (await nobody.get(forged.url)).status_code == 404


async def test_a_picture_that_the_version_before_stored_is_shown_as_ever(
    mei: httpx.AsyncClient, nobody: httpx.AsyncClient, pool: Pool, files: Files, picture: str
) -> None:
    key, artifact = await picture_row(pool)
    before = StorageKey(key.replace("artifacts/image/", "artifacts/"))
    await files.put(before, await files.get(key), "image/png")
    await files.delete(key)
    await pool.execute("UPDATE street.artifacts SET storage_key = $1 WHERE hash = $2", before, artifact)

    (haiku,) = (await mei.get("/api/haiku")).json()["items"]
    lines = (await mei.get(f"/api/haiku/{haiku['id']}")).json()["lines"]

    assert before != key
    assert [(await nobody.get(line["picture"]["url"])).status_code for line in lines] == [200, 200, 200]


async def picture_row(pool: Pool) -> tuple[StorageKey, ArtifactId]:
    row = await pool.fetchrow("SELECT storage_key, hash FROM street.artifacts WHERE media_type = 'image/png' LIMIT 1")
    assert row is not None
    return StorageKey(row["storage_key"]), ArtifactId(row["hash"])


async def test_a_good_link_to_a_file_that_is_gone_leads_nowhere(
    nobody: httpx.AsyncClient, picture: str, settings: Settings
) -> None:
    for path in await files_in(settings.media_dir):
        path.unlink()

    assert (await nobody.get(picture)).status_code == 404
